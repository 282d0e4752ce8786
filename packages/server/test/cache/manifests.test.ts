import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { buildImage, buildReferrer, type SmallRegistry } from '@pullgate/small-registry';
import { beforeEach, describe, expect, it } from 'vitest';
import { createManifestCache } from '../../src/cache/manifest-cache.ts';
import type { Manifest } from '../../src/content/content.ts';
import { maxManifestBytes } from '../../src/content/manifest.ts';
import { asDigest, failureOf, linesOf, smallRegistry, source, upstreamAt } from '../upstream/small-upstream.ts';
import { sha256 } from './fake-upstream.ts';
import { asked, blobPath, openSmallCache, type SmallCache, settled, tagTtl } from './small-cache.ts';

const image = buildImage({ files: { hello: 'world' }, platforms: ['linux/amd64', 'linux/arm64'] });
const { bytes, mediaType } = image.root;
const digest = asDigest(image.root.digest);
const web = source('acme/web');
const latest = { tag: 'latest' };
const path = `/v2/acme/web/manifests/${digest}`;

let registry: SmallRegistry;
let cache: SmallCache;
beforeEach(async () => {
  registry = await smallRegistry();
  registry.add('acme/web', image, ['latest']);
  cache = await openSmallCache({ upstream: upstreamAt(registry.url) });
});

const restart = async (): Promise<void> => {
  await settled(cache);
  cache = await openSmallCache({ upstream: upstreamAt(registry.url), folder: cache.folder });
  registry.requests.length = 0;
};

describe('a manifest', () => {
  it('is served as its digest says, and fetched once', async () => {
    for (let round = 0; round < 3; round++) {
      const manifest = await cache.manifest(web, { digest });
      expect(manifest).toEqual({ digest, mediaType, size: bytes.length, bytes, stale: false });
    }
    expect(linesOf(registry)).toEqual([`GET ${path}`]);
    expect(cache.lookups).toEqual(['miss', 'hit', 'hit']);
  });

  it('is fetched once for many who ask at the same time', async () => {
    const manifests = await Promise.all(Array.from({ length: 20 }, async () => cache.manifest(web, { digest })));
    expect(manifests.every((manifest) => manifest.bytes.equals(bytes))).toBe(true);
    expect(linesOf(registry)).toEqual([`GET ${path}`]);
  });

  it('that could not be fetched is asked for again', async () => {
    registry.faults.always(/manifests/, { kind: 'status', status: 500 });
    await failureOf(cache.manifest(web, { digest }), 'unavailable');
    registry.faults.clear();
    expect((await cache.manifest(web, { digest })).digest).toBe(digest);
  });

  it('that lies is not kept', async () => {
    registry.faults.once(/^GET .*manifests/, { kind: 'wrong-bytes' });
    await failureOf(cache.manifest(web, { digest }), 'untrustworthy');
    await settled(cache);
    expect(cache.store.usedBytes()).toBe(0);
    expect((await cache.manifest(web, { digest })).bytes.equals(bytes)).toBe(true);
  });

  it('is served from memory without its file', async () => {
    await cache.manifest(web, { digest });
    await settled(cache);
    rmSync(blobPath(cache, digest));
    registry.faults.always(/./, { kind: 'status', status: 503 });
    expect((await cache.manifest(web, { digest })).bytes.equals(bytes)).toBe(true);
  });

  it('is served from its file after a restart, and then from memory', async () => {
    await cache.manifest(web, { digest });
    await restart();
    const manifest = await cache.manifest(web, { digest });
    expect(manifest).toEqual({ digest, mediaType, size: bytes.length, bytes, stale: false });
    rmSync(blobPath(cache, digest));
    await cache.manifest(web, { digest });
    expect(registry.requests).toEqual([]);
  });

  it.each<[string, (file: string) => void]>([
    ['cut short', (file) => truncateSync(file, bytes.length - 1)],
    ['emptied', (file) => truncateSync(file, 0)],
    ['made longer', (file) => writeFileSync(file, Buffer.concat([bytes, Buffer.from(' ')]))],
    ['changed', (file) => writeFileSync(file, Buffer.from(bytes.toString().replace('amd64', 'amd65')))],
    ['deleted', (file) => rmSync(file)],
  ])('whose file was %s is fetched again, and its file replaced', async (_how, damage) => {
    await cache.manifest(web, { digest });
    await settled(cache);
    damage(blobPath(cache, digest));
    await restart();
    expect((await cache.manifest(web, { digest })).bytes.equals(bytes)).toBe(true);
    expect(linesOf(registry)).toEqual([`GET ${path}`]);
    await restart();
    expect((await cache.manifest(web, { digest })).bytes.equals(bytes)).toBe(true);
    expect(registry.requests).toEqual([]);
    expect(statSync(blobPath(cache, digest)).size).toBe(bytes.length);
  });

  it('that was evicted is fetched again', async () => {
    await cache.manifest(web, { digest });
    await settled(cache);
    await cache.store.relieve(bytes.length);
    await restart();
    expect((await cache.manifest(web, { digest })).bytes.equals(bytes)).toBe(true);
    expect(linesOf(registry)).toEqual([`GET ${path}`]);
  });
});

describe('HEAD', () => {
  it('of a tag never costs a GET', async () => {
    const description = { digest, mediaType, size: bytes.length, stale: false };
    for (let round = 0; round < 3; round++) {
      expect(await cache.describeManifest(web, latest)).toEqual(description);
      cache.pass(tagTtl);
    }
    expect(new Set(linesOf(registry))).toEqual(new Set(['HEAD /v2/acme/web/manifests/latest']));
  });

  it('of a digest never costs a GET, and is asked for once', async () => {
    for (let round = 0; round < 3; round++) {
      expect(await cache.describeManifest(web, { digest })).toEqual({
        digest,
        mediaType,
        size: bytes.length,
        stale: false,
      });
    }
    expect(linesOf(registry)).toEqual([`HEAD ${path}`]);
  });

  it('of what an index refers to asks the upstream for the type, with HEAD', async () => {
    await cache.manifest(web, { digest });
    registry.requests.length = 0;
    const child = { digest: asDigest(image.manifest.digest) };
    expect(await cache.describeManifest(web, child)).toMatchObject({ mediaType: image.manifest.mediaType });
    expect(linesOf(registry)).toEqual([`HEAD /v2/acme/web/manifests/${child.digest}`]);
  });
});

describe('what is refused once is refused again', () => {
  it('also when its bytes came as a blob, and the registry calls them a manifest', async () => {
    const document = { ...JSON.parse(image.manifest.bytes.toString()), manifests: [] };
    const ambiguous = Buffer.from(JSON.stringify(document));
    const bad = { digest: sha256(ambiguous), mediaType: image.manifest.mediaType, bytes: ambiguous };
    registry.addBlob('acme/web', { ...bad, size: ambiguous.length, read: () => [ambiguous] });
    registry.addManifest('acme/web', bad);
    await cache.pull(web, bad.digest);
    await settled(cache);
    await cache.describeManifest(web, { digest: bad.digest });
    for (let round = 0; round < 3; round++) {
      await failureOf(cache.manifest(web, { digest: bad.digest }), 'untrustworthy');
    }
  });
});

it('a manifest that is served from memory keeps its file while colder ones go', async () => {
  const other = buildImage({ files: { other: 'image' } });
  registry.add('acme/web', other);
  const colder = asDigest(other.root.digest);
  await cache.manifest(web, { digest });
  await settled(cache);
  await cache.manifest(web, { digest: colder });
  await settled(cache);
  await cache.manifest(web, { digest });
  await cache.store.relieve(1);
  expect(await cache.store.stat(digest)).toBe(bytes.length);
  expect(await cache.store.stat(colder)).toBeUndefined();
});

describe('a manifest in memory', () => {
  const manifest: Manifest = { digest, mediaType, size: bytes.length, bytes, stale: false };
  const openMemory = () => createManifestCache(cache.store, (error) => cache.errors.push(error));

  it('is given only to who knows it by the same type: two registries may call it differently', async () => {
    const manifests = openMemory();
    manifests.keep(manifest);
    await Promise.all(manifests.saving);
    expect(manifests.inMemory(digest, mediaType)).toBe(manifest);
    expect(manifests.inMemory(digest, 'another/type')).toBeUndefined();
    expect(await manifests.fromDisk(digest, 'another/type')).toMatchObject({ mediaType: 'another/type' });
  });

  it('is never a blob of many gigabytes', async () => {
    const large = Buffer.alloc(maxManifestBytes + 1);
    const file = await cache.store.create(large.length);
    await file?.handle.writeFile(large);
    await file?.commit(sha256(large), large.length);
    await file?.close();
    expect(await openMemory().fromDisk(sha256(large), mediaType)).toBeUndefined();
  });
});

describe('referrers', () => {
  const subject = asDigest(image.manifest.digest);
  const type = 'application/vnd.example.sbom';
  const referrer = buildReferrer(image.manifest, type);
  const digests = ({ bytes }: { bytes: Buffer }) =>
    JSON.parse(bytes.toString()).manifests.map((manifest: { digest: string }) => manifest.digest);

  beforeEach(() => registry.add('acme/web', referrer));

  it('are asked for once in a while, for each type', async () => {
    expect(digests(await cache.referrers(web, subject, undefined))).toEqual([referrer.root.digest]);
    await cache.referrers(web, subject, undefined);
    expect(asked(registry, 'GET', `referrers/${subject}`)).toBe(1);
    expect(await cache.referrers(web, subject, type)).toMatchObject({ filtered: true });
    cache.pass(tagTtl);
    await cache.referrers(web, subject, undefined);
    expect(asked(registry, 'GET', `referrers/${subject}`)).toBe(2);
  });

  it('are those that were known while the upstream is down, and nobody gets another repository’s', async () => {
    await cache.referrers(web, subject, undefined);
    cache.pass(tagTtl);
    registry.faults.always(/referrers/, { kind: 'status', status: 503 });
    const known = await cache.referrers(web, subject, undefined);
    expect(digests(known)).toEqual([referrer.root.digest]);
    expect(known.stale).toBe(true);
    await failureOf(cache.referrers(web, subject, type), 'unavailable');
    await failureOf(cache.referrers(source('acme/other'), subject, undefined), 'unavailable');
  });

  it('are not those that were known when the upstream says something else', async () => {
    await cache.referrers(web, subject, undefined);
    cache.pass(tagTtl);
    registry.faults.always(/referrers/, { kind: 'status', status: 404 });
    await failureOf(cache.referrers(web, subject, undefined), 'not-found');
    registry.faults.clear();
    registry.faults.always(/referrers/, { kind: 'gzip' });
    await failureOf(cache.referrers(web, subject, undefined), 'untrustworthy');
  });
});

it('tags are listed by the upstream, and its failures are rejections', async () => {
  expect(await cache.tags(web, { limit: undefined, last: undefined })).toEqual({ tags: ['latest'], next: undefined });
  const none = await openSmallCache({ upstream: {} });
  await expect(none.tags(web, { limit: undefined, last: undefined })).rejects.toThrow('no upstream');
});
