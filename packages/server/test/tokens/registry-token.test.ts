import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRegistryTokens, type RegistryTokens } from '../../src/tokens/registry-token.ts';

const key = new Uint8Array(randomBytes(32));
const issuer = 'https://gate.test';
const service = 'gate.test';
/** A whole second: JWTs know no parts of it. */
const start = 1_800_000_000_000;
const seconds = start / 1000;

let clock = start;
let tokens: RegistryTokens;
beforeAll(async () => {
  tokens = await createRegistryTokens({ key, issuer, service, now: () => clock });
});

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

interface Forgery {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly without?: string;
  readonly key?: Uint8Array;
  readonly hash?: string;
}

/** A token that is right in everything but what is said of it. */
function forge({ header = {}, claims = {}, without = '', key: secret = key, hash = 'sha256' }: Forgery = {}): string {
  const payload: Record<string, unknown> = {
    iss: issuer,
    aud: service,
    sub: 'credential',
    iat: seconds,
    nbf: seconds,
    exp: seconds + 300,
    jti: 'one',
    access: [{ type: 'repository', name: 'library/alpine', actions: ['pull'] }],
    ...claims,
  };
  delete payload[without];
  const signed = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

describe('a registry token', () => {
  it('says for which credential and which repositories it was issued', async () => {
    const verified = await tokens.verify(tokens.issue('credential', ['library/alpine', 'ghcr.io/org/app']));
    expect(verified?.subject).toBe('credential');
    expect([...(verified?.scope ?? [])]).toEqual(['library/alpine', 'ghcr.io/org/app']);
  });

  it('is a JWT of the form that distribution describes', async () => {
    const [header = '', payload = ''] = tokens.issue('credential', ['a/b']).split('.');
    const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(decode(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(decode(payload)).toMatchObject({
      iss: issuer,
      aud: service,
      sub: 'credential',
      exp: seconds + 300,
      nbf: seconds,
    });
    expect(decode(payload).access).toEqual([{ type: 'repository', name: 'a/b', actions: ['pull'] }]);
  });

  it('is another one each time', async () => {
    expect(tokens.issue('credential', [])).not.toBe(tokens.issue('credential', []));
  });

  it.each([
    ['when it was issued', 0, true],
    ['a second before its end', 299_000, true],
    ['within the leeway for clocks', 329_000, true],
    ['after that', 330_000, false],
    ['a day later', 86_400_000, false],
  ])('counts %s, whether or not it was seen before: %i ms: %s', async (_, elapsed, counts) => {
    clock = start;
    const seen = tokens.issue('credential', []);
    const unseen = tokens.issue('credential', []);
    expect(await tokens.verify(seen)).toBeDefined();
    clock = start + elapsed;
    expect((await tokens.verify(seen)) !== undefined).toBe(counts);
    expect((await tokens.verify(unseen)) !== undefined).toBe(counts);
    clock = start;
  });

  it('is verified as the forgeries below are made: the untouched one counts', async () => {
    expect((await tokens.verify(forge()))?.subject).toBe('credential');
  });
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherKey = new Uint8Array(randomBytes(32));

/** Signed with somebody's own key, which the header carries along (CVE-2025-24976). */
function withOwnKey(header: Record<string, unknown>): string {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', ...header })}.${forge().split('.')[1]}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), rsa.privateKey).toString('base64url')}`;
}

const [header = '', payload = '', signature = ''] = forge().split('.');
const jwk = rsa.publicKey.export({ format: 'jwk' });
const oct = { kty: 'oct', k: Buffer.from(otherKey).toString('base64url') };

/** The last character of 32 bytes has two bits that mean nothing. */
function otherSpelling(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) + 1);
}

const forgeries: readonly (readonly [string, string])[] = [
  ['no algorithm, no signature', `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`],
  ['the same signature, spelled otherwise', `${header}.${payload}.${otherSpelling(signature)}`],
  ['no algorithm in another case', `${encode({ alg: 'NONE' })}.${payload}.`],
  ['no algorithm, with the signature', `${encode({ alg: 'none' })}.${payload}.${signature}`],
  ['no header', `.${payload}.${signature}`],
  ['a header without an algorithm', forge({ header: { alg: undefined } })],
  ['HS512 with the right key', forge({ header: { alg: 'HS512' }, hash: 'sha512' })],
  ['HS384 with the right key', forge({ header: { alg: 'HS384' }, hash: 'sha384' })],
  ['RS256 in the header, our key as the secret', forge({ header: { alg: 'RS256' } })],
  ['ES256 in the header, our key as the secret', forge({ header: { alg: 'ES256' } })],
  ['RS256 with a key of its own in jwk', withOwnKey({ jwk })],
  ['RS256 with a certificate of its own in x5c', withOwnKey({ x5c: ['MIIB'] })],
  ['RS256 with a key at an address', withOwnKey({ jku: 'https://evil.test/keys', kid: '1' })],
  ['HS256 with a key of its own in jwk', forge({ header: { jwk: oct }, key: otherKey })],
  [
    'HS256 with a kid that leads to an empty file',
    forge({ header: { kid: '../../../dev/null' }, key: new Uint8Array(1) }),
  ],
  ['an unknown extension that must be understood', forge({ header: { crit: ['exp2'], exp2: 1 } })],
  ['another gate’s key, the same names', forge({ key: otherKey })],
  ['another audience', forge({ claims: { aud: 'registry.docker.io' } })],
  ['an audience that begins like ours', forge({ claims: { aud: `${service}.evil.test` } })],
  ['several audiences, none ours', forge({ claims: { aud: ['a', 'b'] } })],
  ['the audience of refresh tokens', forge({ claims: { aud: `${service}#refresh` } })],
  ['no audience', forge({ without: 'aud' })],
  ['another issuer', forge({ claims: { iss: 'https://evil.test' } })],
  ['the issuer over http', forge({ claims: { iss: 'http://gate.test' } })],
  ['no issuer', forge({ without: 'iss' })],
  ['no subject', forge({ without: 'sub' })],
  ['no end', forge({ without: 'exp' })],
  ['an end that is no number', forge({ claims: { exp: '9999999999' } })],
  ['an end in the past', forge({ claims: { exp: seconds - 31 } })],
  ['a beginning in the future', forge({ claims: { nbf: seconds + 31 } })],
  ['a beginning that is no number', forge({ claims: { nbf: 'now' } })],
  [
    'a payload that was changed',
    `${header}.${encode({ sub: 'admin', iss: issuer, aud: service, exp: seconds + 300 })}.${signature}`,
  ],
  ['a payload that is a list', `${header}.${encode([])}.${signature}`],
  ['a payload that is no JSON', `${header}.${encode('{')}.${signature}`],
  ['a signature cut short', forge().slice(0, -1)],
  ['a signature of nothing', `${header}.${payload}.`],
  ['only two parts', `${header}.${payload}`],
  ['four parts', `${forge()}.x`],
  ['five parts, as of an encrypted token', `${header}..${payload}.${signature}.x`],
  ['a signature with a character too many', `${forge()}A`],
  ['a line break at the end', `${forge()}\n`],
  ['nothing', ''],
  ['two dots', '..'],
  ['something else', 'eyJhbGciOiJub25lIn0'],
  ['no Latin', 'ключ.ключ.ключ'],
  ['a megabyte of dots', '.'.repeat(1_000_000)],
  ['a megabyte that is signed', forge({ claims: { padding: 'x'.repeat(1_000_000) } })],
];

describe('a registry token is refused with', () => {
  it.each(forgeries)('%s', async (_, token) => {
    clock = start;
    // Twice: what was refused once must not be remembered as something else.
    expect(await tokens.verify(token)).toBeUndefined();
    expect(await tokens.verify(token)).toBeUndefined();
  });
});

describe('claims about access that cannot be read give nothing', () => {
  it.each([
    ['none', undefined],
    ['no list', { type: 'repository', name: 'a/b', actions: ['pull'] }],
    ['nothing in it', [null, undefined, 1, 'a/b', []]],
    ['another type', [{ type: 'registry', name: 'catalog', actions: ['*'] }]],
    ['a name that is none', [{ type: 'repository', name: ['a/b'], actions: ['pull'] }]],
  ])('%s', async (_, access) => {
    expect((await tokens.verify(forge({ claims: { access } })))?.scope.size).toBe(0);
  });
});

describe('a refresh token', () => {
  it('names the credential that it was issued for, for as long as that lives', async () => {
    const token = tokens.issueRefresh('credential');
    clock = start + 10 * 365 * 86_400_000;
    expect(await tokens.verifyRefresh(token)).toBe('credential');
    clock = start;
  });

  it('is no registry token, and a registry token is none', async () => {
    expect(await tokens.verify(tokens.issueRefresh('credential'))).toBeUndefined();
    expect(await tokens.verifyRefresh(tokens.issue('credential', []))).toBeUndefined();
  });

  it.each(forgeries.filter(([description]) => description !== 'the audience of refresh tokens'))(
    'is refused with %s',
    async (_, token) => {
      expect(await tokens.verifyRefresh(token)).toBeUndefined();
    },
  );

  it.each([
    ['another key', { key: otherKey }],
    ['another service', { claims: { aud: 'evil.test#refresh' } }],
    ['another issuer', { claims: { iss: 'https://evil.test' } }],
    ['no subject', { without: 'sub' }],
    ['another algorithm', { header: { alg: 'HS512' }, hash: 'sha512' }],
  ] satisfies [string, Forgery][])('is refused with %s although it is for refreshing', async (_, forgery) => {
    const claims = { aud: `${service}#refresh`, ...('claims' in forgery ? forgery.claims : {}) };
    expect(await tokens.verifyRefresh(forge({ ...forgery, claims }))).toBeUndefined();
  });
});

it('a token of a gate with another service or key opens nothing here', async () => {
  const others = [
    await createRegistryTokens({ key: otherKey, issuer, service, now: () => clock }),
    await createRegistryTokens({ key, issuer, service: 'other.test', now: () => clock }),
    await createRegistryTokens({ key, issuer: 'https://other.test', service, now: () => clock }),
  ];
  for (const other of others) {
    expect(await tokens.verify(other.issue('credential', []))).toBeUndefined();
    expect(await tokens.verifyRefresh(other.issueRefresh('credential'))).toBeUndefined();
  }
});
