import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ambiguousManifest,
  buildImage,
  digestOf,
  type Fault,
  foreignLayersManifest,
  oversizeManifest,
  randomBlobImage,
  type SmallRegistry,
  schema1Manifest,
  selfSignedCertificate,
  startSmallRegistry,
} from '../src/index.ts';
import { ask, askRaw, documentOf, type Question, type Reply } from './client.ts';

const image = buildImage({ files: { hello: 'hello' } });
const large = randomBlobImage(300_000);
const layer = large.layers[0]!;
const layerBytes = Buffer.concat([...layer.read()]);

let registry: SmallRegistry;

beforeEach(async () => {
  registry = await startSmallRegistry();
  registry.add('acme/web', image, ['latest']);
  registry.add('acme/large', large, ['latest']);
});

afterEach(() => registry.close());

const manifest = (question?: Question): Promise<Reply> => ask(`${registry.url}/v2/acme/web/manifests/latest`, question);
const blob = (question?: Question): Promise<Reply> =>
  ask(`${registry.url}/v2/acme/large/blobs/${layer.digest}`, question);

describe('switching', () => {
  const broken: Fault = { kind: 'status', status: 500 };

  test('once: the next matching answer only', async () => {
    registry.faults.once(/^GET .*manifests/, broken);
    expect((await manifest({ method: 'HEAD' })).status).toBe(200);
    expect((await manifest()).status).toBe(500);
    expect((await manifest()).status).toBe(200);
  });

  test('always: every matching answer, until cleared', async () => {
    registry.faults.always(/acme\/web/, broken);
    expect((await manifest()).status).toBe(500);
    expect((await manifest()).status).toBe(500);
    expect((await blob()).status).toBe(200);
    registry.faults.clear();
    expect((await manifest()).status).toBe(200);
  });

  test('a fault of content is not used up by an answer without content', async () => {
    registry.faults.once(/web/, { kind: 'wrong-bytes' });
    expect((await ask(`${registry.url}/v2/acme/web/manifests/unknown`)).status).toBe(404);
    expect(digestOf((await manifest()).body)).not.toBe(image.root.digest);
  });

  test('several at once', async () => {
    registry.faults.always(/web/, { kind: 'digest-header', value: undefined });
    registry.faults.always(/web/, { kind: 'delay', ms: 1 });
    expect((await manifest()).headers['docker-content-digest']).toBeUndefined();
  });
});

describe('faults of any answer', () => {
  test.each([401, 403, 404, 429, 500, 502, 503])('status %i', async (status) => {
    registry.faults.once(/./, { kind: 'status', status, retryAfter: '7' });
    const reply = await manifest();
    expect(reply.status).toBe(status);
    expect(reply.headers['retry-after']).toBe('7');
    expect(documentOf(reply)).toMatchObject({ errors: [{ message: expect.any(String) }] });
  });

  test('delay answers in the end', async () => {
    registry.faults.once(/./, { kind: 'delay', ms: 20 });
    expect((await manifest()).status).toBe(200);
  });

  test('hang answers nothing, until the server closes', async () => {
    registry.faults.once(/manifests/, { kind: 'hang' });
    const hanging = expect(manifest()).rejects.toThrow('socket hang up');
    expect((await blob()).status).toBe(200);
    await expect.poll(() => registry.requests.length).toBe(2);
    await registry.close();
    await hanging;
    registry = await startSmallRegistry();
  });

  test('redirect, to anywhere', async () => {
    registry.faults.once(/./, { kind: 'redirect', location: 'http://169.254.169.254/latest' });
    const reply = await manifest();
    expect(reply).toMatchObject({ status: 307, headers: { location: 'http://169.254.169.254/latest' } });
  });

  test('a realm elsewhere', async () => {
    const guarded = await startSmallRegistry({ auth: {} });
    guarded.faults.once(/./, { kind: 'realm', realm: 'https://evil.example/token' });
    const reply = await ask(`${guarded.url}/v2/`);
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toBe(
      'Bearer realm="https://evil.example/token",service="small-registry"',
    );
    await guarded.close();
  });
});

describe('faults of content', () => {
  test('wrong bytes: as many as there should be', async () => {
    registry.faults.once(/./, { kind: 'wrong-bytes' });
    const reply = await blob();
    expect(reply.headers['docker-content-digest']).toBe(layer.digest);
    expect(reply.body).toHaveLength(layer.size);
    expect(reply.body.subarray(1).equals(layerBytes.subarray(1))).toBe(true);
    expect(reply.body[0]).not.toBe(layerBytes[0]);
  });

  test('short body: ends before the length that was declared', async () => {
    registry.faults.once(/./, { kind: 'short-body' });
    await expect(blob()).rejects.toMatchObject({ code: 'ECONNRESET', message: 'aborted' });
    registry.faults.once(/./, { kind: 'short-body' });
    const enough = Math.floor(layer.size / 2);
    const reply = await blob({ enough });
    expect(reply.headers['content-length']).toBe(String(layer.size));
    expect(reply.body.equals(layerBytes.subarray(0, enough))).toBe(true);
  });

  test('reset: the connection breaks', async () => {
    registry.faults.once(/./, { kind: 'reset', after: 1000 });
    await expect(blob()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('endless body: goes on after its end', async () => {
    registry.faults.once(/./, { kind: 'endless-body' });
    const reply = await blob({ enough: layer.size + 1 });
    expect(reply.headers['content-length']).toBeUndefined();
    expect(reply.body.subarray(layer.size, layer.size + 1)).toEqual(layerBytes.subarray(0, 1));
  });

  test('content length: more than there is', async () => {
    registry.faults.once(/./, { kind: 'content-length', by: 5 });
    expect((await manifest({ method: 'HEAD' })).headers['content-length']).toBe(String(image.root.bytes.length + 5));
    registry.faults.once(/./, { kind: 'content-length', by: 5 });
    await expect(manifest()).rejects.toMatchObject({ message: 'aborted' });
  });

  test('content length: less than there is', async () => {
    registry.faults.once(/./, { kind: 'content-length', by: -5 });
    const wire = await askRaw(registry.port, '/v2/acme/web/manifests/latest');
    expect(wire).toContain(`Content-Length: ${image.root.bytes.length - 5}\r\n`);
    expect(wire.endsWith(`\r\n\r\n${image.root.bytes.toString()}`)).toBe(true);
  });

  test('digest header: another one, or none', async () => {
    const digest = digestOf(Buffer.from('other'));
    registry.faults.once(/./, { kind: 'digest-header', value: digest });
    expect((await manifest()).headers['docker-content-digest']).toBe(digest);
    registry.faults.once(/./, { kind: 'digest-header', value: undefined });
    const reply = await manifest({ method: 'HEAD' });
    expect(reply.headers['docker-content-digest']).toBeUndefined();
    expect(reply.headers['content-length']).toBe(String(image.root.bytes.length));
  });

  test('gzip that nobody asked for', async () => {
    registry.faults.once(/./, { kind: 'gzip' });
    const reply = await manifest();
    expect(reply.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(reply.body).equals(image.root.bytes)).toBe(true);
  });

  test.each([
    ['schema 1', schema1Manifest('acme/web'), { schemaVersion: 1 }],
    [
      'foreign layers',
      foreignLayersManifest(image, 'https://evil.example/l'),
      { layers: [{ urls: [expect.any(String)] }] },
    ],
    ['an index and an image at once', ambiguousManifest(image), { manifests: [{}], layers: [{}] }],
    ['too large', oversizeManifest(image), { schemaVersion: 2 }],
  ])('another manifest: %s', async (_description, hostile, document) => {
    registry.faults.always(/./, { kind: 'manifest', manifest: hostile });
    const reply = await manifest();
    expect(reply.headers).toMatchObject({ 'content-type': hostile.mediaType, 'docker-content-digest': hostile.digest });
    expect(digestOf(reply.body)).toBe(hostile.digest);
    expect(documentOf(reply)).toMatchObject(document);
    const head = await manifest({ method: 'HEAD' });
    expect(head.headers['content-length']).toBe(String(reply.body.length));
  });

  test('an oversize manifest is larger than 5 MiB', () => {
    expect(oversizeManifest(image).bytes.length).toBeGreaterThan(5 * 1024 * 1024);
  });
});

describe('over TLS', () => {
  test('a reset breaks the connection too', async () => {
    const tls = selfSignedCertificate();
    const secure = await startSmallRegistry({ tls });
    secure.add('acme/large', large);
    secure.faults.once(/./, { kind: 'reset', after: 1000 });
    const question = { ca: tls.cert };
    await expect(ask(`${secure.url}/v2/acme/large/blobs/${layer.digest}`, question)).rejects.toThrow();
    expect((await ask(`${secure.url}/v2/`, question)).status).toBe(200);
    await secure.close();
  });
});
