import type { Digest } from '@pullgate/policy';
import { LRUCache } from 'lru-cache';
import type { Content, Manifest, ManifestDescription, Referrers, Source, Upstream } from '../content/content.ts';
import { type ContentIndex, sourceKey } from '../content/content-index.ts';
import { inspectManifest } from '../content/manifest.ts';
import { SingleFlight } from '../single-flight.ts';
import { andThen, type Soon } from '../soon.ts';
import { createBlobCache } from './blob-cache.ts';
import type { BlobStore } from './blob-store.ts';
import { createManifestCache } from './manifest-cache.ts';
import { createMemberships, type Membership } from './membership.ts';
import { createTagResolver, isOutage } from './tag-resolver.ts';

/** Referrer lists held in memory; each is at most a manifest's size. */
const maxReferrerBytes = 16 * 1024 * 1024;

export interface PullThroughCacheOptions {
  readonly upstreamOf: (source: Source) => Upstream;
  readonly store: BlobStore;
  readonly index: ContentIndex;
  /** How long a tag is served without asking the upstream, in milliseconds. */
  readonly tagTtl: number;
  readonly onLookup: (result: 'hit' | 'miss' | 'stale') => void;
  /** For what goes wrong behind an answer that could be given all the same. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

export interface PullThroughCache extends Content {
  readonly downloadsRunning: number;
  /** Waits for what is on its way to the disk, at most so many milliseconds. */
  drain(milliseconds: number): Promise<void>;
}

/**
 * Upstream and local storage composed: content is fetched once, verified, and afterwards served without the upstream,
 * but only under a repository that is known to hold it.
 */
export function createPullThroughCache(options: PullThroughCacheOptions): PullThroughCache {
  const { upstreamOf, store, index, onLookup, onError, now = Date.now } = options;
  const memberships = createMemberships(index, onError);
  const manifests = createManifestCache(store, onError);
  const tags = createTagResolver({ upstreamOf, memberships, ttl: options.tagTtl, now });
  const blobs = createBlobCache({ upstreamOf, memberships, store, onLookup, onError });
  const fetching = new SingleFlight<Manifest>();
  const referrers = new LRUCache<string, { value: Referrers; at: number }>({
    maxSize: maxReferrerBytes,
    sizeCalculation: ({ value }, key) => value.bytes.length + key.length + 512,
  });

  /** Takes in a verified manifest: from now on its repository is known to hold it and what it refers to. */
  function learn(membership: Membership, { digest, mediaType, size, bytes }: Manifest): void {
    if (membership.learned.has(digest)) return;
    const { children } = inspectManifest(bytes, mediaType);
    membership.add([
      { digest, kind: 'manifest', mediaType, size, confirmed: true },
      ...children.map((child) => ({ ...child, mediaType: undefined, confirmed: false })),
    ]);
    membership.learned.add(digest);
  }

  async function fetchManifest(source: Source, digest: Digest, membership: Membership): Promise<Manifest> {
    const manifest = await upstreamOf(source).manifest(source, { digest });
    learn(membership, manifest);
    membership.fetched(digest, manifest.size);
    manifests.keep(manifest);
    return manifest;
  }

  /**
   * The type of a manifest that may be served from what is here. One that another manifest only refers to has none yet:
   * that its bytes are here for another repository proves nothing, since an index may name what its repository does not
   * hold.
   */
  function servableType(source: Source, digest: Digest, membership: Membership): Soon<string | undefined> {
    const known = membership.content(digest);
    if (known?.mediaType === undefined || known.confirmed) return known?.mediaType;
    const { mediaType } = known;
    return memberships
      .sizeFromSameRegistry(source, digest)
      .then((size) => (size === undefined ? undefined : mediaType));
  }

  /** At once when it is in memory. */
  function manifestByDigest(source: Source, digest: Digest): Soon<Manifest> {
    return andThen(memberships.of(source), (membership) =>
      andThen(servableType(source, digest, membership), (type) => knownManifest(source, digest, membership, type)),
    );
  }

  function knownManifest(
    source: Source,
    digest: Digest,
    membership: Membership,
    type: string | undefined,
  ): Soon<Manifest> {
    const inMemory = type && manifests.inMemory(digest, type);
    if (inMemory) {
      onLookup('hit');
      learn(membership, inMemory);
      return inMemory;
    }
    return fetching.run(`${sourceKey(source)} ${digest}`, async () => {
      const onDisk = type && (await manifests.fromDisk(digest, type));
      onLookup(onDisk ? 'hit' : 'miss');
      if (!onDisk) return fetchManifest(source, digest, membership);
      learn(membership, onDisk);
      return onDisk;
    });
  }

  async function manifestByTag(source: Source, tag: string): Promise<Manifest> {
    const { digest, stale } = await tags.resolve(source, tag);
    const manifest = await manifestByDigest(source, digest);
    if (!stale) return manifest;
    onLookup('stale');
    return { ...manifest, stale };
  }

  async function describeDigest(source: Source, digest: Digest): Promise<ManifestDescription> {
    const membership = await memberships.of(source);
    const known = membership.content(digest);
    if (known?.mediaType) return { digest, mediaType: known.mediaType, size: known.size, stale: false };
    const found = await upstreamOf(source).describeManifest(source, { digest });
    membership.add([{ digest, kind: 'manifest', mediaType: found.mediaType, size: found.size, confirmed: false }]);
    return found;
  }

  async function referrersOf(source: Source, subject: Digest, artifactType: string | undefined): Promise<Referrers> {
    const key = `${sourceKey(source)} ${subject} ${artifactType ?? ''}`;
    const known = referrers.get(key);
    const age = known === undefined ? -1 : now() - known.at;
    // Below zero: noted while the clock was wrong.
    if (known && age >= 0 && age < options.tagTtl) return known.value;
    try {
      const value = await upstreamOf(source).referrers(source, subject, artifactType);
      referrers.set(key, { value, at: now() });
      return value;
    } catch (error) {
      if (known && isOutage(error)) return { ...known.value, stale: true };
      throw error;
    }
  }

  return {
    manifest: (source, reference) =>
      'digest' in reference ? manifestByDigest(source, reference.digest) : manifestByTag(source, reference.tag),
    describeManifest: (source, reference) =>
      'digest' in reference ? describeDigest(source, reference.digest) : tags.resolve(source, reference.tag),
    blob: blobs.blob,
    describeBlob: blobs.describeBlob,
    tags: async (source, query) => upstreamOf(source).tags(source, query),
    referrers: referrersOf,

    get downloadsRunning() {
      return blobs.downloads.size;
    },

    async drain(milliseconds) {
      const running = [...[...blobs.downloads].map((download) => download.finished), ...manifests.saving];
      if (running.length === 0) return;
      const limit = new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
      await Promise.race([Promise.all(running), limit]);
    },
  };
}
