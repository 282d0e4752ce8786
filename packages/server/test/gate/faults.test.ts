import {
  ambiguousManifest,
  buildImage,
  buildReferrer,
  type Fault,
  foreignLayersManifest,
  oversizeManifest,
  randomBlobImage,
  type SmallImage,
  schema1Manifest,
} from '@pullgate/small-registry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSmallWorld, repositories, type SmallWorld, startTimeout, type WireAnswer } from './small-world.ts';

// What a client sees of an upstream that fails or lies: a sentence in the registry's own error form, or a connection that
// breaks; never complete wrong bytes, and nothing of it is kept.

let world: SmallWorld;
let counter = 0;
let name: string;
let image: SmallImage;
beforeAll(async () => {
  world = await openSmallWorld({ settings: 'cache: { tag_ttl: 0s }\n' });
}, startTimeout);
afterAll(() => world.close(), startTimeout);

/** A repository of its own for each test, so that nothing is known of it. */
beforeEach(() => {
  name = `acme/image-${++counter}`;
  image = randomBlobImage(150_000, name);
  world.registry.add(name, image, ['latest']);
});
afterEach(() => world.registry.faults.clear());

const manifest = () => `/v2/${name}/manifests/latest`;
const byDigest = () => `/v2/${name}/manifests/${image.root.digest}`;
const blob = () => `/v2/${name}/blobs/${image.layers[0]?.digest}`;
const layerBytes = () => Buffer.concat([...(image.layers[0]?.read() ?? [])]);

const ask = (target: string, method = 'GET') => world.pull(world.member, target, { method });

/** The answer, or that the connection broke. */
const attempt = (target: string) => ask(target).catch(() => 'broken' as const);

function errorOf(answer: WireAnswer): { code: string; message: string } {
  expect(answer.headers['content-type']).toBe('application/json');
  const { errors } = JSON.parse(answer.body.toString());
  expect(errors).toHaveLength(1);
  expect(errors[0].message).toMatch(/^[A-Za-z].{15,}\.$/);
  expect(errors[0].message).not.toContain('127.0.0.1');
  return errors[0];
}

async function expectRecovery(): Promise<void> {
  world.registry.faults.clear();
  const whole = await ask(manifest());
  expect(whole.body.equals(image.root.bytes)).toBe(true);
  expect((await ask(blob())).body.equals(layerBytes())).toBe(true);
}

describe('an upstream that fails', () => {
  const status = (code: number, retryAfter?: string): Fault => ({
    kind: 'status',
    status: code,
    ...(retryAfter !== undefined && { retryAfter }),
  });

  it.each<[string, Fault, number, string, string | undefined]>([
    ['with 500', status(500), 503, 'UNKNOWN', '5'],
    ['with 503', status(503), 503, 'UNKNOWN', '5'],
    ['with 429', status(429), 429, 'TOOMANYREQUESTS', '60'],
    ['with 429 and a time', status(429, '17'), 429, 'TOOMANYREQUESTS', '17'],
    ['with 429 and no sense', status(429, 'soon'), 429, 'TOOMANYREQUESTS', '60'],
    ['with 418', status(418), 503, 'UNKNOWN', '5'],
    ['by showing nothing, 401', status(401), 404, 'UNKNOWN', undefined],
    ['by showing nothing, 403', status(403), 404, 'UNKNOWN', undefined],
    ['by having nothing, 404', status(404), 404, 'UNKNOWN', undefined],
  ])('%s', async (_, fault, expected, code, retryAfter) => {
    world.registry.faults.always(/manifests|blobs|tags/, fault);
    for (const [target, notFound] of [
      [manifest(), 'MANIFEST_UNKNOWN'],
      [byDigest(), 'MANIFEST_UNKNOWN'],
      [blob(), 'BLOB_UNKNOWN'],
      [`/v2/${name}/tags/list`, 'NAME_UNKNOWN'],
    ] as const) {
      const answer = await ask(target);
      expect(answer.status, target).toBe(expected);
      expect(errorOf(answer).code).toBe(expected === 404 ? notFound : code);
      expect(answer.headers['retry-after']).toBe(retryAfter);
      expect(answer.headers['www-authenticate']).toBeUndefined();
      expect((await ask(target, 'HEAD')).status, target).toBe(expected);
    }
    await expectRecovery();
  });

  it('once, but not when it is asked again', async () => {
    world.registry.faults.once(/manifests/, status(503));
    expect((await ask(manifest())).status).toBe(200);
  });

  it('before the first byte of a blob', async () => {
    world.registry.faults.always(/GET .*blobs/, { kind: 'reset', after: 0 });
    const answer = await attempt(blob());
    if (answer !== 'broken') expect([answer.status, errorOf(answer).code]).toEqual([503, 'UNKNOWN']);
    await expectRecovery();
  });

  it('in the middle of a blob, and goes on where it stopped', async () => {
    world.registry.faults.once(/GET .*blobs/, { kind: 'reset', after: 70_000 });
    const answer = await attempt(blob());
    if (answer !== 'broken') expect(answer.body.equals(layerBytes())).toBe(true);
    await expectRecovery();
  });
});

describe('an upstream that lies about a manifest', () => {
  it.each<[string, () => Fault]>([
    ['with other bytes', () => ({ kind: 'wrong-bytes' })],
    ['with half of it', () => ({ kind: 'short-body' })],
    ['with another length', () => ({ kind: 'content-length', by: 7 })],
    ['with another digest in the header', () => ({ kind: 'digest-header', value: `sha256:${'0'.repeat(64)}` })],
    ['compressed', () => ({ kind: 'gzip' })],
    ['without end', () => ({ kind: 'endless-body' })],
    ['of schema 1', () => ({ kind: 'manifest', manifest: schema1Manifest(name) })],
    ['that is both index and image', () => ({ kind: 'manifest', manifest: ambiguousManifest(image) })],
    [
      'that leads elsewhere',
      () => ({ kind: 'manifest', manifest: foreignLayersManifest(image, 'https://evil.test/') }),
    ],
    ['that is too large', () => ({ kind: 'manifest', manifest: oversizeManifest(image) })],
  ])('%s', async (_, fault) => {
    world.registry.faults.always(/GET .*manifests/, fault());
    for (const target of [manifest(), byDigest()]) {
      const answer = await ask(target);
      expect([502, 503], `${answer.status} ${answer.reason}`).toContain(answer.status);
      errorOf(answer);
    }
    await expectRecovery();
  });

  it.each([
    ['no digest', undefined],
    ['a digest that is none', 'sha256:0'],
  ])('in the header only, with %s: the gate computes it, and does not believe it', async (_, value) => {
    world.registry.faults.always(/manifests/, { kind: 'digest-header', value });
    for (const target of [manifest(), byDigest()]) {
      const answer = await ask(target);
      expect([answer.status, answer.headers['docker-content-digest']]).toEqual([200, image.root.digest]);
    }
  });

  it('by digest with another image’s manifest', async () => {
    const other = buildImage({ files: { 'other.txt': name } });
    world.registry.faults.always(/manifests/, { kind: 'manifest', manifest: other.root });
    for (const method of ['GET', 'HEAD']) expect((await ask(byDigest(), method)).status).toBe(502);
    await expectRecovery();
  });
});

describe('an upstream that lies about a blob', () => {
  it.each<[string, Fault]>([
    ['with other bytes', { kind: 'wrong-bytes' }],
    ['with half of it', { kind: 'short-body' }],
    ['with fewer bytes than it says', { kind: 'content-length', by: 7 }],
    ['compressed', { kind: 'gzip' }],
  ])('%s, when the gate does not know its size', async (_, fault) => {
    world.registry.faults.always(/GET .*blobs/, fault);
    for (let time = 0; time < 2; time++) await expectNoLie(blob());
    await expectRecovery();
  });

  it.each<[string, Fault]>([
    ['with other bytes', { kind: 'wrong-bytes' }],
    ['with half of it', { kind: 'short-body' }],
    ['with fewer bytes than it says', { kind: 'content-length', by: 7 }],
    ['compressed', { kind: 'gzip' }],
    ['without end', { kind: 'endless-body' }],
  ])('%s, when the gate knows its size', async (_, fault) => {
    await ask(manifest());
    world.registry.faults.always(/GET .*blobs/, fault);
    for (let time = 0; time < 2; time++) await expectNoLie(blob());
    await expectRecovery();
  });

  /** Complete right bytes are no lie: a download that breaks off is taken up where it stopped. */
  async function expectNoLie(target: string): Promise<void> {
    const answer = await attempt(target);
    if (answer === 'broken') return;
    if (answer.status === 200) expect(answer.body.equals(layerBytes())).toBe(true);
    else {
      expect([502, 503], `${answer.status} ${answer.reason}`).toContain(answer.status);
      errorOf(answer);
    }
  }

  it('whose size the manifest tells otherwise', async () => {
    await ask(manifest());
    world.registry.faults.always(/blobs/, { kind: 'content-length', by: -7 });
    const answer = await attempt(blob());
    if (answer !== 'broken') expect([502, 503]).toContain(answer.status);
    await expectRecovery();
  });
});

describe('an upstream that leads elsewhere', () => {
  const imds = 'http://169.254.169.254/latest/meta-data/';

  it.each<[string, Fault]>([
    ['the metadata of a cloud', { kind: 'redirect', location: imds }],
    ['another scheme', { kind: 'redirect', location: 'file:///etc/passwd' }],
    ['itself, without end', { kind: 'redirect', location: '/v2/acme/nowhere/blobs/again' }],
    ['nowhere', { kind: 'redirect', location: '' }],
  ])('to %s', async (_, fault) => {
    world.registry.faults.always(/./, fault);
    for (const target of [manifest(), blob()]) {
      const answer = await ask(target);
      expect([404, 502, 503]).toContain(answer.status);
      expect(answer.headers.location).toBeUndefined();
      expect(answer.body.toString()).not.toContain('meta-data');
    }
    await expectRecovery();
  });
});

describe('a tag that is known, while the upstream is away', () => {
  it.each<[string, Fault]>([
    ['that does not answer', { kind: 'status', status: 503 }],
    ['that asks to slow down', { kind: 'status', status: 429, retryAfter: '60' }],
  ])('an upstream %s: the last known image, with a warning, and so recorded', async (_, fault) => {
    const before = await ask(manifest());
    expect(before.headers.warning).toBeUndefined();
    world.registry.faults.always(/./, fault);
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(manifest(), method);
      expect([answer.status, answer.headers.warning]).toEqual([200, '110 - "Response is Stale"']);
      expect(answer.headers['docker-content-digest']).toBe(image.root.digest);
      const record = await world.recorded(
        (one) => one.repository === `docker.io/${name}` && one.method === method && one.stale,
      );
      expect(record).toMatchObject({ verdict: 'allow', tag: 'latest', digest: image.root.digest });
    }
    const fresh = await world.recorded((one) => one.repository === `docker.io/${name}` && !one.stale);
    expect(fresh.digest).toBe(image.root.digest);
  });

  it('is decided afresh: what is refused now is not served, however stale', async () => {
    await world.pull(world.owner, `/v2/${repositories.community}/manifests/latest`);
    world.registry.faults.always(/./, { kind: 'status', status: 503 });
    expect((await world.pull(world.owner, `/v2/${repositories.community}/manifests/latest`)).status).toBe(200);
    expect((await ask(`/v2/${repositories.community}/manifests/latest`)).status).toBe(403);
  });

  it('an upstream that says the tag is gone is believed', async () => {
    expect((await ask(manifest())).status).toBe(200);
    world.registry.removeTag(name, 'latest');
    expect((await ask(manifest())).status).toBe(404);
    world.registry.faults.always(/./, { kind: 'status', status: 503 });
    expect((await ask(manifest())).status).toBe(503);
  });
});

describe('a hub that fails', () => {
  it.each<[string, Fault]>([
    ['with 500', { kind: 'status', status: 500 }],
    ['with 429', { kind: 'status', status: 429 }],
    ['with something else', { kind: 'wrong-bytes' }],
  ])('%s: an unknown namespace counts as community, a known one as it was', async (_, fault) => {
    expect((await ask(`/v2/${repositories.verified}/manifests/latest`)).status).toBe(200);
    world.hub.faults.always(/./, fault);
    world.registry.add(`unheard-${counter}/app`, image, ['latest']);
    const answer = await ask(`/v2/unheard-${counter}/app/manifests/latest`);
    expect([answer.status, answer.reason]).toEqual([403, expect.stringContaining('Community')]);
    expect((await ask(`/v2/${repositories.verified}/manifests/latest`)).status).toBe(200);
    world.hub.faults.clear();
  });
});

describe('referrers of an upstream that fails', () => {
  it('are an error in words, not an empty list: a signature must not vanish', async () => {
    const signature = buildReferrer(image.root, 'application/vnd.example.signature');
    world.registry.add(name, signature);
    world.registry.faults.always(/referrers/, { kind: 'status', status: 500 });
    const answer = await ask(`/v2/${name}/referrers/${image.root.digest}`);
    expect([answer.status, errorOf(answer).code]).toEqual([503, 'UNKNOWN']);
  });
});
