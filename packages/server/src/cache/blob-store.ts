import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, isDigest } from '@pullgate/policy';
import type { Chunks } from './chunks.ts';
import type { StoredBlob } from './stored-blob.ts';

/** How often, at most, a use is written to the file's time, from which the order of eviction is rebuilt at start. */
const touchIntervalMilliseconds = 60 * 60 * 1000;

interface Entry {
  readonly size: number;
  leases: number;
  touchedAt: number;
  /** Made when it is first read: most files are not, and there may be very many. */
  chunks: Chunks | undefined;
}

/** A file that is being filled. It becomes a blob only by `commit`, and can be evicted once it is closed. */
export interface IncomingFile {
  readonly handle: FileHandle;
  /** Makes it the blob of the digest, which the caller has verified. Throws when the disk refuses. */
  commit(digest: Digest, size: number): Promise<void>;
  /** Drops it and gives its reservation back, unless it was committed. Never throws. */
  discard(): Promise<void>;
  /** Nobody reads or writes it any more. */
  close(): Promise<void>;
}

export interface BlobStore {
  /** Size in bytes of a blob that is here, else undefined. */
  stat(digest: Digest): Promise<number | undefined>;
  /** Notes that a blob was used without its file, so that it is not evicted for not having been read. */
  touch(digest: Digest): void;
  /** Opens a blob, or answers undefined when it is not here. Throws when the disk refuses. */
  open(digest: Digest): Promise<StoredBlob | undefined>;
  /**
   * Reserves room and opens a file to fill. Undefined when the blob does not fit beside what is in use: it must then be
   * streamed past the cache. Throws when the disk refuses.
   */
  create(size: number): Promise<IncomingFile | undefined>;
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
  /** Least recently used first. */
  const entries = new Map<Digest, Entry>();
  /** Files that are being deleted. */
  const leaving = new Map<Digest, Promise<void>>();
  /** Deleted while the folder was being scanned: what was read of these files before does not hold any more. */
  const deleted = new Set<Digest>();
  /** Bytes stored and reserved, and those among them that cannot be evicted: reserved, or open for reading. */
  let used = 0;
  let held = 0;
  let isScanned = false;

  // What a crash left half written is worth nothing: it was never verified.
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  await mkdir(blobs, { recursive: true });

  function pathOf(digest: Digest): string {
    const [algorithm = '', hex = ''] = digest.split(':');
    return join(blobs, algorithm, hex.slice(0, 2), hex);
  }

  function remember(digest: Digest, size: number, touchedAt: number): Entry {
    forget(digest);
    const entry: Entry = { size, leases: 0, touchedAt, chunks: undefined };
    entries.set(digest, entry);
    used += size;
    return entry;
  }

  function forget(digest: Digest): void {
    used -= entries.get(digest)?.size ?? 0;
    entries.delete(digest);
  }

  /** A file that cannot be deleted stays uncounted until the next start. */
  function remove(digest: Digest): void {
    forget(digest);
    if (!isScanned) deleted.add(digest);
    const removed = rm(pathOf(digest), { force: true }).catch(() => undefined);
    leaving.set(
      digest,
      removed.finally(() => leaving.delete(digest)),
    );
  }

  async function shrinkTo(bytes: number): Promise<void> {
    if (used <= bytes) return;
    await scanned;
    const evicted: Digest[] = [];
    for (const [digest, { leases }] of entries) {
      if (used <= bytes) break;
      if (leases > 0) continue;
      remove(digest);
      evicted.push(digest);
    }
    if (evicted.length === 0) return;
    options.onEvicted(evicted);
    await Promise.all(leaving.values());
  }

  /** Until the folder is scanned, a blob may be there that nobody counted yet. */
  async function find(digest: Digest): Promise<Entry | undefined> {
    const facts = isScanned ? undefined : await stat(pathOf(digest)).catch(() => undefined);
    const isUncounted = !(isScanned || deleted.has(digest));
    return entries.get(digest) ?? (facts && isUncounted ? remember(digest, facts.size, facts.mtimeMs) : undefined);
  }

  async function scan(): Promise<void> {
    const found: { digest: Digest; size: number; mtimeMs: number }[] = [];
    for await (const file of filesBelow(blobs)) {
      const digest = `${file.parentPath.slice(blobs.length + 1).split(/[\\/]/)[0]}:${file.name}`;
      if (!isDigest(digest)) continue;
      const facts = await stat(join(file.parentPath, file.name)).catch(() => undefined);
      if (facts) found.push({ digest, size: facts.size, mtimeMs: facts.mtimeMs });
    }
    found.sort((a, b) => a.mtimeMs - b.mtimeMs);
    const usedMeanwhile = [...entries];
    for (const { digest, size, mtimeMs } of found) {
      if (!(entries.has(digest) || deleted.has(digest))) remember(digest, size, mtimeMs);
    }
    for (const [digest, entry] of usedMeanwhile) moveToEnd(digest, entry);
    isScanned = true;
    deleted.clear();
  }
  // Counting a large folder takes longer than a start may; until it is done nothing is evicted, everything is served.
  const scanned = scan();
  scanned.then(() => shrinkTo(maxBytes)).catch(() => undefined);

  function moveToEnd(digest: Digest, entry: Entry): void {
    if (entries.get(digest) !== entry) return;
    entries.delete(digest);
    entries.set(digest, entry);
  }

  function use(digest: Digest, entry: Entry): void {
    moveToEnd(digest, entry);
    const time = now();
    if (time - entry.touchedAt < touchIntervalMilliseconds) return;
    entry.touchedAt = time;
    utimes(pathOf(digest), time / 1000, time / 1000).catch(() => undefined);
  }

  function lease(entry: Entry): () => void {
    if (entry.leases++ === 0) held += entry.size;
    return () => {
      if (--entry.leases === 0) held -= entry.size;
    };
  }

  return {
    stat: async (digest) => (entries.get(digest) ?? (await find(digest)))?.size,

    touch(digest) {
      const entry = entries.get(digest);
      if (entry) use(digest, entry);
    },

    async open(digest) {
      const entry = entries.get(digest) ?? (await find(digest));
      if (!entry) return undefined;
      const release = lease(entry);
      const handle = await openWhole(pathOf(digest), entry.size).catch((error) => {
        release();
        throw error;
      });
      if (handle) {
        use(digest, entry);
        entry.chunks ??= new Map();
        const close = once(() => handle.close().finally(release));
        return { handle, size: entry.size, chunks: entry.chunks, close };
      }
      release();
      if (entries.get(digest) === entry) remove(digest);
      return undefined;
    },

    async create(size) {
      if (held + size > maxBytes) return undefined;
      used += size;
      held += size;
      const giveBack = (): void => {
        used -= size;
        held -= size;
      };
      const path = join(incoming, randomUUID());
      let handle: FileHandle;
      try {
        await shrinkTo(maxBytes);
        handle = await open(path, 'wx+', 0o600);
      } catch (error) {
        giveBack();
        throw error;
      }
      let isSettled = false;
      // An open file keeps its place on the disk, even when it is deleted: evicting it would make no room.
      let release = (): void => undefined;
      return {
        handle,
        async discard() {
          if (isSettled) return;
          isSettled = true;
          giveBack();
          // What cannot be deleted now is deleted at the next start.
          await rm(path, { force: true }).catch(() => undefined);
        },
        async commit(digest, bytes) {
          const target = pathOf(digest);
          await mkdir(dirname(target), { recursive: true });
          await leaving.get(digest);
          await rename(path, target);
          isSettled = true;
          giveBack();
          release = lease(remember(digest, bytes, now()));
        },
        close: once(() => handle.close().finally(() => release())),
      };
    },

    relieve: (bytes) => shrinkTo(Math.max(0, used - bytes)),

    usedBytes: () => used,
  };
}

/** What cannot be read is not counted: a folder of somebody else's in between must not end the counting. */
async function* filesBelow(folder: string): AsyncGenerator<Dirent> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) yield* filesBelow(join(folder, entry.name));
    else if (entry.isFile()) yield entry;
  }
}

/** Opens a file for reading; undefined when it is gone, or is not of its size any more. */
async function openWhole(path: string, size: number): Promise<FileHandle | undefined> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  const facts = await handle.stat().catch(() => undefined);
  if (facts?.size === size) return handle;
  await handle.close();
  return undefined;
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= close();
    return closed;
  };
}
