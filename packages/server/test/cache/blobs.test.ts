import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Digest } from '@pullgate/policy';
import { buildImage, randomBlobImage, type SmallRegistry } from '@pullgate/small-registry';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asDigest, collect, failureOf, smallRegistry, source, upstreamAt } from '../upstream/small-upstream.ts';
import { controlledBody, fakeUpstream, notFound, pattern, sha256, unavailable } from './fake-upstream.ts';
import {
  asked,
  blobPath,
  eventually,
  expectNothingLeft,
  openFiles,
  openSmallCache,
  type SmallCache,
  settled,
  sourceAt,
} from './small-cache.ts';

const mebibyte = 1024 * 1024;
const image = randomBlobImage(5 * mebibyte);
const [layer] = image.layers;
if (!layer) throw new Error('The image has no layer.');
const digest = asDigest(layer.digest);
const web = source('acme/web');

let content: Buffer;
beforeAll(() => {
  content = Buffer.concat([...layer.read()]);
});

function writeBlob(folder: string, of: Digest, bytes: Buffer): void {
  const path = blobPath({ folder }, of);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

const ranges = [
  ['the first byte', { start: 0, end: 0 }],
  ['a part in the middle', { start: 3 * mebibyte + 5, end: 4 * mebibyte + 11 }],
  ['the end', { start: layer.size - 3, end: layer.size - 1 }],
] as const;

describe('a blob', () => {
  let registry: SmallRegistry;
  let cache: SmallCache;
  beforeEach(async () => {
    registry = await smallRegistry();
    registry.add('acme/web', image, ['latest']);
    cache = await openSmallCache({ upstream: upstreamAt(registry.url) });
  });
  const fetched = () => asked(registry, 'GET', digest);

  it('whose file somebody deleted is fetched again: so one that a disk damaged is mended', async () => {
    await cache.pull(web, digest);
    await settled(cache);
    rmSync(blobPath(cache, digest));
    expect((await cache.pull(web, digest)).equals(content)).toBe(true);
    await settled(cache);
    expect((await cache.pull(web, digest)).equals(content)).toBe(true);
    expect(fetched()).toBe(2);
  });

  /** A file that was filled a moment ago can go as soon as it is closed. */
  const evict = () =>
    eventually(async () => {
      await cache.store.relieve(cache.store.usedBytes());
      expect(await cache.store.stat(digest)).toBeUndefined();
    });

  it('comes from the upstream, and afterwards from the disk', async () => {
    expect((await cache.pull(web, digest)).equals(content)).toBe(true);
    await settled(cache);
    expect((await cache.pull(web, digest)).equals(content)).toBe(true);
    expect(fetched()).toBe(1);
    expect(cache.lookups).toEqual(['miss', 'hit']);
    expect(cache.store.usedBytes()).toBe(layer.size);
    await expectNothingLeft(cache);
  });

  it('has its size before it has its bytes', async () => {
    const cold = await cache.blob(web, digest);
    expect(cold.size).toBe(layer.size);
    await settled(cache);
    expect((await cache.blob(web, digest)).size).toBe(layer.size);
  });

  it('is described without being fetched', async () => {
    expect(await cache.describeBlob(web, digest)).toBe(layer.size);
    expect(fetched()).toBe(0);
  });

  it.each(ranges)('gives %s, cold and cached', async (_what, range) => {
    const expected = content.subarray(range.start, range.end + 1);
    expect((await collect((await cache.blob(web, digest)).read(range))).equals(expected)).toBe(true);
    await settled(cache);
    expect((await collect((await cache.blob(web, digest)).read(range))).equals(expected)).toBe(true);
    expect(fetched()).toBe(1);
  });

  it('is fetched once for many readers, whole and in parts', async () => {
    const whole = Array.from({ length: 20 }, () => cache.pull(web, digest));
    const parts = ranges.map(async ([, range]) => collect((await cache.blob(web, digest)).read(range)));
    for (const bytes of await Promise.all(whole)) expect(bytes.equals(content)).toBe(true);
    for (const [index, bytes] of (await Promise.all(parts)).entries()) {
      const { start, end } = ranges[index]![1];
      expect(bytes.equals(content.subarray(start, end + 1))).toBe(true);
    }
    expect(fetched()).toBe(1);
    expect(cache.lookups).toEqual(['miss', ...Array.from({ length: 22 }, () => 'hit')]);
    await expectNothingLeft(cache);
  });

  it('can be read from the same answer many times, while it comes and afterwards', async () => {
    const blob = await cache.blob(web, digest);
    const both = await Promise.all([collect(blob.read()), collect(blob.read())]);
    await settled(cache);
    for (const bytes of [...both, await collect(blob.read())]) expect(bytes.equals(content)).toBe(true);
    expect(fetched()).toBe(1);
  });

  it('goes on coming when the client leaves', async () => {
    for await (const _ of (await cache.blob(web, digest)).read()) break;
    await settled(cache);
    expect(await cache.store.stat(digest)).toBe(layer.size);
  });

  it('goes on coming when nobody reads it at all', async () => {
    await cache.blob(web, digest);
    await settled(cache);
    expect(await cache.store.stat(digest)).toBe(layer.size);
  });

  it('of no bytes is one as well', async () => {
    const empty = { size: 0, digest: sha256(Buffer.alloc(0)), mediaType: 'text/plain', read: () => [] };
    registry.addBlob('acme/web', empty);
    for (let round = 0; round < 2; round++) {
      expect((await cache.blob(web, empty.digest)).size).toBe(0);
      expect(await cache.pull(web, empty.digest)).toHaveLength(0);
      await settled(cache);
    }
    expect(asked(registry, 'GET', empty.digest)).toBe(1);
  });

  it('that left the disk after it was looked up is fetched again', async () => {
    await cache.pull(web, digest);
    await settled(cache);
    const blob = await cache.blob(web, digest);
    await evict();
    expect((await collect(blob.read({ start: 1, end: 9 }))).equals(content.subarray(1, 10))).toBe(true);
    expect(fetched()).toBe(2);
  });

  it('that left the disk between its download and its reader is fetched again', async () => {
    const blob = await cache.blob(web, digest);
    await settled(cache);
    await evict();
    expect((await collect(blob.read())).equals(content)).toBe(true);
    expect(fetched()).toBe(2);
  });

  it.each([
    ['whole', undefined, [0, undefined]],
    ['in part', { start: 500, end: 1999 }, [500, 2000]],
  ] as const)(
    'that replaces a damaged file is what comes, %s, before it is stored as well',
    async (_how, range, part) => {
      writeBlob(cache.folder, digest, content.subarray(0, 1000));
      const storing = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const restarted = await openSmallCache({
        folder: cache.folder,
        upstream: upstreamAt(registry.url),
        store: (store) => ({
          ...store,
          async create(size) {
            const file = await store.create(size);
            if (file === undefined) return undefined;
            const commit: typeof file.commit = async (...verified) => {
              storing.resolve();
              await go.promise;
              await file.commit(...verified);
            };
            return { ...file, commit };
          },
        }),
      });
      const first = restarted.pull(web, digest);
      await storing.promise;
      const second = await restarted.blob(web, digest);
      expect((await collect(second.read(range))).equals(content.subarray(...part))).toBe(true);
      expect(openFiles(join(restarted.folder, 'blobs'))).toEqual([]);
      go.resolve();
      expect((await first).equals(content)).toBe(true);
      await settled(restarted);
      await expectNothingLeft(restarted);
    },
  );

  it('is waited for at the end of the program, but not for ever', async () => {
    await cache.drain(0);
    await cache.blob(web, digest);
    expect(cache.downloadsRunning).toBe(1);
    await cache.drain(60_000);
    expect(cache.downloadsRunning).toBe(0);

    registry.faults.always(/config/, { kind: 'hang' });
    const body = controlledBody(3);
    const slow = await openSmallCache({ upstream: fakeUpstream({ fetchBlob: async () => body }) });
    await slow.blob(web, sha256(Buffer.from('abc')));
    await slow.drain(1);
    expect(slow.downloadsRunning).toBe(1);
    body.give(Buffer.from('abc'));
    body.end();
    await settled(slow);
  });
});

describe('a blob of unknown size', () => {
  const bytes = pattern(3 * mebibyte);
  const chunked = () => {
    const body = controlledBody();
    for (let at = 0; at < bytes.length; at += 64 * 1024) body.give(bytes.subarray(at, at + 64 * 1024));
    body.end();
    return body;
  };

  it('is served, and cached once its size is known', async () => {
    let fetches = 0;
    const fetchBlob = async () => {
      fetches++;
      return chunked();
    };
    const cache = await openSmallCache({ upstream: fakeUpstream({ fetchBlob }) });
    const first = await cache.blob(web, sha256(bytes));
    expect(first.size).toBeUndefined();
    expect((await collect(first.read())).equals(bytes)).toBe(true);
    await settled(cache);
    const second = await cache.blob(web, sha256(bytes));
    expect(second.size).toBe(bytes.length);
    expect((await collect(second.read())).equals(bytes)).toBe(true);
    await settled(cache);
    await cache.pull(web, sha256(bytes));
    expect(fetches).toBe(2);
  });

  it('is not of unknown size when a manifest says it', async () => {
    const registry = await smallRegistry();
    const small = buildImage({ files: { hello: 'world' } });
    registry.add('acme/web', small, ['latest']);
    const upstream = upstreamAt(registry.url);
    const config = asDigest(small.config.digest);
    const cache = await openSmallCache({
      upstream: {
        ...upstream,
        fetchBlob: async (...request) => ({ ...(await upstream.fetchBlob(...request)), size: undefined }),
      },
    });
    await cache.manifest(web, { tag: 'latest' });
    expect((await cache.blob(web, config)).size).toBe(small.config.size);
    await settled(cache);
    expect(await cache.store.stat(config)).toBe(small.config.size);
  });
});

describe("somebody else's download", () => {
  const bytes = Buffer.from('one two three');
  const wanted = sha256(bytes);
  const theirs = source('acme/private', 'organization:acme');
  const size = async () => bytes.length;

  /** One upstream, of which the test decides what each repository gets. */
  function sharedUpstream(fetchOf: Readonly<Record<string, () => Promise<ReturnType<typeof controlledBody>>>>) {
    const fetches: string[] = [];
    const upstream = fakeUpstream({
      describeBlob: size,
      async fetchBlob({ repository: { path } }) {
        fetches.push(path);
        return (fetchOf[path] ?? expect.fail(path))();
      },
    });
    return { upstream, fetches };
  }

  function good() {
    const body = controlledBody(bytes.length);
    body.give(bytes);
    body.end();
    return body;
  }

  it('is shared by every repository of the registry', async () => {
    const body = controlledBody(bytes.length);
    const { upstream, fetches } = sharedUpstream({ 'acme/private': async () => body });
    const cache = await openSmallCache({ upstream });
    const first = cache.pull(theirs, wanted);
    await eventually(() => expect(fetches).toEqual(['acme/private']));
    const second = cache.pull(web, wanted);
    body.give(bytes);
    body.end();
    for (const read of await Promise.all([first, second])) expect(read.equals(bytes)).toBe(true);
    expect(fetches).toEqual(['acme/private']);
    await settled(cache);
    expect((await cache.index.load(web)).contents).toMatchObject([{ digest: wanted, size: bytes.length }]);
  });

  it('does not fail mine when it fails from the start', async () => {
    let fail: (error: Error) => void = () => undefined;
    const pending = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const { upstream, fetches } = sharedUpstream({ 'acme/private': () => pending, 'acme/web': async () => good() });
    const cache = await openSmallCache({ upstream });
    const failing = [cache.pull(theirs, wanted), cache.pull(theirs, wanted)];
    await eventually(() => expect(fetches).toEqual(['acme/private']));
    const mine = [cache.pull(web, wanted), cache.pull(web, wanted), cache.pull(web, wanted)];
    fail(notFound());
    for (const call of failing) await failureOf(call, 'not-found');
    for (const read of await Promise.all(mine)) expect(read.equals(bytes)).toBe(true);
    expect(fetches).toEqual(['acme/private', 'acme/web']);
  });

  it('that fails in the same repository is my failure, and is not tried again for each of us', async () => {
    let fetches = 0;
    const upstream = fakeUpstream({
      async fetchBlob() {
        fetches++;
        // Long enough for all ten to have looked whether the blob is here.
        await new Promise((resolve) => setTimeout(resolve, 300));
        throw unavailable();
      },
    });
    const cache = await openSmallCache({ upstream });
    const calls = Array.from({ length: 10 }, () => failureOf(cache.blob(web, wanted), 'unavailable'));
    await Promise.all(calls);
    expect(fetches).toBe(1);
    await failureOf(cache.blob(web, wanted), 'unavailable');
    expect(fetches).toBe(2);
  });

  it('from another registry neither holds mine up nor fails it', async () => {
    const evil = sourceAt('evil.example', 'x');
    const slow = controlledBody(bytes.length);
    slow.give(Buffer.from('lie'));
    const cache = await openSmallCache({
      upstream: {
        'evil.example': fakeUpstream({ fetchBlob: async () => slow, describeBlob: size }),
        'registry.example': fakeUpstream({ fetchBlob: async () => good(), describeBlob: size }),
      },
    });
    const lied = cache.pull(evil, wanted);
    expect((await cache.pull(web, wanted)).equals(bytes)).toBe(true);
    slow.give(Buffer.from('1234567890'));
    slow.end();
    await failureOf(lied, 'untrustworthy');
    await settled(cache);
    expect((await cache.pull(web, wanted)).equals(bytes)).toBe(true);
  });

  it('is nothing to somebody whose repository does not hold the blob', async () => {
    const body = controlledBody(bytes.length);
    const upstream = fakeUpstream({
      fetchBlob: async () => body,
      describeBlob: async () => {
        throw notFound();
      },
    });
    const cache = await openSmallCache({ upstream });
    await cache.blob(theirs, wanted);
    await failureOf(cache.blob(web, wanted), 'not-found');
    body.give(bytes);
    body.end();
    await settled(cache);
    await failureOf(cache.blob(web, wanted), 'not-found');
  });
});
