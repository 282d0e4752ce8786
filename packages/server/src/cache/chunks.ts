import type { FileHandle } from 'node:fs/promises';
import { ContentError } from '../content/content-error.ts';
import type { StoredBlob } from './blob-store.ts';

/** Large enough that a call per chunk costs little, small enough that a hundred readers fit in memory. */
export const chunkBytes = 512 * 1024;
/** So many stay in memory that nobody uses: 4 MiB. They are what readers find that are a little behind others. */
const maxIdle = 8;

/** A piece of a stored file, read once for all who are at its place: many machines begin with the same image at once. */
export interface Chunk {
  /** Position of its first byte in the file: a multiple of `chunkBytes`. */
  readonly start: number;
  /** Valid until it is released. Rejects with `ContentError`. */
  readonly bytes: Promise<Buffer>;
}

/** The chunks of one file that are in memory, by their positions. */
export type Chunks = Map<number, Chunk>;

interface Kept extends Chunk {
  readonly file: Chunks;
  readonly memory: Buffer;
  users: number;
}

/** Those that nobody uses. The next to go comes first. */
const idle = new Set<Kept>();

/** To be released by whoever takes it, once. */
export function takeChunk({ handle, size, chunks }: StoredBlob, start: number): Chunk {
  const known = chunks.get(start) as Kept | undefined;
  if (known === undefined) return readChunk(chunks, start, (memory) => fill(handle, memory, start, size));
  known.users += 1;
  idle.delete(known);
  return known;
}

/** Its memory is used again once nobody needs it. */
export async function releaseChunk(chunk: Chunk): Promise<void> {
  const released = chunk as Kept;
  // Whoever leaves early may leave a read that still writes into this memory.
  await released.bytes.catch(() => undefined);
  released.users -= 1;
  if (released.users > 0) return;
  idle.add(released);
  if (idle.size > maxIdle) takeOldest();
}

function readChunk(file: Chunks, start: number, read: (memory: Buffer) => Promise<Buffer>): Chunk {
  const memory = takeMemory();
  const chunk: Kept = { start, bytes: read(memory), file, memory, users: 1 };
  file.set(start, chunk);
  // What a disk refuses once it may give the next time; and a failure that nobody handles ends the process.
  chunk.bytes.catch(() => forget(chunk));
  return chunk;
}

function takeMemory(): Buffer {
  const memory = idle.size === maxIdle ? takeOldest() : undefined;
  return memory ?? Buffer.allocUnsafeSlow(chunkBytes);
}

/** From the chunk that nobody has used for longest. */
function takeOldest(): Buffer | undefined {
  const [oldest] = idle;
  if (oldest === undefined) return undefined;
  idle.delete(oldest);
  forget(oldest);
  return oldest.memory;
}

/** Nobody is to find it any more. */
function forget({ file, start }: Kept): void {
  file.delete(start);
}

async function fill(handle: FileHandle, memory: Buffer, start: number, size: number): Promise<Buffer> {
  const bytes = memory.subarray(0, size - start);
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await handle
      .read(bytes, filled, bytes.length - filled, start + filled)
      .catch((cause: unknown) => {
        throw new ContentError('unavailable', 'A file of the cache cannot be read.', { cause });
      });
    if (bytesRead === 0) throw new ContentError('unavailable', 'A file of the cache is shorter than it was.');
    filled += bytesRead;
  }
  return bytes;
}
