import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '@pullgate/policy';
import type { SmallRegistry } from '@pullgate/small-registry';
import { expect, onTestFinished, vi } from 'vitest';
import { type BlobStore, openBlobStore } from '../../src/cache/blob-store.ts';
import { createPullThroughCache, type PullThroughCache } from '../../src/cache/pull-through-cache.ts';
import type { Audience, Source, Upstream } from '../../src/content/content.ts';
import type { ContentIndex } from '../../src/content/content-index.ts';
import { openContentIndex } from '../../src/database/content-index.ts';
import { openDatabase } from '../../src/database/sqlite.ts';
import { collect } from '../upstream/small-upstream.ts';

export const tagTtl = 60_000;

export interface SmallCacheOptions {
  /** Of every registry, or the upstream of each by its host. */
  readonly upstream: Upstream | Readonly<Record<string, Upstream>>;
  readonly maxBytes?: number;
  /** Of an earlier cache: a restart. */
  readonly folder?: string;
  /** Gets between the cache and its store, to break what a disk can break. */
  readonly store?: (store: BlobStore) => BlobStore;
  /** The same for its index. */
  readonly index?: (index: ContentIndex) => ContentIndex;
}

/** A pull-through cache on a folder and a database of its own. */
export interface SmallCache extends PullThroughCache {
  readonly folder: string;
  readonly store: BlobStore;
  readonly index: ContentIndex;
  /** What the lookups found, in their order. */
  readonly lookups: string[];
  /** What went wrong behind the answers. */
  readonly errors: unknown[];
  /** Sets the clock of tags forward, in milliseconds. */
  pass(milliseconds: number): void;
  /** A whole blob. */
  pull(source: Source, digest: Digest): Promise<Buffer>;
}

export async function openSmallCache(options: SmallCacheOptions): Promise<SmallCache> {
  const folder = options.folder ?? temporaryFolder();
  const database = await openDatabase({ file: join(folder, 'index.db'), durability: 'relaxed' });
  onTestFinished(() => database.destroy());
  const own = openContentIndex(database);
  const index = options.index?.(own) ?? own;
  const lookups: string[] = [];
  const errors: unknown[] = [];
  let now = 1_800_000_000_000;
  const store = await openBlobStore({
    folder,
    maxBytes: options.maxBytes ?? 1024 ** 3,
    onEvicted: (digests) => void index.removeDigests(digests),
  });
  const cache = createPullThroughCache({
    upstreamOf: ({ repository }) => upstreamOf(options.upstream, repository.registry),
    store: options.store?.(store) ?? store,
    index,
    tagTtl,
    onLookup: (result) => lookups.push(result),
    onError: (error) => errors.push(error),
    now: () => now,
  });
  return Object.assign(Object.create(cache) as PullThroughCache, {
    folder,
    store,
    index,
    lookups,
    errors,
    pass(milliseconds: number) {
      now += milliseconds;
    },
    pull: async (source: Source, digest: Digest) => collect((await cache.blob(source, digest)).read()),
  });
}

function upstreamOf(upstream: SmallCacheOptions['upstream'], registry: string): Upstream {
  if (isUpstream(upstream)) return upstream;
  return upstream[registry] ?? expect.fail(`The test has no upstream for ${registry}.`);
}

function isUpstream(upstream: SmallCacheOptions['upstream']): upstream is Upstream {
  return typeof upstream['fetchBlob'] === 'function';
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-cache-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A source on another registry than `source` of the upstream's tests. */
export function sourceAt(registry: string, path: string, audience: Audience = 'public'): Source {
  return { repository: { registry, path, name: `${registry}/${path}` }, audience };
}

/** Waits until an expectation holds, however busy the machine is. */
export function eventually<T>(expectation: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(expectation, { timeout: 15_000, interval: 5 });
}

/** Nothing half written, no file open, no download running. */
export async function expectNothingLeft(cache: SmallCache): Promise<void> {
  await eventually(() => {
    expect(cache.downloadsRunning).toBe(0);
    expect(readdirSync(join(cache.folder, 'incoming'))).toEqual([]);
    expect(openFiles(join(cache.folder, 'incoming'))).toEqual([]);
    expect(openFiles(join(cache.folder, 'blobs'))).toEqual([]);
  });
}

/** Paths in a folder that this process has open. Deleted files are among them, as `… (deleted)`. */
export function openFiles(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });
}

export function blobPath(cache: { folder: string }, digest: string): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  return join(cache.folder, 'blobs', algorithm, hex.slice(0, 2), hex);
}

/** Waits until what runs behind the answers is done: downloads are committed, manifests saved. */
export async function settled(cache: SmallCache): Promise<void> {
  await cache.drain(10_000);
  await expectNothingLeft(cache);
}

/** How often the registry was asked with a method for a path that ends so. */
export function asked({ requests }: SmallRegistry, method: string, end: string): number {
  return requests.filter((request) => request.method === method && request.url.endsWith(end)).length;
}
