import { decodeJwt, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createApiTokens } from '../../src/tokens/api-token.ts';
import { createRegistryTokens } from '../../src/tokens/registry-token.ts';

const key = new Uint8Array(32).fill(7);
const [issuer, service] = ['https://gate.test', 'gate.test'];
const start = 1_800_000_000_000;
const alice = { username: 'alice', uuid: '0ab70deb-065a-43fc-acd5-5d48caa945d8', email: 'alice@acme.test' };
const subject = { kind: 'pat', id: '6f1c0c56-8a53-4d0e-9a57-2f7d5a0b9c11' } as const;

function tokensAt(now = start) {
  return createApiTokens({ key, issuer, service, now: () => now });
}

it('tells Docker’s clients what they read, and when it ends', async () => {
  const claims = decodeJwt(await tokensAt().issue(subject, alice, 600));
  expect(claims).toMatchObject({
    iss: issuer,
    sub: `pat:${subject.id}`,
    iat: start / 1000,
    nbf: start / 1000,
    exp: start / 1000 + 600,
    'https://hub.docker.com': { ...alice, session_id: subject.id, source: 'pat' },
  });
  expect(claims.jti).toEqual(expect.any(String));
});

it.each(['pat', 'oat', 'session'] as const)('names the %s that it was issued for', async (kind) => {
  const token = await tokensAt().issue({ kind, id: 'x-1' }, alice, 600);
  expect(await tokensAt().verify(token)).toEqual({ kind, id: 'x-1' });
});

it.each([
  ['a second before', 599, true],
  ['within the leeway, since Terraform uses it until the second it ends', 659, true],
  ['after the leeway', 661, false],
  ['before it was issued, beyond the leeway', -61, false],
])('is taken until it ends: %s', async (_when, seconds, valid) => {
  const token = await tokensAt().issue(subject, alice, 600);
  expect((await tokensAt(start + seconds * 1000).verify(token)) !== undefined).toBe(valid);
});

describe('what is no token of this API', () => {
  const sign = (claims: object, by = key, header: object = {}) =>
    new SignJWT({ exp: start / 1000 + 600, iss: issuer, aud: `${service}#api`, sub: 'pat:1', ...claims })
      .setProtectedHeader({ alg: 'HS256', ...header })
      .sign(by);

  it('would be one as it is built here', async () => {
    expect(await tokensAt().verify(await sign({}))).toEqual({ kind: 'pat', id: '1' });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['another key', () => sign({}, new Uint8Array(32).fill(8))],
    ['another audience', () => sign({ aud: service })],
    ['another issuer', () => sign({ iss: 'https://evil.test' })],
    ['no end', () => sign({ exp: undefined })],
    ['no subject', () => sign({ sub: undefined })],
    ['a subject of another kind', () => sign({ sub: 'person:1' })],
    ['a bare id', () => sign({ sub: '1' })],
    ['another algorithm', () => sign({}, new Uint8Array(64).fill(7), { alg: 'HS512' })],
    ['no signature', async () => `${(await sign({})).split('.').slice(0, 2).join('.')}.`],
    ['white space around it', async () => ` ${await sign({})}`],
    ['a great length', () => `${'a'.repeat(5000)}.b.c`],
    ['nothing', () => ''],
    ['an access token', () => 'pgp_0000000000000000000000000000000000'],
  ])('is refused: %s', async (_what, make) => {
    expect(await tokensAt().verify(await make())).toBeUndefined();
  });

  it('is a registry token, nor the other way round', async () => {
    const registry = await createRegistryTokens({ key, issuer, service, now: () => start });
    expect(await tokensAt().verify(registry.issue('pat:1', []))).toBeUndefined();
    expect(await tokensAt().verify(registry.issueRefresh('pat:1'))).toBeUndefined();
    const token = await tokensAt().issue(subject, alice, 600);
    expect(await registry.verify(token)).toBeUndefined();
    expect(await registry.verifyRefresh(token)).toBeUndefined();
  });
});
