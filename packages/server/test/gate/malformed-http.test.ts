import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallWorld, repositories, type SmallWorld, startTimeout } from './small-world.ts';

// What is no HTTP, or HTTP that two readers could understand differently: refused, and the next request works.

let world: SmallWorld;
let authorization: string;
beforeAll(async () => {
  world = await openSmallWorld();
  authorization = `Authorization: Bearer ${await world.token(world.owner, repositories.community)}`;
}, startTimeout);
afterAll(() => world.close(), startTimeout);

const target = `/v2/${repositories.community}/manifests/latest`;
const lines = (...parts: string[]) => `${parts.join('\r\n')}\r\n\r\n`;
const host = 'Host: gate.test';
const envelope = (message: string) => ({ errors: [{ code: expect.stringMatching(/^[A-Z_]+$/), message }] });

it.each<[string, string, RegExp]>([
  [
    'a length and a transfer encoding',
    `${lines(`POST /token HTTP/1.1`, host, 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    /^HTTP\/1\.1 400 /,
  ],
  ['two lengths', lines(`POST /token HTTP/1.1`, host, 'Content-Length: 4', 'Content-Length: 5'), /^HTTP\/1\.1 400 /],
  ['a length that is no number', lines(`POST /token HTTP/1.1`, host, 'Content-Length: 1e3'), /^HTTP\/1\.1 400 /],
  ['an unknown transfer encoding', lines(`POST /token HTTP/1.1`, host, 'Transfer-Encoding: gzip'), /^HTTP\/1\.1 400 /],
  [
    'chunked twice over',
    `${lines(`POST /token HTTP/1.1`, host, 'Transfer-Encoding: chunked, identity')}0\r\n\r\n`,
    /^HTTP\/1\.1 400 /,
  ],
  ['a chunk without a size', `${lines(`POST /token HTTP/1.1`, host, 'Transfer-Encoding: chunked')}zz\r\n`, /400 /],
  ['no host', lines(`GET ${target} HTTP/1.1`), /^HTTP\/1\.1 400 /],
  ['a space before a colon', lines(`GET ${target} HTTP/1.1`, 'Host : gate.test'), /^HTTP\/1\.1 400 /],
  ['a folded header', lines(`GET ${target} HTTP/1.1`, host, 'X-A: b\r\n c: d'), /^HTTP\/1\.1 (?:400|401) /],
  ['a NUL in a header', lines(`GET ${target} HTTP/1.1`, host, 'X-A: \0'), /^HTTP\/1\.1 400 /],
  ['a header without a name', lines(`GET ${target} HTTP/1.1`, host, ': b'), /^HTTP\/1\.1 400 /],
  ['a head that is too large', lines(`GET ${target} HTTP/1.1`, host, `X-A: ${'a'.repeat(20_000)}`), /^HTTP\/1\.1 431 /],
  [
    'too many headers',
    lines(`GET ${target} HTTP/1.1`, host, ...Array.from({ length: 3000 }, (_, index) => `X-${index}: a`)),
    /^HTTP\/1\.1 431 /,
  ],
  ['no version', lines(`GET ${target}`, host), /^HTTP\/1\.1 40[01] /],
  ['another version', lines(`GET ${target} HTTP/9.9`, host), /^HTTP\/1\.1 400 /],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['no method', lines(`${target} HTTP/1.1`, host), /^HTTP\/1\.1 400 /],
  ['an unknown method', lines(`PULL ${target} HTTP/1.1`, host), /^HTTP\/1\.1 400 /],
  ['a method in lower case', lines(`get ${target} HTTP/1.1`, host), /^HTTP\/1\.1 400 /],
  ['line feeds only', `GET ${target} HTTP/1.1\nHost: gate.test\n\n`, /^HTTP\/1\.1 400 /],
  ['a tunnel', lines('CONNECT registry-1.docker.io:443 HTTP/1.1', host), /^(?:HTTP\/1\.1 4\d\d |$)/],
  ['the whole server', lines('OPTIONS * HTTP/1.1', host, 'Connection: close'), /^HTTP\/1\.1 405 /],
  ['another proxy’s address', lines('GET http://evil.test/ HTTP/1.1', host, 'Connection: close'), /^HTTP\/1\.1 400 /],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /^HTTP\/1\.1 400 /],
  ['noise', '\xff\xfe\xfd\xfc\r\n\r\n', /^HTTP\/1\.1 400 /],
])('%s', async (_, bytes, expected) => {
  world.registry.requests.length = 0;
  const answer = (await world.converse(Buffer.from(bytes, 'latin1'))).toString('latin1');
  expect(answer).toMatch(expected);
  // Whoever reads the body finds the same sentence as in the reason phrase, in the envelope of OCI distribution-spec.
  const [, sentence] = /^HTTP\/1\.1 4(?!05)\d\d ([^\r]+)/.exec(answer) ?? [];
  if (sentence !== undefined) expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject(envelope(sentence));
  expect(world.registry.requests).toEqual([]);
  expect((await world.ask('/healthz')).status).toBe(200);
});

it.each([
  ['a body on GET', `${lines(`GET ${target} HTTP/1.1`, host, authorizationLine(), 'Content-Length: 5')}hello`],
  [
    'a chunked body on GET',
    lines(`GET ${target} HTTP/1.1`, host, authorizationLine(), 'Transfer-Encoding: chunked') +
      '5\r\nhello\r\n0\r\n\r\n',
  ],
  [
    'another method in a header',
    lines(`GET ${target} HTTP/1.1`, host, authorizationLine(), 'X-HTTP-Method-Override: DELETE'),
  ],
  [
    'another target in a header',
    lines(
      `GET ${target} HTTP/1.1`,
      host,
      authorizationLine(),
      'X-Original-URL: /v2/',
      'X-Rewrite-URL: /v2/',
      'X-Forwarded-Prefix: /v2',
    ),
  ],
])('%s changes nothing: the answer is the usual one, and so is the next on the same connection', async (_, bytes) => {
  const next = lines('GET /healthz HTTP/1.1', host, 'Connection: close');
  const answer = (await world.converse(bytes.replace(authorizationLine(), authorization) + next)).toString('latin1');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toContain(world.images[repositories.community]?.root.bytes.toString());
  expect(answer).toMatch(/HTTP\/1\.1 200 OK\r\n[\s\S]*\{"status":"ok"\}$/);
  expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(2);
});

it.each([
  ['HTTP/2', 'Upgrade: h2c'],
  ['web sockets', 'Upgrade: websocket'],
])('a wish to speak %s is passed over', async (_, upgrade) => {
  const bytes = lines(`GET ${target} HTTP/1.1`, host, authorization, 'Connection: Upgrade', upgrade);
  const answer = (await world.converse(bytes, /\}\]\}$/)).toString('latin1');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

/** Put in once there is one: the table is made before the gate is. */
function authorizationLine(): string {
  return 'Authorization: (the owner)';
}

it('requests in one go are answered one by one, each for itself', async () => {
  const ask = (path: string, ...headers: string[]) => lines(`GET ${path} HTTP/1.1`, host, ...headers);
  const bytes =
    ask(target, authorization) + ask(target) + ask('/v2/', authorization) + ask('/v2/', 'Connection: close');
  const answer = (await world.converse(bytes)).toString('latin1');
  expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '401', '200', '401']);
});

it('a credential given twice is one credential: nobody adds a second one behind a proxy’s back', async () => {
  const bytes = lines(
    `GET ${target} HTTP/1.1`,
    host,
    'Authorization: Bearer nonsense',
    authorization,
    'Connection: close',
  );
  expect((await world.converse(bytes)).toString('latin1')).toMatch(/^HTTP\/1\.1 401 /);
});
