import type { ByteRange } from '../content/content.ts';
import type { StoredBlob } from './blob-store.ts';
import { type Chunk, chunkBytes, releaseChunk, shorter, takeChunk, takePart } from './chunks.ts';

/**
 * Reads a stored blob with one chunk read ahead: while the consumer sends one, the next is filled. Closes the blob when
 * the loop ends, however it ends. A chunk is valid only until the next one is asked for.
 */
export async function* readStored(blob: StoredBlob, range?: ByteRange): AsyncGenerator<Uint8Array> {
  const first = range?.start ?? 0;
  const end = range === undefined ? blob.size : range.end + 1;
  const isPart = end - first < Math.min(chunkBytes, blob.size);
  const held: Chunk[] = [];
  const hold = (start: number): void => {
    if (start < end) held.push(isPart ? takePart(blob, start, end) : takeChunk(blob, start));
  };
  try {
    if (end > blob.size) throw shorter();
    hold(isPart ? first : first - (first % chunkBytes));
    for (let chunk = held[0]; chunk !== undefined; chunk = held[0]) {
      const bytes = await chunk.bytes;
      hold(chunk.start + chunkBytes);
      yield bytes.subarray(Math.max(0, first - chunk.start), end - chunk.start);
      held.shift();
      void releaseChunk(chunk);
    }
  } finally {
    await Promise.all(held.map(releaseChunk));
    await blob.close();
  }
}
