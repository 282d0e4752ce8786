import { createHash } from 'node:crypto';
import type { Digest } from '@pullgate/policy';
import { LRUCache } from 'lru-cache';
import type { Manifest } from '../content/content.ts';
import { maxManifestBytes } from '../content/manifest.ts';
import type { BlobStore } from './blob-store.ts';

/** Bytes of manifests held in memory, so that a cached one costs no disk access. */
const maxMemoryBytes = 64 * 1024 * 1024;
/** What a manifest takes beside its bytes: itself, its place here, and the head of its answer. */
const aroundBytes = 768;

/** Manifests by digest, whoever may see them. Membership is asked before, by the caller, and tells the media type. */
export interface ManifestCache {
  inMemory(digest: Digest, mediaType: string): Manifest | undefined;
  /** Reads one that was stored earlier; undefined when it is not there or was damaged. */
  fromDisk(digest: Digest, mediaType: string): Promise<Manifest | undefined>;
  /** Keeps one that was verified, in memory at once and in a file a little later. */
  keep(manifest: Manifest): void;
  /** What is on its way to the disk. None of it rejects. */
  readonly saving: ReadonlySet<Promise<void>>;
}

export function createManifestCache(store: BlobStore, onError: (error: unknown) => void): ManifestCache {
  const memory = new LRUCache<Digest, Manifest>({
    maxSize: maxMemoryBytes,
    sizeCalculation: (manifest) => manifest.bytes.length + aroundBytes,
  });

  const saving = new Set<Promise<void>>();

  async function save({ digest, bytes }: Manifest): Promise<void> {
    const file = await store.create(bytes.length);
    if (!file) return;
    try {
      await file.handle.writeFile(bytes);
      await file.commit(digest, bytes.length);
    } finally {
      await file.discard();
      await file.close();
    }
  }

  async function load(digest: Digest): Promise<Buffer | undefined> {
    const stored = await store.open(digest);
    try {
      // The digest may be that of a blob of many gigabytes.
      if (!stored || stored.size > maxManifestBytes) return undefined;
      const bytes = Buffer.alloc(stored.size);
      await stored.handle.read(bytes, 0, stored.size, 0);
      return isWhole(bytes, digest) ? bytes : undefined;
    } finally {
      await stored?.close();
    }
  }

  return {
    inMemory(digest, mediaType) {
      const manifest = memory.get(digest);
      if (manifest?.mediaType !== mediaType) return undefined;
      store.touch(digest);
      return manifest;
    },

    async fromDisk(digest, mediaType) {
      try {
        const bytes = await load(digest);
        if (!bytes) return undefined;
        const manifest: Manifest = { digest, mediaType, size: bytes.length, bytes, stale: false };
        memory.set(digest, manifest);
        return manifest;
      } catch (error) {
        onError(error);
        return undefined;
      }
    },

    keep(manifest) {
      memory.set(manifest.digest, manifest);
      const saved = save(manifest)
        .catch(onError)
        .finally(() => saving.delete(saved));
      saving.add(saved);
    },

    saving,
  };
}

function isWhole(bytes: Buffer, digest: Digest): boolean {
  const [algorithm = '', hex] = digest.split(':');
  return createHash(algorithm).update(bytes).digest('hex') === hex;
}
