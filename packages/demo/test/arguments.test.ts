import { describe, expect, test } from 'vitest';
import { defaultPort, parseArguments, usage } from '../src/arguments.ts';

describe('arguments', () => {
  test.each([
    ['none', [], { kind: 'run', port: defaultPort, json: false }],
    ['JSON', ['--json'], { kind: 'run', port: defaultPort, json: true }],
    ['a port', ['--port', '0'], { kind: 'run', port: 0, json: false }],
    ['a port with an equals sign', ['--json', '--port=65535'], { kind: 'run', port: 65_535, json: true }],
    ['help', ['--help'], { kind: 'help' }],
    ['help before anything else', ['-h', '--port', 'x'], { kind: 'help' }],
  ] as const)('%s', (_description, words, expected) => {
    expect(parseArguments(words)).toEqual(expected);
  });

  test.each([
    ['an unknown option', ['--prot', '1'], '--prot'],
    ['a word too many', ['serve'], 'serve'],
    ['no port', ['--port'], '--port'],
    ['a port that is no number', ['--port', 'http'], 'a number from 0 to 65535, not "http"'],
    ['a port that is no port', ['--port', '65536'], 'a number from 0 to 65535, not "65536"'],
    ['a negative port', ['--port=-1'], 'a number from 0 to 65535, not "-1"'],
  ] as const)('%s is a mistake, and named', (_description, words, named) => {
    expect(parseArguments(words)).toEqual({ kind: 'mistake', message: expect.stringContaining(named) });
  });

  test('the help tells of every option', () => {
    for (const option of ['--port', '--json', '--help']) expect(usage).toContain(option);
  });
});
