/** Bytes that one download keeps in memory. */
const maxCapacity = 4 * 1024 * 1024;
/** Bytes that are taken in at once: a chunk larger than the ring must not have to fit into it. */
const maxPiece = maxCapacity / 2;
/** Rings kept for the next download: V8 does not count shared memory, and is in no hurry to collect it. */
const maxIdle = 4;

const idle: SharedArrayBuffer[] = [];

/**
 * The newest part of a download: readers at the tip need not read the file. Its memory is used again and again and stays
 * in the processor's cache, and what came in can be let go at once. It is shared with the thread that hashes. Positions
 * count from the download's first byte.
 */
export class Ring {
  #memory: SharedArrayBuffer;
  #bytes: Buffer;
  #end = 0;

  /** For a download of so many bytes. */
  constructor(size: number) {
    const capacity = Math.min(size, maxCapacity);
    this.#memory = (capacity === maxCapacity ? idle.pop() : undefined) ?? new SharedArrayBuffer(capacity);
    this.#bytes = Buffer.from(this.#memory);
  }

  /** Position of the first byte that is still here. */
  get start(): number {
    return Math.max(0, this.#end - this.#bytes.length);
  }

  /** Position after the last byte. */
  get end(): number {
    return this.#end;
  }

  /** For the thread that hashes. */
  get memory(): SharedArrayBuffer {
    return this.#memory;
  }

  /** Copies as many bytes as there is room for beside those from a position on that are still needed. Gives their number. */
  push(bytes: Uint8Array, needed: number): number {
    const room = needed + this.#bytes.length - this.#end;
    const length = Math.max(0, Math.min(bytes.length, room, maxPiece));
    const end = this.#end + length;
    for (const slice of this.slices(this.#end, end)) {
      const from = length - (end - this.#end);
      copy(bytes, from, slice, 0, slice.length);
      this.#end += slice.length;
    }
    return length;
  }

  /** Copies the bytes between two positions, as far as the buffer takes them. Undefined when they are gone. */
  read(start: number, end: number, buffer: Buffer): Uint8Array | undefined {
    if (start < this.start) return undefined;
    let length = 0;
    for (const slice of this.slices(start, Math.min(end, start + buffer.length))) {
      copy(slice, 0, buffer, length, slice.length);
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
    if (this.#memory.byteLength === maxCapacity && idle.length < maxIdle) idle.push(this.#memory);
    this.#memory = new SharedArrayBuffer(0);
    this.#bytes = Buffer.from(this.#memory);
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
function copy(source: Uint8Array, from: number, target: Uint8Array, at: number, length: number): void {
  const middle = Math.ceil(length / 2);
  const { copy } = Buffer.prototype;
  copy.call(source, target, at, from, from + middle);
  copy.call(source, target, at + middle, from + middle, from + length);
}
