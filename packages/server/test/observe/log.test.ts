import { describe, expect, test } from 'vitest';
import type { LogLevel } from '../../src/configuration/configuration.ts';
import { type Log, openLog } from '../../src/observe/log.ts';

const canary = 'CanaryDoNotSing42';

function logged(write: (log: Log) => void, level: LogLevel = 'trace'): string {
  const lines: string[] = [];
  write(openLog(level, { write: (line) => lines.push(line) }));
  return lines.join('');
}

class UpstreamError extends Error {
  readonly response = { headers: { 'www-authenticate': 'Bearer', 'set-cookie': [canary] }, token: canary };
}

describe('secrets do not reach the log', () => {
  test.each<[description: string, write: (log: Log) => void]>([
    ['a header', (log) => log.info({ headers: { authorization: `Basic ${canary}` } }, 'request')],
    ['a header in capitals', (log) => log.info({ headers: { Authorization: canary, 'Proxy-Authorization': canary } })],
    ['cookies', (log) => log.info({ cookie: canary, 'set-cookie': [canary] })],
    ['passwords', (log) => log.info({ password: canary, newPassword: canary, passwd: canary, passphrase: canary })],
    ['tokens', (log) => log.info({ token: canary, refresh_token: canary, accessToken: canary, identitytoken: canary })],
    [
      'other secrets',
      (log) => log.info({ clientSecret: canary, private_key: canary, apiKey: canary, credentials: [canary] }),
    ],
    ['a secret that is a whole object', (log) => log.info({ secret: { value: canary } })],
    ['deep down', (log) => log.info({ a: { b: [{ c: { password: canary } }] } })],
    [
      'deeper than anybody looks',
      (log) => log.info({ a: { b: { c: { d: { e: { f: { g: { h: { i: canary } } } } } } } } }),
    ],
    ["a child logger's bindings", (log) => log.child({ token: canary, by: `pgp_${canary}` }).info('pull')],
    ['an error and what hangs on it', (log) => log.error(new UpstreamError(`login with pgp_${canary} failed`))],
    ["an error's cause", (log) => log.error(new Error('failed', { cause: new Error(`token=${canary}`) }))],
    ['an error as a member', (log) => log.error({ err: new UpstreamError(`password: ${canary}`) }, 'failed')],
    ['a personal access token in a message', (log) => log.info(`user sent pgp_${canary}-_x and more`)],
    ['an organization access token in a member', (log) => log.info({ note: `(pgo_${canary})` })],
    ['a token in the middle of a word', (log) => log.info(`%20pgp_${canary}`)],
    [
      'a secret at the place where text is cut',
      (log) => log.info(`${'a '.repeat(4085)}https://u:${canary}@${'x'.repeat(99)}`),
    ],
    ["Docker's own token", (log) => log.info(`dckr_pat_${canary}`)],
    ['a token as the name of a member', (log) => log.info({ [`pgp_${canary}`]: 1 })],
    ['a token put in by interpolation', (log) => log.info('got %s and %j', `pgp_${canary}`, { password: canary })],
    ['a registry token', (log) => log.info(`sent eyJ${canary}.eyJ${canary}.${canary}`)],
    ['a bearer header in a message', (log) => log.info(`Authorization: Bearer ${canary}`)],
    ['a form in a message', (log) => log.info(`body was grant_type=password&username=a&password=${canary}&x=1`)],
    ['a document in a message', (log) => log.info(`body was ${JSON.stringify({ password: canary })}`)],
    ['the query of a path', (log) => log.info({ url: `/token?service=a&access_token=${canary}&scope=b` })],
    [
      'the query of a signed URL',
      (log) => log.info(`GET https://blobs.example/sha256/ab?X-Amz-Signature=${canary}&x=${canary}`),
    ],
    ['the user information of a URL', (log) => log.info({ upstream: `https://user:${canary}@registry.example/v2/` })],
  ])('%s', (_description, write) => {
    const output = logged(write);
    expect(output).not.toContain(canary);
    expect(output).toMatch(/\[redacted\]|\[too deep\]| …/);
  });
});

describe('what is no secret stays readable', () => {
  test.each<[description: string, write: (log: Log) => void, expected: object]>([
    [
      'the message',
      (log) => log.info('listening on http://127.0.0.1:5000/v2/'),
      { msg: 'listening on http://127.0.0.1:5000/v2/' },
    ],
    [
      'an image',
      (log) => log.info({ image: 'docker.io/library/nginx@sha256:ab12' }),
      { image: 'docker.io/library/nginx@sha256:ab12' },
    ],
    ['which token was used', (log) => log.info({ tokenId: 't-1', token_count: 2 }), { tokenId: 't-1', token_count: 2 }],
    ['the kind of a token', (log) => log.info('a pgp_ token'), { msg: 'a pgp_ token' }],
    ['the rest of a form', (log) => log.info('a=1&password=x&b=2'), { msg: 'a=1&password=[redacted]&b=2' }],
    ['where a URL leads', (log) => log.info('https://a.example/b?c=d'), { msg: 'https://a.example/b?[redacted]' }],
    ['numbers, flags and nothing', (log) => log.info({ a: 1, b: true, c: null }), { a: 1, b: true, c: null }],
  ])('%s', (_description, write, expected) => {
    expect(JSON.parse(logged(write))).toMatchObject(expected);
  });

  test('a line has its level by name and its time for people', () => {
    expect(JSON.parse(logged((log) => log.warn('careful')))).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      msg: 'careful',
    });
  });

  test('one entry is one line, whatever is put into it', () => {
    const output = logged((log) => log.info({ agent: 'a\nb' }, 'a\r\n{"level":"fatal"}'));
    expect(output.split('\n')).toHaveLength(2);
  });
});

test('text of any length is cut to what somebody may read', () => {
  expect(logged((log) => log.info('a'.repeat(1e6))).length).toBeLessThan(10_000);
});

test('what is below the level is not written', () => {
  expect(logged((log) => log.info('chatter'), 'warn')).toBe('');
});
