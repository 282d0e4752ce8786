import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBlobImage, type SmallRegistry } from '@pullgate/small-registry';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { BlobStore } from '../../src/cache/blob-store.ts';
import { asDigest, collect, failureOf, smallRegistry, source, upstreamAt } from '../upstream/small-upstream.ts';
import { bodyOf, fakeUpstream, pattern, sha256 } from './fake-upstream.ts';
import {
  asked,
  blobPath,
  eventually,
  expectNothingLeft,
  openSmallCache,
  settled,
  temporaryFolder,
} from './small-cache.ts';

const mebibyte = 1024 * 1024;
const image = randomBlobImage(6 * mebibyte);
const [layer] = image.layers;
if (!layer) throw new Error('The image has no layer.');
const digest = asDigest(layer.digest);
const web = source('acme/web');

let registry: SmallRegistry;
beforeEach(async () => {
  registry = await smallRegistry();
  registry.add('acme/web', image, ['latest']);
});
const upstream = () => upstreamAt(registry.url);
const fetched = () => asked(registry, 'GET', digest);

/** A disk that is full while the test says so. */
function fillingDisk() {
  const disk = { isFull: true };
  const store = (own: BlobStore): BlobStore => ({
    ...own,
    async create(size) {
      const file = await own.create(size);
      if (!file || !disk.isFull) return file;
      const handle = new Proxy(file.handle, {
        get(target, name) {
          if (name === 'writev' || name === 'writeFile') return refuse;
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      return { ...file, handle };
    },
  });
  return { disk, store };
}

async function refuse(): Promise<never> {
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}

describe('a full disk', () => {
  it('costs the entry; every reader gets every byte, and the next one is cached again', async () => {
    const { disk, store } = fillingDisk();
    const cache = await openSmallCache({ upstream: upstream(), store });
    const pulls = await Promise.all([cache.pull(web, digest), cache.pull(web, digest)]);
    expect(pulls.map(sha256)).toEqual([digest, digest]);
    await settled(cache);
    expect(cache.errors).toMatchObject([{ code: 'ENOSPC' }]);
    expect(cache.store.usedBytes()).toBe(0);

    disk.isFull = false;
    expect(sha256(await cache.pull(web, digest))).toBe(digest);
    await settled(cache);
    const before = fetched();
    expect(sha256(await cache.pull(web, digest))).toBe(digest);
    expect(fetched()).toBe(before);
  });

  it('is relieved by what was not used for longest', async () => {
    const { disk, store } = fillingDisk();
    const cache = await openSmallCache({ upstream: upstream(), store });
    disk.isFull = false;
    registry.add('acme/web', randomBlobImage(mebibyte, 'old'));
    const old = asDigest(randomBlobImage(mebibyte, 'old').layers[0]?.digest ?? '');
    await cache.pull(web, old);
    await settled(cache);
    disk.isFull = true;
    await cache.pull(web, digest);
    await eventually(async () => expect(await cache.store.stat(old)).toBeUndefined());
  });

  it('costs a manifest its file, and nobody a manifest', async () => {
    const { store } = fillingDisk();
    const cache = await openSmallCache({ upstream: upstream(), store });
    expect((await cache.manifest(web, { tag: 'latest' })).digest).toBe(image.root.digest);
    await settled(cache);
    expect(cache.errors).toMatchObject([{ code: 'ENOSPC' }]);
    expect(cache.store.usedBytes()).toBe(0);
  });

  it.skipIf(!canMount())('that is a real one does the same', async () => {
    const mounted = join(temporaryFolder(), 'disk');
    mkdirSync(mounted);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mounted]);
    onTestFinished(() => void execFileSync('umount', ['--lazy', mounted]));
    const cache = await openSmallCache({ upstream: upstream(), folder: mounted });
    for (let round = 0; round < 2; round++) {
      expect(sha256(await cache.pull(web, digest))).toBe(digest);
      // Else the second pull may join the download that is about to end.
      await settled(cache);
    }
    // The database of the index lies there too, and may refuse as well.
    const codes = cache.errors.map((error) => (error as NodeJS.ErrnoException).code);
    expect(codes.filter((code) => code === 'ENOSPC')).toHaveLength(2);
    expect(cache.store.usedBytes()).toBe(0);
  });
});

/** Only root may, and not in every container. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a broken folder', () => {
  it('that goes away does not end a pull, and is told', async () => {
    const cache = await openSmallCache({ upstream: upstream() });
    rmSync(join(cache.folder, 'incoming'), { recursive: true });
    for (let round = 0; round < 2; round++) expect(sha256(await cache.pull(web, digest))).toBe(digest);
    expect((await cache.manifest(web, { tag: 'latest' })).digest).toBe(image.root.digest);
    await cache.drain(10_000);
    await eventually(() => expect(cache.errors).toHaveLength(3));
    expect(cache.errors).toMatchObject([{ code: 'ENOENT' }, { code: 'ENOENT' }, { code: 'ENOENT' }]);
    expect(fetched()).toBe(2);
  });

  it('in which nothing can be made does not throw away what is in it', async () => {
    const cache = await openSmallCache({ upstream: upstream() });
    await cache.manifest(web, { tag: 'latest' });
    await settled(cache);
    const used = cache.store.usedBytes();
    // The place of the blob's folder is taken by a file: its commit fails, for another reason than a full disk.
    rmSync(join(cache.folder, 'blobs', 'sha256', digest.slice(7, 9)), { recursive: true, force: true });
    writeFileSync(join(cache.folder, 'blobs', 'sha256', digest.slice(7, 9)), '');
    expect(sha256(await cache.pull(web, digest))).toBe(digest);
    await settled(cache);
    expect(cache.errors).toHaveLength(1);
    expect(cache.store.usedBytes()).toBe(used);
  });

  it('of which a blob cannot be opened sends readers to the upstream, and keeps the blob', async () => {
    let isBroken = false;
    const store = (own: BlobStore): BlobStore => ({
      ...own,
      open: (wanted) => (isBroken ? Promise.reject(new Error('EMFILE: too many open files')) : own.open(wanted)),
    });
    const cache = await openSmallCache({ upstream: upstream(), store });
    await cache.pull(web, digest);
    await settled(cache);
    isBroken = true;
    expect(sha256(await cache.pull(web, digest))).toBe(digest);
    expect(cache.errors).toHaveLength(1);
    isBroken = false;
    await settled(cache);
    const before = fetched();
    await cache.pull(web, digest);
    expect(fetched()).toBe(before);
  });

  it.each([
    ['cut short', layer.size - 1],
    ['emptied', 0],
  ])('in which a blob was %s has it fetched again, also after a restart', async (_how, left) => {
    const cache = await openSmallCache({ upstream: upstream() });
    await cache.manifest(web, { tag: 'latest' });
    await cache.pull(web, digest);
    await settled(cache);
    truncateSync(blobPath(cache, digest), left);
    expect(sha256(await cache.pull(web, digest))).toBe(digest);
    await settled(cache);
    expect(fetched()).toBe(2);

    truncateSync(blobPath(cache, digest), left);
    const again = await openSmallCache({ upstream: upstream(), folder: cache.folder });
    expect((await again.blob(web, digest)).size).toBe(layer.size);
    expect(sha256(await again.pull(web, digest))).toBe(digest);
    await settled(again);
    expect(fetched()).toBe(3);
    expect(sha256(await again.pull(web, digest))).toBe(digest);
    expect(fetched()).toBe(3);
    expect(again.store.usedBytes()).toBe(layer.size + image.root.bytes.length);
  });

  it('in which a blob was cut short gives it to no other repository either', async () => {
    registry.add('acme/other', image, ['latest']);
    const cache = await openSmallCache({ upstream: upstream() });
    await cache.pull(web, digest);
    await settled(cache);
    truncateSync(blobPath(cache, digest), mebibyte);
    const again = await openSmallCache({ upstream: upstream(), folder: cache.folder });
    expect((await again.blob(source('acme/other'), digest)).size).toBe(layer.size);
    expect(sha256(await again.pull(source('acme/other'), digest))).toBe(digest);
    expect(fetched()).toBe(2);
  });

  it('that refuses to read on tells the reader so, and nobody else', async () => {
    const cache = await openSmallCache({ upstream: upstream() });
    await cache.pull(web, digest);
    await settled(cache);
    const blob = await cache.blob(web, digest);
    const reader = blob.read()[Symbol.asyncIterator]();
    await reader.next();
    truncateSync(blobPath(cache, digest), mebibyte);
    const rest = { [Symbol.asyncIterator]: () => reader };
    await failureOf(collect(rest), 'unavailable');
    await expectNothingLeft(cache);
  });
});

describe('a blob that the cache cannot hold', () => {
  it('is streamed past it, with nothing evicted in vain', async () => {
    const cache = await openSmallCache({ upstream: upstream(), maxBytes: 2 * mebibyte });
    await cache.manifest(web, { tag: 'latest' });
    await settled(cache);
    const used = cache.store.usedBytes();
    expect(used).toBeGreaterThan(0);
    for (let round = 1; round <= 2; round++) {
      expect(sha256(await cache.pull(web, digest))).toBe(digest);
      expect(fetched()).toBe(round);
    }
    await settled(cache);
    expect(cache.store.usedBytes()).toBe(used);
    expect(cache.errors).toEqual([]);
  });

  it('is fetched once for those who ask at the same time', async () => {
    // Whoever asks after the first byte was let go is not among them.
    registry.faults.once(/^GET .*blobs/, { kind: 'delay', ms: 500 });
    const cache = await openSmallCache({ upstream: upstream(), maxBytes: mebibyte });
    const pulls = await Promise.all(Array.from({ length: 5 }, () => cache.pull(web, digest)));
    expect(new Set(pulls.map(sha256))).toEqual(new Set([digest]));
    expect(fetched()).toBe(1);
  });

  it('is fetched again for a reader that comes when its beginning is gone', async () => {
    const cache = await openSmallCache({ upstream: upstream(), maxBytes: mebibyte });
    const first = (await cache.blob(web, digest)).read()[Symbol.asyncIterator]();
    for (let read = 0; read < 5.7 * mebibyte; ) read += (await first.next()).value?.length ?? mebibyte;
    expect(sha256(await cache.pull(web, digest))).toBe(digest);
    expect(fetched()).toBe(2);
    await first.return?.();
    await settled(cache);
  });

  it('ends with its last reader', async () => {
    const cache = await openSmallCache({ upstream: upstream(), maxBytes: mebibyte });
    for await (const _ of (await cache.blob(web, digest)).read()) break;
    await settled(cache);
    expect(fetched()).toBe(1);
  });
});

describe('what is open', () => {
  it('stays until it is read, and goes afterwards', async () => {
    const size = mebibyte;
    const blobs = [0, 1].map((number) => Buffer.concat([Buffer.of(number), pattern(size - 1)]));
    const fetchBlob = async (_source: unknown, wanted: string) =>
      bodyOf(blobs.find((bytes) => sha256(bytes) === wanted) ?? expect.fail(wanted));
    const cache = await openSmallCache({ upstream: fakeUpstream({ fetchBlob }), maxBytes: size });
    const [first, second] = blobs.map(sha256);
    if (!first || !second) return expect.fail();
    await cache.pull(web, first);
    await settled(cache);
    const reader = (await cache.blob(web, first)).read()[Symbol.asyncIterator]();
    const begin = Buffer.from((await reader.next()).value ?? []);
    expect(sha256(await cache.pull(web, second))).toBe(second);
    const rest = await collect({ [Symbol.asyncIterator]: () => reader });
    expect(sha256(Buffer.concat([begin, rest]))).toBe(first);
    expect(await cache.store.stat(first)).toBe(size);
    await cache.pull(web, second);
    await settled(cache);
    expect(await cache.store.stat(first)).toBeUndefined();
    expect(await cache.store.stat(second)).toBe(size);
  });
});
