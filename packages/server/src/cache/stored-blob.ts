import type { ByteRange } from '../content/content.ts';
import { type Chunk, type ChunkedFile, chunkBytes, readPart, releaseChunk, shorter, takeChunk } from './chunks.ts';

/** A blob of the store, open for reading. It cannot be evicted until it is closed. */
export interface StoredBlob extends ChunkedFile {
  close(): Promise<void>;
}

/**
 * Reads a stored blob, or a range of it, and closes it when the loop ends, however it ends. A piece is valid only until the
 * next one is asked for.
 */
export async function* readStored(blob: StoredBlob, range?: ByteRange): AsyncGenerator<Uint8Array> {
  const start = range?.start ?? 0;
  const end = range === undefined ? blob.size : range.end + 1;
  try {
    if (end > blob.size) throw shorter();
    if (end - start < Math.min(chunkBytes, blob.size)) yield await readPart(blob, start, end);
    else yield* readChunks(blob, start, end);
  } finally {
    await blob.close();
  }
}

/** With one chunk read ahead: while the consumer sends one, the next is filled. */
async function* readChunks(blob: StoredBlob, first: number, end: number): AsyncGenerator<Uint8Array> {
  const held: Chunk[] = [];
  const hold = (start: number): void => {
    if (start < end) held.push(takeChunk(blob, start));
  };
  try {
    hold(first - (first % chunkBytes));
    for (let chunk = held[0]; chunk !== undefined; chunk = held[0]) {
      const bytes = await chunk.bytes;
      hold(chunk.start + chunkBytes);
      yield bytes.subarray(Math.max(0, first - chunk.start), end - chunk.start);
      held.shift();
      void releaseChunk(chunk);
    }
  } finally {
    await Promise.all(held.map(releaseChunk));
  }
}
