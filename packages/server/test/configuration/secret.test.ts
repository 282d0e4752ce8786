import { format, inspect } from 'node:util';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Secret } from '../../src/configuration/secret.ts';

const secret = new Secret('hunter2');

test('the text is given only to whoever asks for it', () => {
  expect(secret.reveal()).toBe('hunter2');
});

test.each<[string, string]>([
  ['String()', String(secret)],
  ['a template', `${secret}`],
  ['joining', ['', secret].join('')],
  ['JSON', JSON.stringify({ password: secret })],
  ['inspect', inspect({ password: secret })],
  ['inspect with everything', inspect(secret, { showHidden: true, depth: null, customInspect: false })],
  ['format', format('%s %o %j', secret, secret, secret)],
  ['its keys', JSON.stringify(Object.getOwnPropertyNames(secret))],
  ['an error about it', new Error(`cannot sign in with ${secret}`).message],
])('%s does not show it', (_, printed) => {
  expect(printed).not.toContain('hunter2');
});

test('a log line says that there is a secret', () => {
  const lines: string[] = [];
  pino({}, { write: (line: string) => lines.push(line) }).info({ password: secret }, 'upstream');
  expect(lines.join()).toContain('"password":"[secret]"');
});
