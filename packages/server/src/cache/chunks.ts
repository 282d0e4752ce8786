import type { FileHandle } from 'node:fs/promises';
import { ContentError } from '../content/content-error.ts';

/** Large enough that a call per chunk costs little, small enough that a hundred readers fit in memory. */
export const chunkBytes = 512 * 1024;
/** Chunks that stay in memory though nobody uses them: readers who are a little behind others find them. */
const maxIdle = 8;
/** Buffers with nothing in them that stay for the next chunks, so that serving does not allocate. */
const maxFree = 24;

/** A file that many may read at once. */
export interface ChunkedFile {
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
  /** Shared by all who read it. */
  readonly chunks: Chunks;
}

/** A piece of a file in memory. */
export interface Chunk {
  /** Position of its first byte in the file. */
  readonly start: number;
  /** Valid until it is released. Rejects with `ContentError`. */
  readonly bytes: Promise<Buffer>;
  readonly memory: Buffer;
  /** Where others find it. */
  readonly chunks: Chunks;
  users: number;
}

/** What is in memory of one file, by position: multiples of `chunkBytes`. */
export type Chunks = Map<number, Chunk>;

/** Those that nobody uses. The next to go comes first. */
const idle = new Set<Chunk>();
const free: Buffer[] = [];

/**
 * From a multiple of `chunkBytes` on, read once for all who are at this place: many machines begin with the same image at
 * once. To be released by whoever takes it, once.
 */
export function takeChunk({ handle, size, chunks }: ChunkedFile, start: number): Chunk {
  const known = chunks.get(start);
  if (known !== undefined) {
    known.users += 1;
    idle.delete(known);
    return known;
  }
  const memory = free.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
  const bytes = fill(handle, memory.subarray(0, size - start), start);
  const chunk: Chunk = { start, bytes, memory, chunks, users: 1 };
  chunks.set(start, chunk);
  // What a disk refuses once it may give the next time; and a failure that nobody handles ends the process.
  chunk.bytes.catch(() => chunks.delete(start));
  return chunk;
}

/** A few bytes, and nothing around them: clients that load lazily ask for many small pieces. In memory of their own size. */
export function readPart({ handle }: ChunkedFile, start: number, end: number): Promise<Buffer> {
  return fill(handle, Buffer.allocUnsafeSlow(end - start), start);
}

/** Its memory is used again once nobody needs it. */
export async function releaseChunk(chunk: Chunk): Promise<void> {
  // Whoever leaves early may leave a read that still writes into this memory.
  await chunk.bytes.catch(() => undefined);
  chunk.users -= 1;
  if (chunk.users > 0) return;
  // What could not be read is not looked for, and what was read there since then is not its own.
  if (chunk.chunks.get(chunk.start) !== chunk) return giveMemoryBack(chunk.memory);
  idle.add(chunk);
  const [oldest] = idle;
  if (oldest === undefined || idle.size <= maxIdle) return;
  idle.delete(oldest);
  oldest.chunks.delete(oldest.start);
  giveMemoryBack(oldest.memory);
}

function giveMemoryBack(memory: Buffer): void {
  if (free.length < maxFree) free.push(memory);
}

async function fill(handle: FileHandle, bytes: Buffer, start: number): Promise<Buffer> {
  for (let filled = 0; filled < bytes.length; ) {
    const left = bytes.length - filled;
    const { bytesRead } = await handle.read(bytes, filled, left, start + filled).catch((cause: unknown) => {
      throw new ContentError('unavailable', 'A file of the cache cannot be read.', { cause });
    });
    if (bytesRead === 0) throw shorter();
    filled += bytesRead;
  }
  return bytes;
}

/** Less came than the blob has. Going on would look like its end. */
export function shorter(): ContentError {
  return new ContentError('unavailable', 'A file of the cache is shorter than it was.');
}
