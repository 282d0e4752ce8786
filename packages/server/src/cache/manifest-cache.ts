import type { Digest } from '@pullgate/policy';
import { LRUCache } from 'lru-cache';
import type { Manifest } from '../content/content.ts';
import type { BlobStore } from './blob-store.ts';

/** Bytes of manifests held in memory, so that a cached one costs no disk access. */
const maxMemoryBytes = 64 * 1024 * 1024;

/** Manifests by digest, whoever may see them. Membership is asked before, by the caller. */
export interface ManifestCache {
  inMemory(digest: Digest): Manifest | undefined;
  /** Reads one that was stored earlier; its media type is what its source knows. */
  fromDisk(digest: Digest, mediaType: string): Promise<Manifest | undefined>;
  /** Keeps one that was verified. */
  keep(manifest: Manifest): void;
}

export function createManifestCache(store: BlobStore, onError: (error: unknown) => void): ManifestCache {
  const memory = new LRUCache<Digest, Manifest>({
    maxSize: maxMemoryBytes,
    sizeCalculation: (manifest) => manifest.bytes.length + 512,
  });

  async function save(manifest: Manifest): Promise<void> {
    const file = await store.create(manifest.size);
    if (!file) return;
    try {
      await file.handle.write(manifest.bytes, 0, manifest.size, 0);
      await file.commit(manifest.digest, manifest.size);
    } finally {
      await file.discard();
      await file.handle.close();
    }
  }

  return {
    inMemory: (digest) => memory.get(digest),

    async fromDisk(digest, mediaType) {
      const stored = await store.open(digest);
      if (!stored) return undefined;
      try {
        const bytes = Buffer.allocUnsafeSlow(stored.size);
        const { bytesRead } = await stored.handle.read(bytes, 0, stored.size, 0);
        if (bytesRead < stored.size) return undefined;
        const manifest: Manifest = { digest, mediaType, size: stored.size, bytes, stale: false };
        memory.set(digest, manifest);
        return manifest;
      } finally {
        await stored.close();
      }
    },

    keep(manifest) {
      memory.set(manifest.digest, manifest);
      save(manifest).catch(onError);
    },
  };
}
