import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, isDigest } from '@pullgate/policy';

/** How often, at most, a use is written to the file's time, from which the order of eviction is rebuilt at start. */
const touchIntervalMilliseconds = 60 * 60 * 1000;

interface Entry {
  size: number;
  lastUsed: number;
  touchedAt: number;
  leases: number;
}

/** A stored blob, open for reading. It cannot be evicted until it is closed. */
export interface StoredBlob {
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
  close(): Promise<void>;
}

/** A file that is being filled. It becomes a blob only by `commit`. */
export interface IncomingFile {
  readonly handle: FileHandle;
  /** Makes it the blob of the digest, which the caller has verified. Throws when the disk refuses. */
  commit(digest: Digest, size: number): Promise<void>;
  /** Drops it and gives its reservation back. */
  discard(): Promise<void>;
}

export interface BlobStore {
  /** Size in bytes of a blob that is here, else undefined. */
  stat(digest: Digest): Promise<number | undefined>;
  /** Opens a blob, or answers undefined when it is not here. */
  open(digest: Digest): Promise<StoredBlob | undefined>;
  /**
   * Reserves room and opens a file to fill. Undefined when the blob can never fit: it must then be streamed past the
   * cache.
   */
  create(size: number | undefined): Promise<IncomingFile | undefined>;
  /** Makes room on a full disk by evicting what was not used for longest. */
  relieve(bytes: number): Promise<void>;
  /** Bytes stored and reserved. */
  usedBytes(): number;
}

export interface BlobStoreOptions {
  readonly folder: string;
  /** Bytes. */
  readonly maxBytes: number;
  readonly onEvicted: (digests: readonly Digest[]) => void;
  readonly now?: () => number;
}

/**
 * Content-addressed files in a folder: `blobs/sha256/ab/<hex>`. Least recently used goes first; what is open for
 * reading stays.
 */
export async function openBlobStore(options: BlobStoreOptions): Promise<BlobStore> {
  const { folder, maxBytes, now = Date.now } = options;
  const blobs = join(folder, 'blobs');
  const incoming = join(folder, 'incoming');
  const entries = new Map<Digest, Entry>();
  let used = 0;

  // What a crash left half written is worth nothing: it was never verified.
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  await mkdir(blobs, { recursive: true });

  function pathOf(digest: Digest): string {
    const [algorithm = '', hex = ''] = digest.split(':');
    return join(blobs, algorithm, hex.slice(0, 2), hex);
  }

  function remember(digest: Digest, size: number, lastUsed: number): Entry {
    const known = entries.get(digest);
    if (known) return known;
    const entry: Entry = { size, lastUsed, touchedAt: lastUsed, leases: 0 };
    entries.set(digest, entry);
    used += size;
    return entry;
  }

  function forget(digest: Digest): void {
    const entry = entries.get(digest);
    if (entry && entries.delete(digest)) used -= entry.size;
  }

  async function evict(until: () => boolean): Promise<void> {
    if (until()) return;
    await scanned;
    const candidates = [...entries].filter(([, entry]) => entry.leases === 0);
    candidates.sort(([, a], [, b]) => a.lastUsed - b.lastUsed);
    const evicted: Digest[] = [];
    for (const [digest, entry] of candidates) {
      if (until()) break;
      if (entry.leases > 0) continue;
      forget(digest);
      evicted.push(digest);
      await rm(pathOf(digest), { force: true });
    }
    if (evicted.length > 0) options.onEvicted(evicted);
  }

  async function scan(): Promise<void> {
    for (const file of await readdir(blobs, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const algorithm = file.parentPath.slice(blobs.length + 1).split(/[\\/]/)[0];
      const digest = `${algorithm}:${file.name}`;
      if (!isDigest(digest) || entries.has(digest)) continue;
      const facts = await stat(join(file.parentPath, file.name)).catch(() => undefined);
      if (facts) remember(digest, facts.size, facts.mtimeMs);
    }
  }
  // Counting a large folder takes longer than a start may; until it is done nothing is evicted, everything is served.
  const scanned = scan();
  scanned.catch(() => undefined);

  function touch(digest: Digest, entry: Entry): void {
    entry.lastUsed = now();
    if (entry.lastUsed - entry.touchedAt < touchIntervalMilliseconds) return;
    entry.touchedAt = entry.lastUsed;
    const seconds = entry.lastUsed / 1000;
    utimes(pathOf(digest), seconds, seconds).catch(() => undefined);
  }

  return {
    async stat(digest) {
      const known = entries.get(digest);
      if (known) return known.size;
      const facts = await stat(pathOf(digest)).catch(() => undefined);
      return facts && remember(digest, facts.size, facts.mtimeMs).size;
    },

    async open(digest) {
      const known = entries.get(digest);
      if (known) known.leases++;
      const handle = await open(pathOf(digest)).catch(() => undefined);
      if (!handle) {
        forget(digest);
        return undefined;
      }
      const { size } = await handle.stat();
      const entry = known ?? remember(digest, size, now());
      if (!known) entry.leases++;
      touch(digest, entry);
      let closed = false;
      return {
        handle,
        size,
        async close() {
          if (closed) return;
          closed = true;
          entry.leases--;
          await handle.close();
        },
      };
    },

    async create(size) {
      const reserved = size ?? 0;
      if (reserved > maxBytes) return undefined;
      used += reserved;
      await evict(() => used <= maxBytes);
      const path = join(incoming, randomUUID());
      const handle = used > maxBytes ? undefined : await open(path, 'wx+', 0o600).catch(() => undefined);
      if (!handle) {
        used -= reserved;
        return undefined;
      }
      let settled = false;
      async function discard(): Promise<void> {
        if (settled) return;
        settled = true;
        used -= reserved;
        await rm(path, { force: true });
      }
      return {
        handle,
        discard,
        async commit(digest, bytes) {
          if (settled) return;
          // After a power cut a renamed file must not turn out to be empty: its content goes to the disk first.
          await handle.datasync();
          const target = pathOf(digest);
          await mkdir(dirname(target), { recursive: true });
          await rename(path, target);
          settled = true;
          used -= reserved;
          remember(digest, bytes, now());
          await evict(() => used <= maxBytes);
        },
      };
    },

    async relieve(bytes) {
      const goal = Math.max(0, used - bytes);
      await evict(() => used <= goal);
    },

    usedBytes: () => used,
  };
}
