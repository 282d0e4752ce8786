import { afterEach, describe, expect, test } from 'vitest';
import {
  buildImage,
  buildReferrer,
  digestOf,
  mediaTypes,
  type SmallRegistry,
  type SmallRegistryOptions,
  startSmallRegistry,
} from '../src/index.ts';
import { ask, askRaw, documentOf } from './client.ts';

const image = buildImage({ files: { hello: 'hello' }, platforms: ['linux/amd64', 'linux/arm64'] });
const layer = image.layers[0]!;
const layerBytes = Buffer.concat([...layer.read()]);
const nowhere = `sha256:${'0'.repeat(64)}`;

const started: SmallRegistry[] = [];

async function start(options: SmallRegistryOptions = {}): Promise<SmallRegistry> {
  const registry = await startSmallRegistry(options);
  started.push(registry);
  registry.add('acme/web', image, ['latest']);
  return registry;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((registry) => registry.close()));
});

describe('pull', () => {
  test.each([
    ['the index by tag', 'manifests/latest', image.index!],
    ['the index by digest', `manifests/${image.index!.digest}`, image.index!],
    ['a manifest by digest', `manifests/${image.manifest.digest}`, image.manifest],
  ])('%s', async (_description, path, expected) => {
    const { url } = await start();
    const reply = await ask(`${url}/v2/acme/web/${path}`);
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({
      'content-type': expected.mediaType,
      'content-length': String(expected.bytes.length),
      'docker-content-digest': expected.digest,
    });
    expect(digestOf(reply.body)).toBe(expected.digest);
  });

  test('a blob', async () => {
    const { url } = await start();
    const reply = await ask(`${url}/v2/acme/web/blobs/${layer.digest}`);
    expect(reply.headers).toMatchObject({ 'docker-content-digest': layer.digest, 'accept-ranges': 'bytes' });
    expect(reply.body).toEqual(layerBytes);
  });

  test.each([
    ['/v2/'],
    ['/v2/acme/web/manifests/latest'],
    [`/v2/acme/web/blobs/${layer.digest}`],
    ['/v2/acme/web/tags/list'],
    [`/v2/acme/web/manifests/${nowhere}`],
  ])('HEAD %s answers as GET does, without the body', async (path) => {
    const { url } = await start();
    const [head, get] = [await ask(url + path, { method: 'HEAD' }), await ask(url + path)];
    expect(head.body).toHaveLength(0);
    expect({ status: head.status, headers: { ...head.headers, date: '' } }).toEqual({
      status: get.status,
      headers: { ...get.headers, date: '' },
    });
  });

  test('part of a blob', async () => {
    const { url } = await start();
    const reply = await ask(`${url}/v2/acme/web/blobs/${layer.digest}`, { headers: { Range: 'bytes=3-9' } });
    expect(reply.status).toBe(206);
    expect(reply.headers).toMatchObject({ 'content-range': `bytes 3-9/${layer.size}`, 'content-length': '7' });
    expect(reply.body).toEqual(layerBytes.subarray(3, 10));
  });

  test('no part past the end of a blob', async () => {
    const { url } = await start();
    const headers = { Range: `bytes=${layer.size}-` };
    const reply = await ask(`${url}/v2/acme/web/blobs/${layer.digest}`, { headers });
    expect(reply.status).toBe(416);
    expect(reply.headers['content-range']).toBe(`bytes */${layer.size}`);
  });

  test.each([
    ['repository', '/v2/acme/other/manifests/latest', 404, 'NAME_UNKNOWN'],
    ['tag', '/v2/acme/web/manifests/other', 404, 'MANIFEST_UNKNOWN'],
    ['manifest', `/v2/acme/web/manifests/${nowhere}`, 404, 'MANIFEST_UNKNOWN'],
    ['blob', `/v2/acme/web/blobs/${nowhere}`, 404, 'BLOB_UNKNOWN'],
    ['path', '/v2/acme/web/uploads', 404, 'NAME_UNKNOWN'],
    ['path that is not folded', '/v2/acme/x/../web/manifests/latest', 404, 'NAME_UNKNOWN'],
  ])('an unknown %s is an error', async (_description, path, status, code) => {
    const { port } = await start();
    const reply = await askRaw(port, path);
    expect(reply).toContain(`HTTP/1.1 ${status} `);
    expect(reply).toContain(`{"errors":[{"code":"${code}"`);
  });

  test('a blob of another repository is unknown', async () => {
    const registry = await start();
    registry.add('acme/api', buildImage({ files: { other: 'other' } }));
    expect((await ask(`${registry.url}/v2/acme/api/blobs/${layer.digest}`)).status).toBe(404);
    expect(registry.blob(layer.digest)).toBe(layer);
  });

  test('nothing can be pushed', async () => {
    const { url } = await start();
    expect((await ask(`${url}/v2/acme/web/blobs/uploads/`, { method: 'POST' })).status).toBe(405);
  });
});

describe('tags', () => {
  test('are listed in order', async () => {
    const registry = await start();
    for (const tag of ['b', 'c', 'a']) registry.setTag('acme/web', tag, image.root.digest);
    const reply = await ask(`${registry.url}/v2/acme/web/tags/list`);
    expect(documentOf(reply)).toEqual({ name: 'acme/web', tags: ['a', 'b', 'c', 'latest'] });
    expect(reply.headers['link']).toBeUndefined();
  });

  test('come in pages that link to the next', async () => {
    const registry = await start();
    for (const tag of ['b', 'c', 'a']) registry.setTag('acme/web', tag, image.root.digest);
    const pages: unknown[] = [];
    let path: string | undefined = '/v2/acme/web/tags/list?n=3';
    while (path !== undefined) {
      const reply = await ask(registry.url + path);
      pages.push(documentOf(reply));
      path = /^<(.+)>; rel="next"$/.exec(reply.headers['link']?.toString() ?? '')?.[1];
    }
    expect(pages).toEqual([
      { name: 'acme/web', tags: ['a', 'b', 'c'] },
      { name: 'acme/web', tags: ['latest'] },
    ]);
  });

  test('none were asked for', async () => {
    const { url } = await start();
    const reply = await ask(`${url}/v2/acme/web/tags/list?n=0`);
    expect(documentOf(reply)).toEqual({ name: 'acme/web', tags: [] });
    expect(reply.headers['link']).toBeUndefined();
  });

  test('move and go', async () => {
    const registry = await start();
    registry.setTag('acme/web', 'latest', image.manifest.digest);
    const moved = await ask(`${registry.url}/v2/acme/web/manifests/latest`);
    expect(moved.headers['docker-content-digest']).toBe(image.manifest.digest);
    registry.removeTag('acme/web', 'latest');
    expect((await ask(`${registry.url}/v2/acme/web/manifests/latest`)).status).toBe(404);
    expect(() => registry.setTag('acme/web', 'latest', nowhere)).toThrow('add it first');
  });
});

describe('referrers', () => {
  const signature = buildReferrer(image.manifest, 'application/vnd.example.signature');
  const sbom = buildReferrer(image.manifest, 'application/vnd.example.sbom');
  const path = `/v2/acme/web/referrers/${image.manifest.digest}`;

  test('are listed, all or of one type', async () => {
    const registry = await start();
    registry.add('acme/web', signature);
    registry.add('acme/web', sbom);
    const all = await ask(registry.url + path);
    expect(all.headers['content-type']).toBe(mediaTypes.oci.index);
    expect(documentOf(all)).toMatchObject({
      manifests: [{ digest: signature.root.digest }, { digest: sbom.root.digest }],
    });
    const some = await ask(`${registry.url}${path}?artifactType=application/vnd.example.sbom`);
    expect(some.headers['oci-filters-applied']).toBe('artifactType');
    expect(documentOf(some)).toMatchObject({ manifests: [{ digest: sbom.root.digest }] });
  });

  test('of nothing are an empty index, and of no digest an error', async () => {
    const { url } = await start();
    expect(documentOf(await ask(url + path))).toMatchObject({ manifests: [] });
    expect((await ask(`${url}/v2/acme/web/referrers/latest`)).status).toBe(400);
  });

  test('are unknown to an old registry', async () => {
    const { url } = await start({ referrers: false });
    expect((await ask(url + path)).status).toBe(404);
  });
});

describe('token authentication', () => {
  const auth = { service: 'hub', users: { olivia: 'secret:word' }, privateRepositories: ['acme/web'] };
  const basic = `Basic ${Buffer.from('olivia:secret:word').toString('base64')}`;
  const scope = 'scope=repository:acme/web:pull&service=hub';

  const tokenOf = async (url: string, headers: Record<string, string> = {}): Promise<string> => {
    const document = documentOf(await ask(`${url}/token?${scope}`, { headers })) as Record<string, string>;
    expect(document['token']).toBe(document['access_token']);
    return document['token'] ?? '';
  };

  const pull = (url: string, token: string) =>
    ask(`${url}/v2/acme/web/manifests/latest`, { headers: { Authorization: `Bearer ${token}` } });

  test('challenges whoever has no token', async () => {
    const { url } = await start({ auth });
    const ping = await ask(`${url}/v2/`);
    expect(ping.status).toBe(401);
    expect(ping.headers['www-authenticate']).toBe(`Bearer realm="${url}/token",service="hub"`);
    const manifest = await ask(`${url}/v2/acme/web/manifests/latest`, { method: 'HEAD' });
    expect(manifest.headers['www-authenticate']).toBe(
      `Bearer realm="${url}/token",service="hub",scope="repository:acme/web:pull"`,
    );
  });

  test('lets in whoever brings a token for the repository', async () => {
    const { url } = await start({ auth });
    const token = await tokenOf(url, { Authorization: basic });
    expect((await pull(url, token)).status).toBe(200);
    expect((await ask(`${url}/v2/`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  test('gives a token to nobody in particular, which does not open a private repository', async () => {
    const { url } = await start({ auth });
    const reply = await pull(url, await tokenOf(url));
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toContain('error="insufficient_scope"');
  });

  test('opens public repositories to everybody', async () => {
    const { url } = await start({ auth: { ...auth, privateRepositories: [] } });
    expect((await pull(url, await tokenOf(url))).status).toBe(200);
  });

  test('gives no token for a wrong password, nor by POST', async () => {
    const { url } = await start({ auth });
    const headers = { Authorization: `Basic ${Buffer.from('olivia:wrong').toString('base64')}` };
    expect((await ask(`${url}/token?${scope}`, { headers })).status).toBe(401);
    expect((await ask(`${url}/token`, { method: 'POST' })).status).toBe(404);
  });

  test('forgets tokens when told to', async () => {
    const registry = await start({ auth });
    const token = await tokenOf(registry.url, { Authorization: basic });
    registry.revokeTokens();
    const reply = await pull(registry.url, token);
    expect(reply.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  test('can live on another server', async () => {
    const { url } = await start({ auth: { ...auth, realm: 'https://auth.example/token' } });
    expect((await ask(`${url}/v2/`)).headers['www-authenticate']).toContain('realm="https://auth.example/token"');
  });
});

describe('as Docker Hub does', () => {
  test('blobs are redirected to another server', async () => {
    const cdn = await start();
    const hub = await start({ redirectBlobsTo: cdn.url });
    const reply = await ask(`${hub.url}/v2/acme/web/blobs/${layer.digest}?ns=docker.io`);
    expect(reply.status).toBe(307);
    const followed = await ask(reply.headers.location ?? '');
    expect(followed.body).toEqual(layerBytes);
    expect(cdn.requests).toHaveLength(1);
  });

  test('GET of a manifest counts as a pull, HEAD does not, and after the last comes 429', async () => {
    const { url } = await start({ pullLimit: { pulls: 1 } });
    const manifest = `${url}/v2/acme/web/manifests/latest`;
    const head = await ask(manifest, { method: 'HEAD' });
    expect(head.headers).toMatchObject({ 'ratelimit-limit': '1;w=21600', 'ratelimit-remaining': '1;w=21600' });
    expect((await ask(manifest)).headers['ratelimit-remaining']).toBe('0;w=21600');
    const refused = await ask(manifest);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('60');
    expect((await ask(manifest, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('the request log', () => {
  test('keeps what was asked, as it was asked', async () => {
    const { url, requests } = await start();
    await ask(`${url}/v2/acme/web/manifests/latest?ns=docker.io`, { method: 'HEAD', headers: { Accept: 'a/b' } });
    expect(requests).toMatchObject([
      { method: 'HEAD', url: '/v2/acme/web/manifests/latest?ns=docker.io', headers: { accept: 'a/b' } },
    ]);
  });
});

describe('a slow registry', () => {
  test('sends the same bytes', async () => {
    const { url } = await start({ bytesPerSecond: 10_000 });
    expect((await ask(`${url}/v2/acme/web/blobs/${layer.digest}`)).body).toEqual(layerBytes);
  });
});
