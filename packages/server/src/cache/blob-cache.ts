import type { Digest } from '@pullgate/policy';
import type { Blob, ByteRange, Source, Upstream } from '../content/content.ts';
import { sourceKey } from '../content/content-index.ts';
import type { BlobStore } from './blob-store.ts';
import { Download } from './download.ts';
import type { Membership, Memberships } from './membership.ts';
import { readStored, type StoredBlob } from './stored-blob.ts';

export interface BlobCache {
  blob(source: Source, digest: Digest): Promise<Blob>;
  describeBlob(source: Source, digest: Digest): Promise<number>;
  readonly downloads: ReadonlySet<Download>;
}

export interface BlobCacheOptions {
  readonly upstreamOf: (source: Source) => Upstream;
  readonly memberships: Memberships;
  readonly store: BlobStore;
  readonly onLookup: (result: 'hit' | 'miss') => void;
  readonly onError: (error: unknown) => void;
}

/** One blob, asked for in one repository. */
interface Wanted {
  readonly source: Source;
  readonly digest: Digest;
  readonly membership: Membership;
}

/** A download that others may read too. */
interface Shared {
  readonly download: Download;
  /** Key of the source on whose behalf it runs. */
  readonly startedBy: string;
  /** Where the blob is known to belong once its bytes are verified. */
  readonly memberships: Set<Membership>;
}

export function createBlobCache(options: BlobCacheOptions): BlobCache {
  const { upstreamOf, memberships, store, onLookup, onError } = options;
  const downloads = new Set<Download>();
  /** The newest of each blob and registry: what one registry sends slowly or wrong must not hold up another's readers. */
  const sharedDownloads = new Map<string, Shared>();

  /**
   * Throws unless the blob is in this very repository: bytes that the cache has for another one prove nothing, and
   * neither does a manifest that refers to them, since not every registry checks what a pushed one refers to. The size
   * that the upstream says here is not kept: only manifests and verified bytes tell it.
   */
  async function confirm({ source, digest, membership }: Wanted): Promise<void> {
    if (!membership.content(digest)?.confirmed) await upstreamOf(source).describeBlob(source, digest);
  }

  /** Whether the file that is here may be served in this repository, once that is confirmed. */
  async function isServable({ source, digest, membership }: Wanted, stored: number): Promise<boolean> {
    const known = membership.content(digest);
    // A file of another size than the one that was verified is damaged. It is fetched again, and replaced.
    return stored === (known?.confirmed ? known.size : await memberships.sizeFromSameRegistry(source, digest));
  }

  function start({ source, digest, membership }: Wanted): Download {
    const download = new Download({
      digest,
      expectedSize: membership.content(digest)?.size,
      fetch: (from) => upstreamOf(source).fetchBlob(source, digest, from),
      createFile: (size) => store.create(size),
      onFileLost(error) {
        onError(error);
        if (isDiskFull(error)) store.relieve(download.size ?? 0).catch(onError);
      },
    });
    const key = sharingKey(source, digest);
    const shared: Shared = { download, startedBy: sourceKey(source), memberships: new Set([membership]) };
    downloads.add(download);
    sharedDownloads.set(key, shared);
    void download.finished.then(() => {
      downloads.delete(download);
      if (sharedDownloads.get(key) === shared) sharedDownloads.delete(key);
      if (!download.isVerified || download.size === undefined) return;
      for (const belongsTo of shared.memberships) belongsTo.fetched(digest, download.size);
    });
    return download;
  }

  /** A download that this source may read: one that runs already, or a new one. */
  async function join(wanted: Wanted): Promise<Download> {
    for (;;) {
      const shared = sharedDownloads.get(sharingKey(wanted.source, wanted.digest));
      if (!shared?.download.isJoinable) break;
      const isOwn = shared.startedBy === sourceKey(wanted.source);
      if (!isOwn) await confirm(wanted);
      try {
        await shared.download.opened();
      } catch (error) {
        // Somebody else's may have failed for a reason of theirs: that must not become ours.
        if (isOwn) throw error;
      }
      if (!shared.download.isJoinable) continue;
      shared.memberships.add(wanted.membership);
      onLookup('hit');
      return shared.download;
    }
    onLookup('miss');
    return start(wanted).opened();
  }

  /** Reads the bytes from wherever they are by now: since the lookup they may have come or gone. */
  async function* read(
    wanted: Wanted,
    running: Download | undefined,
    range?: ByteRange,
    gone?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const stored = !running || running.isVerified ? await openStored(wanted.digest, running?.size) : undefined;
    if (stored) return yield* readStored(stored, range);
    const download = running?.reaches(range?.start ?? 0) ? running : await join(wanted);
    yield* download.read(range, gone);
  }

  /** @param size of the verified bytes: while they are being stored, the file that they replace is still here. */
  async function openStored(digest: Digest, size?: number): Promise<StoredBlob | undefined> {
    try {
      const stored = await store.open(digest);
      if (size === undefined || stored?.size === size) return stored;
      await stored?.close();
    } catch (error) {
      onError(error);
    }
    return undefined;
  }

  return {
    downloads,

    async blob(source, digest) {
      const membership = await memberships.of(source);
      const wanted: Wanted = { source, digest, membership };
      const stored = await store.stat(digest);
      if (stored === undefined || !(await isServable(wanted, stored))) {
        const download = await join(wanted);
        return { size: download.size, read: (range, gone) => read(wanted, download, range, gone) };
      }
      await confirm(wanted);
      membership.add([{ digest, kind: 'blob', mediaType: undefined, size: stored, confirmed: true }]);
      onLookup('hit');
      return { size: stored, read: (range, gone) => read(wanted, undefined, range, gone) };
    },

    async describeBlob(source, digest) {
      const membership = await memberships.of(source);
      return membership.content(digest)?.size ?? upstreamOf(source).describeBlob(source, digest);
    },
  };
}

function sharingKey({ repository }: Source, digest: Digest): string {
  return `${repository.registry} ${digest}`;
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
