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

  /** The bytes from a position to the end of their chunk; undefined when they are gone or yet to come. */
  at(position: number): Uint8Array | undefined {
    if (position < this.#start || position >= this.#end) return undefined;
    const chunk = this.#chunks.findLast(({ offset }) => offset <= position);
    return chunk?.bytes.subarray(position - chunk.offset);
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
