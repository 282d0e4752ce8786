import type { FileHandle } from 'node:fs/promises';
import type { ByteRange } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import type { StoredBlob } from './blob-store.ts';

/** Large enough that a call per chunk costs little, small enough that a hundred readers fit in memory. */
const chunkBytes = 512 * 1024;
/** Buffers kept for the next reader, so that serving does not allocate. Two per reader are in use at once. */
const maxIdleBuffers = 32;

const idle: Buffer[] = [];

/**
 * Reads a stored blob with one chunk read ahead: while the consumer sends one buffer, the other is filled. Closes the
 * blob when the loop ends, however it ends.
 */
export async function* readStored(blob: StoredBlob, range?: ByteRange): AsyncGenerator<Uint8Array> {
  let position = range?.start ?? 0;
  const end = range === undefined ? blob.size : range.end + 1;
  let current = idle.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
  let next = idle.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
  let ahead = fill(blob.handle, current, position, end);
  try {
    while (position < end) {
      const length = await ahead;
      position += length;
      ahead = fill(blob.handle, next, position, end);
      // While the consumer is slow nobody waits for it, and a failure that nobody handles ends the process.
      ahead.catch(() => undefined);
      yield current.subarray(0, length);
      [current, next] = [next, current];
    }
  } finally {
    await ahead.catch(() => undefined);
    if (idle.length < maxIdleBuffers) idle.push(current, next);
    await blob.close();
  }
}

/** Reads as much as the buffer takes; 0 bytes only at the end. */
async function fill(handle: FileHandle, buffer: Buffer, position: number, end: number): Promise<number> {
  if (position >= end) return 0;
  const length = Math.min(buffer.length, end - position);
  const { bytesRead } = await handle.read(buffer, 0, length, position).catch((cause: unknown) => {
    throw new ContentError('unavailable', 'A file of the cache cannot be read.', { cause });
  });
  if (bytesRead === 0) throw new ContentError('unavailable', 'A file of the cache is shorter than it was.');
  return bytesRead;
}
