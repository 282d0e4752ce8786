/** Weight of the chunks that one download keeps in memory, in bytes. */
const maxWeight = 2 * 1024 * 1024;
/** What a chunk weighs beside its bytes: an upstream may send them one by one. */
const chunkOverhead = 256;

interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The newest part of a download, in memory: readers at the tip need not read the file. Positions count from its first byte. */
export class ChunkWindow {
  #chunks: Chunk[] = [];
  #start = 0;
  #end = 0;
  #weight = 0;

  /** Position of the first byte that is still here. */
  get start(): number {
    return this.#start;
  }

  /** Position after the last byte. */
  get end(): number {
    return this.#end;
  }

  get isFull(): boolean {
    return this.#weight > maxWeight;
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push({ offset: this.#end, bytes });
    this.#end += bytes.length;
    this.#weight += bytes.length + chunkOverhead;
  }

  /**
   * The bytes from a position on: those of one chunk, or, where there are several, as many as the buffer takes, because
   * few large writes cost less than many small ones. Undefined when they are gone or yet to come.
   */
  read(position: number, buffer: () => Buffer): Uint8Array | undefined {
    if (position < this.#start || position >= this.#end) return undefined;
    const chunks = this.from(position);
    const [first] = chunks;
    if (chunks.length === 1) return first;
    return gather(chunks, buffer());
  }

  /** All bytes from a position on that is still here. */
  from(position: number): Uint8Array[] {
    const chunks = this.#chunks.filter(({ offset, bytes }) => offset + bytes.length > position);
    return chunks.map(({ offset, bytes }) => bytes.subarray(Math.max(0, position - offset)));
  }

  /** Lets go of the oldest chunks that end before or at a position, as long as the window is full. */
  release(position: number): void {
    let released = 0;
    for (const { offset, bytes } of this.#chunks) {
      const end = offset + bytes.length;
      if (!this.isFull || end > position) break;
      this.#start = end;
      this.#weight -= bytes.length + chunkOverhead;
      released++;
    }
    if (released > 0) this.#chunks.splice(0, released);
  }
}

/** Copies chunks one after the other, the last one as far as there is room. Gives what was filled. */
function gather(chunks: readonly Uint8Array[], buffer: Buffer): Uint8Array {
  let length = 0;
  for (const chunk of chunks) {
    const part = chunk.subarray(0, buffer.length - length);
    buffer.set(part, length);
    length += part.length;
    if (length === buffer.length) break;
  }
  return buffer.subarray(0, length);
}
