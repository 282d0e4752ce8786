import { giveMemoryBack, takeMemory } from './ring-memory.ts';

const none = new SharedArrayBuffer(0);

/**
 * The newest part of a download: readers at the tip need not read the file. Its memory is used again and again and stays
 * in the processor's cache, and what came in can be let go at once. It is shared with the thread that hashes. Positions
 * count from the download's first byte.
 */
export class Ring {
  readonly #size: number;
  #memory = none;
  #bytes = Buffer.from(none);
  #end = 0;
  #worthwhile = Number.POSITIVE_INFINITY;

  /** For a download of so many bytes. It takes memory with the first of them: an upstream may have none. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Position of the first byte that is still here. */
  get start(): number {
    return Math.max(0, this.#end - this.#bytes.length);
  }

  /** Position after the last byte. */
  get end(): number {
    return this.#end;
  }

  /**
   * Bytes that are worth waking another thread for while more are coming: that takes as long as hashing a hundred
   * thousand bytes. A quarter of the memory, so that the fill goes on beside those who work behind it.
   */
  get worthwhile(): number {
    return this.#worthwhile;
  }

  /** For the thread that hashes. */
  get memory(): SharedArrayBuffer {
    return this.#memory;
  }

  /** Copies as many bytes as there is room for beside those from a position on that are still needed. Gives their number. */
  push(bytes: Uint8Array, needed: number): number {
    if (this.#end === 0) this.#takeMemory();
    const room = needed + this.#bytes.length - this.#end;
    // In pieces: a chunk that is larger than the ring must not have to fit into it.
    const length = Math.max(0, Math.min(bytes.length, room, this.#memory.byteLength / 2));
    const end = this.#end + length;
    for (const slice of this.slices(this.#end, end)) {
      const from = length - (end - this.#end);
      move(bytes, from, slice, 0, slice.length);
      this.#end += slice.length;
    }
    return length;
  }

  /** Copies the bytes between two positions, as far as the buffer takes them. Undefined when they are gone. */
  read(start: number, end: number, buffer: Buffer): Uint8Array | undefined {
    if (start < this.start) return undefined;
    let length = 0;
    for (const slice of this.slices(start, Math.min(end, start + buffer.length))) {
      move(slice, 0, buffer, length, slice.length);
      length += slice.length;
    }
    return buffer.subarray(0, length);
  }

  /** The memory of the bytes between two positions that are here: in two pieces where it goes round. */
  slices(start: number, end: number): Uint8Array[] {
    return slicesOf(this.#bytes, start, end);
  }

  /** Gives the memory to the next download. Nothing is here from then on: what is still wanted must be in the file. */
  release(): void {
    if (this.#memory !== none) giveMemoryBack(this.#memory);
    this.#memory = none;
    this.#bytes = Buffer.from(none);
  }

  #takeMemory(): void {
    if (this.#memory === none) this.#memory = takeMemory(this.#size);
    this.#bytes = Buffer.from(this.#memory, 0, Math.min(this.#size, this.#memory.byteLength));
    this.#worthwhile = this.#memory.byteLength / 4;
  }
}

/** The memory of a ring between two positions of its download: in two pieces where it goes round. */
export function slicesOf(ring: Uint8Array, start: number, end: number): Uint8Array[] {
  if (start === end) return [];
  const at = start % ring.length;
  const beforeTurn = ring.subarray(at, at + end - start);
  if (beforeTurn.length === end - start) return [beforeTurn];
  return [beforeTurn, ring.subarray(0, end - start - beforeTurn.length)];
}

/**
 * `set` copies from and to shared memory word by word, ten times slower than memmove. So does `Buffer.copy` with the whole
 * of a buffer, but not with parts of it: hence the halves.
 */
function move(source: Uint8Array, from: number, target: Uint8Array, at: number, length: number): void {
  const middle = Math.ceil(length / 2);
  const { copy } = Buffer.prototype;
  copy.call(source, target, at, from, from + middle);
  copy.call(source, target, at + middle, from + middle, from + length);
}
