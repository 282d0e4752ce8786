import type { Digest } from '@pullgate/policy';
import type { Blob, Source, Upstream } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import type { BlobStore } from './blob-store.ts';
import { Download } from './download.ts';
import type { Membership, Memberships } from './membership.ts';
import { readStored } from './stored-blob.ts';

export interface BlobCache {
  blob(source: Source, digest: Digest): Promise<Blob>;
  describeBlob(source: Source, digest: Digest): Promise<number>;
  readonly downloads: ReadonlyMap<Digest, Download>;
}

export interface BlobCacheOptions {
  readonly upstreamOf: (source: Source) => Upstream;
  readonly memberships: Memberships;
  readonly store: BlobStore;
  readonly onLookup: (result: 'hit' | 'miss') => void;
  readonly onError: (error: unknown) => void;
}

export function createBlobCache(options: BlobCacheOptions): BlobCache {
  const { upstreamOf, memberships, store, onLookup, onError } = options;
  const downloads = new Map<Digest, Download>();

  /** Whether the blob is in this very repository: bytes that the cache has for another one prove nothing. */
  async function confirm(source: Source, digest: Digest, membership: Membership): Promise<void> {
    if (membership.content(digest)) return;
    const size = await upstreamOf(source).describeBlob(source, digest);
    membership.add([{ digest, kind: 'blob', mediaType: undefined, size }]);
  }

  function start(source: Source, digest: Digest, membership: Membership): Download {
    const download = new Download({
      digest,
      expectedSize: membership.content(digest)?.size,
      fetch: (from) => upstreamOf(source).fetchBlob(source, digest, from),
      createFile: (size) => store.create(size),
      onFileLost(error) {
        onError(error);
        store.relieve(download.size ?? 0).catch(onError);
      },
    });
    downloads.set(digest, download);
    download.finished.finally(() => {
      if (downloads.get(digest) === download) downloads.delete(digest);
    });
    return download;
  }

  async function fetch(source: Source, digest: Digest, membership: Membership): Promise<Blob> {
    const download = await start(source, digest, membership).opened();
    if (!membership.content(digest) && download.size !== undefined) {
      membership.add([{ digest, kind: 'blob', mediaType: undefined, size: download.size }]);
    }
    return shared(download, digest);
  }

  function shared(download: Download, digest: Digest): Blob {
    return {
      size: download.size,
      async *read(range) {
        const stored = download.committed ? await store.open(digest) : undefined;
        yield* stored ? readStored(stored, range) : download.read(range);
      },
    };
  }

  return {
    downloads,

    async blob(source, digest) {
      const membership = await memberships.of(source);
      const stored = await store.stat(digest);
      const running = downloads.get(digest);
      if (stored === undefined && !running?.joinable) {
        onLookup('miss');
        return fetch(source, digest, membership);
      }
      await confirm(source, digest, membership);
      onLookup('hit');
      if (stored !== undefined) return storedBlob(store, digest, stored);
      // Somebody else's download may have failed for a reason of theirs: that must not become ours.
      const joined = await running?.opened().catch(() => undefined);
      return joined ? shared(joined, digest) : fetch(source, digest, membership);
    },

    async describeBlob(source, digest) {
      const membership = await memberships.of(source);
      await confirm(source, digest, membership);
      const known = membership.content(digest);
      if (!known) throw new ContentError('not-found', 'There is no such blob in this repository.');
      return known.size;
    },
  };
}

function storedBlob(store: BlobStore, digest: Digest, size: number): Blob {
  return {
    size,
    async *read(range) {
      const stored = await store.open(digest);
      if (!stored) throw new ContentError('unavailable', 'The blob left the cache meanwhile. Pull again.');
      yield* readStored(stored, range);
    },
  };
}
