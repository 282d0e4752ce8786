import { buildImage, buildReferrer, digestOf, randomBlobImage, type SmallRegistry } from '@pullgate/small-registry';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRegistryUpstream, type RegistryUpstream } from '../../src/upstream/registry-upstream.ts';
import {
  asDigest,
  canary,
  collect,
  failureOf,
  linesOf,
  robot,
  server,
  smallRegistry,
  source,
  upstreamAt,
} from './small-upstream.ts';

const image = buildImage({ files: { hello: 'world' }, platforms: ['linux/amd64', 'linux/arm64'] });
const rootDigest = asDigest(image.root.digest);
const layer = image.layers[0]!;
const layerDigest = asDigest(layer.digest);
const nginx = source('library/nginx');

describe('a registry that everybody may pull from', () => {
  let registry: SmallRegistry;
  let upstream: RegistryUpstream;
  beforeEach(async () => {
    registry = await smallRegistry();
    registry.add('library/nginx', image, ['latest', '1.27']);
    upstream = upstreamAt(registry.url);
  });

  const description = {
    digest: image.root.digest,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    size: image.root.bytes.length,
    stale: false,
  };

  test.each([
    ['a tag', { tag: 'latest' }],
    ['a digest', { digest: rootDigest }],
  ])('describes a manifest by %s with HEAD, which costs no pull', async (_, reference) => {
    expect(await upstream.describeManifest(nginx, reference)).toEqual(description);
    expect(registry.requests.map(({ method }) => method)).toEqual(['HEAD']);
  });

  test('asks with GET, and computes, when HEAD tells no digest', async () => {
    registry.faults.always(/manifests/, { kind: 'digest-header', value: undefined });
    expect(await upstream.describeManifest(nginx, { tag: 'latest' })).toEqual(description);
    expect(registry.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  });

  test.each([
    ['a tag', { tag: 'latest' }],
    ['a digest', { digest: rootDigest }],
  ])('gives a manifest by %s as it is', async (_, reference) => {
    expect(await upstream.manifest(nginx, reference)).toEqual({ ...description, bytes: image.root.bytes });
  });

  test('computes the digest of a tag when the registry tells none that can be verified', async () => {
    registry.faults.always(/manifests/, { kind: 'digest-header', value: 'md5:d41d8cd98f00b204e9800998ecf8427e' });
    expect(await upstream.manifest(nginx, { tag: 'latest' })).toMatchObject({ digest: rootDigest });
  });

  test('takes no header of its client along, and asks for everything but schema 1', async () => {
    await upstream.manifest(nginx, { tag: 'latest' });
    expect(registry.requests[0]?.headers).toEqual({
      host: new URL(registry.url).host,
      connection: 'keep-alive',
      accept:
        'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json',
      'accept-encoding': 'identity',
      'user-agent': 'pullgate',
    });
  });

  test('streams a blob', async () => {
    const { size, chunks } = await upstream.fetchBlob(nginx, layerDigest, 0);
    expect(size).toBe(layer.size);
    expect(digestOf(await collect(chunks))).toBe(layer.digest);
  });

  test('continues a blob in the middle', async () => {
    const { size, chunks } = await upstream.fetchBlob(nginx, layerDigest, 10);
    const whole = Buffer.concat([...layer.read()]);
    expect(size).toBe(layer.size);
    expect(await collect(chunks)).toEqual(whole.subarray(10));
    expect(registry.requests[0]?.headers['range']).toBe('bytes=10-');
  });

  test('lets go of the memory of each chunk when the next one is asked for', async () => {
    const big = randomBlobImage(8 * 1024 * 1024);
    registry.add('library/big', big, ['latest']);
    const { chunks } = await upstream.fetchBlob(source('library/big'), asDigest(big.layers[0]!.digest), 0);
    let before: Uint8Array | undefined;
    let freed = 0;
    for await (const chunk of chunks) {
      expect(chunk.length).toBeGreaterThan(0);
      if (before?.length === 0) freed++;
      before = chunk;
    }
    expect(freed).toBeGreaterThan(0);
  });

  test('ends the request when the reader leaves early', async () => {
    const big = randomBlobImage(64 * 1024 * 1024);
    registry.add('library/big', big, ['latest']);
    const single = upstreamAt(registry.url, { limits: { connections: 1 } });
    const { chunks } = await single.fetchBlob(source('library/big'), asDigest(big.layers[0]!.digest), 0);
    for await (const chunk of chunks) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    // Its only connection is free again.
    expect(await single.describeBlob(nginx, layerDigest)).toBe(layer.size);
  });

  test('continues a blob of unknown size', async () => {
    const origin = await server((_, response) =>
      response.writeHead(206, { 'content-range': 'bytes 5-9/*' }).end('bytes'),
    );
    const { size, chunks } = await upstreamAt(origin).fetchBlob(nginx, layerDigest, 5);
    expect(size).toBeUndefined();
    expect((await collect(chunks)).toString()).toBe('bytes');
  });

  test('tells the size of a blob with HEAD', async () => {
    expect(await upstream.describeBlob(nginx, layerDigest)).toBe(layer.size);
    expect(registry.requests.map(({ method }) => method)).toEqual(['HEAD']);
  });

  test('lists tags page by page', async () => {
    registry.add('library/nginx', image, ['a', 'b', 'c']);
    expect(await upstream.tags(nginx, { limit: 2, last: undefined })).toEqual({ tags: ['1.27', 'a'], next: 'a' });
    expect(await upstream.tags(nginx, { limit: 3, last: 'a' })).toEqual({
      tags: ['b', 'c', 'latest'],
      next: undefined,
    });
    expect(await upstream.tags(nginx, { limit: undefined, last: 'c' })).toEqual({ tags: ['latest'], next: undefined });
    expect(await upstream.tags(nginx, { limit: 0, last: undefined })).toEqual({ tags: [], next: undefined });
  });

  test('lists referrers, and says whether the registry filtered them', async () => {
    const signature = buildReferrer(image.root, 'application/vnd.example.signature');
    registry.add('library/nginx', signature);
    registry.add('library/nginx', buildReferrer(image.root, 'application/vnd.example.sbom'));
    const all = await upstream.referrers(nginx, rootDigest, undefined);
    expect(all.filtered).toBe(false);
    expect(JSON.parse(all.bytes.toString()).manifests).toHaveLength(2);
    const signatures = await upstream.referrers(nginx, rootDigest, 'application/vnd.example.signature');
    expect(signatures.filtered).toBe(true);
    expect(JSON.parse(signatures.bytes.toString()).manifests).toMatchObject([{ digest: signature.root.digest }]);
  });

  test.each<[string, (upstream: RegistryUpstream) => Promise<unknown>]>([
    ['a repository', () => upstream.manifest(source('library/absent'), { tag: 'latest' })],
    ['a tag', () => upstream.describeManifest(nginx, { tag: 'absent' })],
    ['a manifest', () => upstream.manifest(nginx, { digest: layerDigest })],
    ['a blob', () => upstream.describeBlob(nginx, rootDigest)],
    ['the content of a blob', () => upstream.fetchBlob(nginx, rootDigest, 0)],
    ['the tags of a repository', () => upstream.tags(source('library/absent'), { limit: 1, last: undefined })],
    ['the referrers of a repository', () => upstream.referrers(source('library/absent'), rootDigest, undefined)],
  ])('says not-found for %s that is not there', async (_, call) => {
    const { message } = await failureOf(call(upstream), 'not-found');
    expect(message).toMatch(/^registry\.example has no .*, or does not show it to this gate\.$/);
  });

  test.each(['..', '../../other/manifests/latest', 'a/b', 'a?b', 'a#b', 'a b', 'a\\b', '%2e%2e', ''])(
    'asks nothing for what is no tag: %j',
    async (tag) => {
      await failureOf(upstream.manifest(nginx, { tag }), 'not-found');
      expect(registry.requests).toEqual([]);
    },
  );

  test.each(['library/../other', 'library/./nginx', 'library\\..\\other', 'library/%2e%2e/other', 'library/nginx?a=b'])(
    'asks nothing for a repository that an address would fold into another: %s',
    async (path) => {
      await failureOf(upstream.manifest(source(path), { tag: 'latest' }), 'not-found');
      expect(registry.requests).toEqual([]);
    },
  );
});

describe('a registry without a referrers API', () => {
  test('says not-found, so that clients look for the fallback tag', async () => {
    const registry = await smallRegistry({ referrers: false });
    registry.add('library/nginx', image);
    await failureOf(upstreamAt(registry.url).referrers(nginx, rootDigest, undefined), 'not-found');
  });
});

describe('lists of referrers in pages', () => {
  const page = (digest: string): string =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 3 }],
    });
  const digests = ['a', 'b', 'c'].map((hex) => `sha256:${hex.repeat(64)}`);

  test('become one index', async () => {
    const origin = await server(({ url }, response) => {
      const number = Number(new URL(url ?? '', 'http://x').searchParams.get('page') ?? 0);
      response.setHeader('content-type', 'application/vnd.oci.image.index.v1+json');
      if (number < 2) response.setHeader('link', `<https://elsewhere.example/any?page=${number + 1}>; rel="next"`);
      response.end(page(digests[number]!));
    });
    const { bytes } = await upstreamAt(origin).referrers(nginx, rootDigest, undefined);
    expect(JSON.parse(bytes.toString()).manifests.map(({ digest }: { digest: string }) => digest)).toEqual(digests);
  });

  test('that never end are refused', async () => {
    const origin = await server((_, response) => {
      response.setHeader('content-type', 'application/vnd.oci.image.index.v1+json');
      response.setHeader('link', '</v2/?page=1>; rel="next"');
      response.end(page(digests[0]!));
    });
    await failureOf(upstreamAt(origin).referrers(nginx, rootDigest, undefined), 'untrustworthy');
  });
});

describe('a registry that redirects blobs, as Docker Hub does', () => {
  test('is followed, and the other place sees no credential', async () => {
    const storage = await smallRegistry();
    storage.add('acme/web', image);
    const registry = await smallRegistry({
      redirectBlobsTo: storage.url,
      auth: { users: { robot: canary }, privateRepositories: ['acme/web'] },
    });
    registry.add('acme/web', image);
    const upstream = upstreamAt(registry.url, { credentials: () => robot });

    const { chunks } = await upstream.fetchBlob(source('acme/web'), layerDigest, 0);
    expect(digestOf(await collect(chunks))).toBe(layer.digest);
    expect(await upstream.describeBlob(source('acme/web'), layerDigest)).toBe(layer.size);
    const resumed = await upstream.fetchBlob(source('acme/web'), layerDigest, 3);
    expect(await collect(resumed.chunks)).toHaveLength(layer.size - 3);

    expect(linesOf(storage)).toEqual([
      `GET /v2/acme/web/blobs/${layer.digest}`,
      `HEAD /v2/acme/web/blobs/${layer.digest}`,
      `GET /v2/acme/web/blobs/${layer.digest}`,
    ]);
    expect(storage.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined, undefined]);
    expect(storage.requests[2]?.headers['range']).toBe('bytes=3-');
  });

  test('says nothing about the repository when the storage refuses', async () => {
    const storage = await smallRegistry();
    storage.faults.always(/./, { kind: 'status', status: 403 });
    const registry = await smallRegistry({ redirectBlobsTo: storage.url });
    registry.add('library/nginx', image);
    await failureOf(upstreamAt(registry.url).fetchBlob(nginx, layerDigest, 0), 'unavailable');
  });

  test('does not send the credential back to where a redirect returns from elsewhere', async () => {
    let registryUrl = '';
    const elsewhere = await server((_, response) => {
      response.writeHead(307, { location: `${registryUrl}/v2/other/blobs/x` }).end();
    });
    const registry = await smallRegistry({ auth: { users: { robot: canary } }, redirectBlobsTo: elsewhere });
    registryUrl = registry.url;
    registry.add('library/nginx', image);
    const upstream = upstreamAt(registry.url, { credentials: () => robot });
    await upstream.fetchBlob(nginx, layerDigest, 0).catch(() => undefined);
    const returned = registry.requests.filter(({ url }) => url.startsWith('/v2/other/'));
    expect(returned.length).toBeGreaterThan(0);
    // What comes then is a challenge, and its answer is a new request from the beginning.
    expect(returned.map(({ headers }) => headers['authorization'])).toEqual(returned.map(() => undefined));
  });
});

test.each(['https://registry.example/path', 'https://user@registry.example', 'https://registry.example/?a=b'])(
  'an upstream at %s is a mistake in the configuration',
  (url) => {
    const create = () =>
      createRegistryUpstream({
        registry: 'registry.example',
        url,
        credentials: () => undefined,
        allowPrivateAddresses: false,
        allowHttp: false,
      });
    expect(create).toThrow('must be an origin such as https://registry.example');
  },
);
