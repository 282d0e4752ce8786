import {
  ambiguousManifest,
  buildImage,
  type Fault,
  foreignLayersManifest,
  oversizeManifest,
  type SmallManifest,
  type SmallRegistry,
  schema1Manifest,
  selfSignedCertificate,
} from '@pullgate/small-registry';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ContentErrorCode } from '../../src/content/content-error.ts';
import { createHttpClient, defaultHttpLimits, type HttpLimits } from '../../src/upstream/http-client.ts';
import type { RegistryUpstream, RegistryUpstreamOptions } from '../../src/upstream/registry-upstream.ts';
import { TransientError } from '../../src/upstream/retry.ts';
import {
  asDigest,
  canary,
  collect,
  failureOf,
  robot,
  server,
  smallRegistry,
  source,
  upstreamAt,
} from './small-upstream.ts';

const image = buildImage({ files: { hello: 'world' } });
const latest = { tag: 'latest' };
const byDigest = { digest: asDigest(image.root.digest) };
const web = source('acme/web');
const config = asDigest(image.config.digest);
const other = buildImage({ files: { other: 'image' } });

let registry: SmallRegistry;
let failures: ContentErrorCode[];
beforeEach(async () => {
  failures = [];
  registry = await smallRegistry({ auth: { users: { robot: canary }, privateRepositories: ['acme/web'] } });
  registry.add('acme/web', image, ['latest']);
});

const upstreamWith = (options: Partial<RegistryUpstreamOptions> = {}): RegistryUpstream =>
  upstreamAt(registry.url, {
    credentials: () => robot,
    onError: (code) => failures.push(code),
    ...options,
  });

type Call = (upstream: RegistryUpstream) => Promise<unknown>;
const byTag: Call = (upstream) => upstream.manifest(web, latest);
const byItsDigest: Call = (upstream) => upstream.manifest(web, byDigest);
const headByTag: Call = (upstream) => upstream.describeManifest(web, latest);
const headByDigest: Call = (upstream) => upstream.describeManifest(web, byDigest);
const tags: Call = (upstream) => upstream.tags(web, { limit: undefined, last: undefined });
const referrers: Call = (upstream) => upstream.referrers(web, byDigest.digest, undefined);
const blobHead: Call = (upstream) => upstream.describeBlob(web, config);
const blob: Call = async (upstream) => collect((await upstream.fetchBlob(web, config, 0)).chunks);
const restOfBlob: Call = async (upstream) => collect((await upstream.fetchBlob(web, config, 5)).chunks);

const wrongDigest = { kind: 'digest-header', value: `sha256:${'0'.repeat(64)}` } as const;
const otherImage = { kind: 'manifest', manifest: other.root } as const;
const withManifest = (manifest: SmallManifest) => ({ kind: 'manifest', manifest }) as const;

describe('a lie is told as such, and nothing of it is passed on', () => {
  test.each<[string, Fault, Call]>([
    ['wrong bytes, by digest', { kind: 'wrong-bytes' }, byItsDigest],
    ['wrong bytes, by tag', { kind: 'wrong-bytes' }, byTag],
    ['another manifest, by digest', otherImage, byItsDigest],
    ['another digest in the header, by digest', wrongDigest, byItsDigest],
    ['another digest in the header, by tag', wrongDigest, byTag],
    ['another digest in the header of HEAD', wrongDigest, headByDigest],
    ['another manifest for HEAD', otherImage, headByDigest],
    ['another digest in the header of a blob', wrongDigest, blobHead],
    ['another digest in the header of the content of a blob', wrongDigest, blob],
    ['a manifest of 5 MiB for HEAD', withManifest(oversizeManifest(image)), headByTag],
    ['an endless manifest', { kind: 'endless-body' }, byTag],
    ['an endless list of tags', { kind: 'endless-body' }, tags],
    ['an endless list of referrers', { kind: 'endless-body' }, referrers],
    ['a manifest of 5 MiB', withManifest(oversizeManifest(image)), byTag],
    ['a compressed manifest', { kind: 'gzip' }, byTag],
    ['a compressed answer to HEAD', { kind: 'gzip' }, headByTag],
    ['a compressed blob', { kind: 'gzip' }, blob],
    ['compressed tags', { kind: 'gzip' }, tags],
    ['schema 1', withManifest(schema1Manifest('acme/web')), byTag],
    ['schema 1 for HEAD', withManifest(schema1Manifest('acme/web')), headByTag],
    ['foreign layers', withManifest(foreignLayersManifest(image, 'https://evil.example/layer')), byTag],
    ['an ambiguous manifest', withManifest(ambiguousManifest(image)), byTag],
    [
      'a type that is not the one in the document',
      withManifest({ ...image.root, mediaType: 'application/vnd.oci.image.index.v1+json' }),
      byTag,
    ],
    ['a web page', withManifest({ ...image.root, mediaType: 'text/html' }), headByTag],
    ['an image for tags', withManifest({ ...image.root, bytes: Buffer.from('{"tags":"latest"}') }), tags],
    ['no JSON for tags', withManifest({ ...image.root, bytes: Buffer.from(`{"tags":${canary}`) }), tags],
    ['an image for referrers', otherImage, referrers],
    ['a redirect to the metadata service', { kind: 'redirect', location: 'http://169.254.169.254/?signature=x' }, blob],
    [
      'a redirect to the metadata service over IPv6',
      { kind: 'redirect', location: 'http://[::ffff:a9fe:a9fe]/' },
      byTag,
    ],
    ['a redirect to a file', { kind: 'redirect', location: 'file:///etc/passwd?signature=x' }, blob],
    ['a redirect with a user name', { kind: 'redirect', location: 'http://a:b@127.0.0.1/?signature=x' }, blob],
    ['a redirect to nowhere', { kind: 'redirect', location: 'http://:signature=' }, blob],
    ['a redirect in a circle', { kind: 'redirect', location: '/v2/acme/web/blobs/x?signature=x' }, blob],
  ])('%s', async (_, fault, call) => {
    registry.faults.always(/\/v2\//, fault);
    await failureOf(call(upstreamWith()), 'untrustworthy');
    expect(failures).toEqual(['untrustworthy']);
  });

  test.each<[string, number, Record<string, string>]>([
    ['from another byte', 206, { 'content-range': 'bytes 4-9/10' }],
    ['that ends early', 206, { 'content-range': 'bytes 5-8/10' }],
    ['without saying which', 206, {}],
    ['in another unit', 206, { 'content-range': 'lines 5-9/10' }],
    ['with another status', 203, { 'content-range': 'bytes 5-9/10' }],
  ])('a part of a blob %s', async (_, status, headers) => {
    const url = await server((_request, response) => response.writeHead(status, headers).end('bytes'));
    await failureOf(restOfBlob(upstreamAt(url)), 'untrustworthy');
  });

  test('a part of a blob that was not asked for', async () => {
    const url = await server((_, response) => response.writeHead(206, { 'content-range': 'bytes 0-4/5' }).end('bytes'));
    await failureOf(blob(upstreamAt(url)), 'untrustworthy');
  });

  test('a five-redirect chain is followed, a sixth is not', async () => {
    const hop = (from: number): Fault => ({ kind: 'redirect', location: `/v2/acme/web/blobs/hop${from}` });
    registry.faults.always(/blobs\/sha256/, hop(1));
    for (const step of [1, 2, 3, 4]) registry.faults.always(new RegExp(`blobs/hop${step}$`), hop(step + 1));
    await failureOf(blob(upstreamWith()), 'not-found');
    registry.faults.always(/blobs\/hop5$/, hop(6));
    await failureOf(blob(upstreamWith()), 'untrustworthy');
  });
});

describe('an upstream that is down, slow or cut off', () => {
  test.each<[string, Fault, Call]>([
    ['sends half of a manifest', { kind: 'short-body' }, byTag],
    ['sends half of a blob', { kind: 'short-body' }, blob],
    ['declares more than it sends', { kind: 'content-length', by: 5 }, byTag],
    ['resets the connection', { kind: 'reset', after: 5 }, byTag],
    ['resets the connection in a blob', { kind: 'reset', after: 5 }, blob],
    ['fails', { kind: 'status', status: 500 }, byTag],
    ['is not available', { kind: 'status', status: 503 }, byTag],
    ['cannot continue a download', { kind: 'status', status: 200 }, restOfBlob],
    ['says that there is no such part of a blob', { kind: 'status', status: 416 }, restOfBlob],
  ])('%s', async (_, fault, call) => {
    registry.faults.always(/./, fault);
    const open = upstreamWith({ retry: { attempts: 1, delayMs: 1, budgetMs: 1 } });
    await failureOf(call(open), 'unavailable');
  });

  test('refuses connections', async () => {
    await registry.close();
    registry.close = async () => {};
    const { message } = await failureOf(byTag(upstreamWith()), 'unavailable');
    expect(message).toBe('registry.example could not be reached (ECONNREFUSED).');
  });

  test.each<[string, Partial<HttpLimits>]>([
    ['does not begin to answer', { headersMs: 100 }],
    ['does not finish signing in, redirecting and answering', { exchangeMs: 100 }],
  ])('%s in time', async (_, limits) => {
    registry.faults.always(/./, { kind: 'hang' });
    const { message } = await failureOf(headByTag(upstreamWith({ limits })), 'unavailable');
    expect(message).toBe('registry.example did not answer in time.');
  });

  test('stops in the middle of a blob', async () => {
    const url = await server((_request, response) => void response.writeHead(200).write('byte'));
    await failureOf(blob(upstreamAt(url, { limits: { idleMs: 100 } })), 'unavailable');
  });

  test('drips a manifest for longer than clients wait', async () => {
    const slow = await smallRegistry({ bytesPerSecond: 20 });
    slow.add('acme/web', image, ['latest']);
    const { message } = await failureOf(byTag(upstreamAt(slow.url, { limits: { exchangeMs: 500 } })), 'unavailable');
    expect(message).toBe('registry.example did not answer in time.');
  });

  test('is not waited for either while every connection is taken', async () => {
    const url = await server((_request, response) => response.writeHead(200, { 'content-length': '10' }).write('a'));
    const upstream = upstreamAt(url, { limits: { connections: 1, exchangeMs: 300 } });
    await upstream.fetchBlob(web, config, 0);
    await failureOf(byTag(upstream), 'unavailable');
  });

  test('that is over before it begins is told at once, also while every connection is taken', async () => {
    const url = await server((_request, response) => response.writeHead(200, { 'content-length': '10' }).write('a'));
    const limits = { ...defaultHttpLimits, connections: 1 };
    const client = createHttpClient({ name: 'it', allowPrivateAddresses: true, allowHttp: true, limits });
    const ask = (signal: AbortSignal) => client.send({ method: 'GET', url: new URL(url), headers: {}, signal });
    await ask(new AbortController().signal);
    await failureOf(ask(AbortSignal.abort(new TransientError('The upstream did not answer in time.'))), 'unavailable');
    await client.close();
  });

  test('may drip a blob for as long as bytes come', async () => {
    const exchangeMs = 1_500;
    const url = await server((_request, response) => {
      response.writeHead(200).write('by');
      setTimeout(() => response.end('tes'), exchangeMs + 100);
    });
    await expect(blob(upstreamAt(url, { limits: { exchangeMs } }))).resolves.toEqual(Buffer.from('bytes'));
  });
});

describe('what is tried again', () => {
  const manifests = () => registry.requests.filter(({ url }) => url.includes('manifests')).length;

  test.each<[string, Fault]>([
    ['502', { kind: 'status', status: 502 }],
    ['503', { kind: 'status', status: 503 }],
    ['504', { kind: 'status', status: 504 }],
    ['a reset', { kind: 'reset', after: 3 }],
    ['half a manifest', { kind: 'short-body' }],
  ])('%s', async (_, fault) => {
    const upstream = upstreamWith();
    await upstream.manifest(web, latest);
    registry.faults.once(/manifests/, fault);
    await expect(upstream.manifest(web, latest)).resolves.toMatchObject({ digest: image.root.digest });
    expect(failures).toEqual([]);
  });

  test.each<[string, Fault, ContentErrorCode]>([
    ['429, which would make it worse', { kind: 'status', status: 429 }, 'rate-limited'],
    ['500', { kind: 'status', status: 500 }, 'unavailable'],
    ['404', { kind: 'status', status: 404 }, 'not-found'],
    ['a lie', { kind: 'wrong-bytes' }, 'untrustworthy'],
  ])('but not %s', async (_, fault, code) => {
    const upstream = upstreamWith();
    await upstream.manifest(web, latest);
    const before = manifests();
    registry.faults.always(/manifests/, fault);
    await failureOf(upstream.manifest(web, latest), code);
    expect(manifests() - before).toBe(1);
  });
});

test.each<[string, string | undefined, number | undefined]>([
  ['seconds', '30', 30],
  ['nothing', undefined, undefined],
])('Retry-After of a 429 is passed on: %s', async (_, retryAfter, expected) => {
  registry.faults.always(/manifests/, { kind: 'status', status: 429, ...(retryAfter && { retryAfter }) });
  const failure = await failureOf(headByTag(upstreamWith()), 'rate-limited');
  expect(failure.retryAfter).toBe(expected);
});

describe('without the permission of the operator', () => {
  test('an upstream on a private address is refused', async () => {
    const upstream = upstreamWith({ allowPrivateAddresses: false });
    const { message } = await failureOf(byTag(upstream), 'untrustworthy');
    expect(message).toContain('private or reserved address');
    expect(registry.requests).toEqual([]);
  });

  test('a name that stands for a private address is refused', async () => {
    const url = registry.url.replace('127.0.0.1', 'localhost');
    const upstream = upstreamAt(url, { allowPrivateAddresses: false });
    await failureOf(byTag(upstream), 'untrustworthy');
    expect(registry.requests).toEqual([]);
  });

  test('an upstream without https is refused', async () => {
    const { message } = await failureOf(byTag(upstreamWith({ allowHttp: false })), 'untrustworthy');
    expect(message).toContain('without https');
    expect(registry.requests).toEqual([]);
  });

  test('a certificate that nobody vouches for is refused', async () => {
    const secure = await smallRegistry({ tls: selfSignedCertificate() });
    const { message } = await failureOf(byTag(upstreamAt(secure.url, { credentials: () => robot })), 'untrustworthy');
    expect(message).toMatch(/^The TLS certificate of registry\.example cannot be trusted \([A-Z0-9_]+\)\.$/);
    expect(secure.requests).toEqual([]);
  });
});

const emptyIndex = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] };

test.each([400, 401, 403, 404, 405, 501])(
  'a further page of referrers that fails with %i is no empty list',
  async (status) => {
    const index = emptyIndex;
    const url = await server((request, response) => {
      if (request.url?.includes('?')) return response.writeHead(status).end();
      const link = `<${request.url}?last=x>; rel="next"`;
      return response.writeHead(200, { 'content-type': index.mediaType, link }).end(JSON.stringify(index));
    });
    await failureOf(referrers(upstreamAt(url)), 'unavailable');
  },
);

const signatures: Call = (upstream) => upstream.referrers(web, byDigest.digest, 'application/vnd.example.signature');

test.each([400, 404, 405, 501])('a registry whose referrers are all answered with %i has none', async (status) => {
  const upstream = upstreamAt(await server((_, response) => response.writeHead(status).end()));
  await failureOf(referrers(upstream), 'not-found');
  await failureOf(signatures(upstream), 'not-found');
});

test.each([
  ['that there are none', signatures, 404],
  ['without a filter', referrers, 501],
] as const)('referrers are not asked for again after an answer %s', async (_, call, status) => {
  let asked = 0;
  const url = await server((_, response) => {
    asked += 1;
    response.writeHead(status).end();
  });
  await failureOf(call(upstreamAt(url)), 'not-found');
  expect(asked).toBe(1);
});

test.each([400, 405, 501])('a filter of referrers that is answered with %i is left out', async (status) => {
  const url = await server((request, response) => {
    if (request.url?.includes('?')) return response.writeHead(status).end();
    return response.writeHead(200, { 'content-type': emptyIndex.mediaType }).end(JSON.stringify(emptyIndex));
  });
  expect(await signatures(upstreamAt(url))).toMatchObject({ filtered: false });
});

test.each([
  ['every page is', true, true],
  ['the first page alone is', false, false],
])('referrers are filtered only when %s', async (_, isSecondFiltered, filtered) => {
  const url = await server((request, response) => {
    const isSecond = request.url?.includes('last=') ?? false;
    const applied = !isSecond || isSecondFiltered ? { 'oci-filters-applied': 'artifactType' } : {};
    const link = isSecond ? {} : { link: `<${request.url}&last=x>; rel="next"` };
    const headers = { 'content-type': emptyIndex.mediaType, ...applied, ...link };
    return response.writeHead(200, headers).end(JSON.stringify(emptyIndex));
  });
  expect(await signatures(upstreamAt(url))).toMatchObject({ filtered });
});
