import type { Digest } from '@pullgate/policy';
import { ContentError } from '../content/content-error.ts';
import type { IncomingFile } from './blob-store.ts';
import type { Ring } from './ring.ts';

/**
 * The file of a running download, written behind the fill and read by readers that lag. A disk that refuses loses the
 * file for the cache; what was written until then can still be read.
 */
export class Spool {
  readonly #ring: Ring;
  readonly #onWritten: () => void;
  readonly #onLost: (error: unknown) => void;
  #file: IncomingFile | undefined;
  #isLost = false;
  #isComplete = false;
  #written = 0;
  #writing: Promise<void> | undefined;

  constructor(ring: Ring, onWritten: () => void, onLost: (error: unknown) => void) {
    this.#ring = ring;
    this.#onWritten = onWritten;
    this.#onLost = onLost;
  }

  /** There will be no blob in the store. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Bytes that the ring need not keep any more. */
  get written(): number {
    return this.#written;
  }

  /** Takes the file to fill; undefined when there is none to be had. */
  use(file: IncomingFile | undefined): void {
    this.#file = file;
    this.#isLost = file === undefined;
  }

  /** Writes what the ring has and the file has not, when it is worth it. */
  update(): void {
    if (this.#hasToWrite()) this.#writing ??= this.#write();
  }

  has(position: number): boolean {
    return this.#file !== undefined && position < this.#written;
  }

  /** Reads into the buffer what the file has between two positions. Throws `ContentError`. */
  async read(start: number, end: number, buffer: Buffer): Promise<Uint8Array> {
    const length = Math.min(buffer.length, end - start, this.#written - start);
    const result = await this.#file?.handle.read(buffer, 0, length, start).catch((cause: unknown) => {
      throw new ContentError('unavailable', 'The cache cannot read a file that it is filling.', { cause });
    });
    if (!result?.bytesRead) throw new ContentError('unavailable', 'The cache lost a file that it is filling.');
    return buffer.subarray(0, result.bytesRead);
  }

  /** Makes the file the blob of the digest, once everything is written; a lost file is dropped. Never rejects. */
  async commit(digest: Digest, size: number): Promise<void> {
    this.#isComplete = true;
    this.update();
    await this.#writing;
    if (this.#file && !this.#isLost) await this.#file.commit(digest, size).catch((error) => this.#lose(error));
    if (this.#isLost) await this.#file?.discard();
  }

  /** Drops the file; readers keep what is in it. Never rejects. */
  async discard(): Promise<void> {
    await this.#writing;
    await this.#file?.discard();
  }

  /** Nobody reads any more. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  #hasToWrite(): boolean {
    if (this.#file === undefined || this.#isLost) return false;
    const waiting = this.#ring.end - this.#written;
    return waiting >= (this.#isComplete ? 1 : this.#ring.worthwhile);
  }

  async #write(): Promise<void> {
    while (this.#file && this.#hasToWrite()) {
      try {
        // The ring gets its room back piece by piece: the fill does not stop for a call that takes all there is.
        const end = Math.min(this.#ring.end, this.#written + 2 * this.#ring.worthwhile);
        // A disk that fills up takes a part first, and says why it refuses only when it is offered the rest.
        const bytes = this.#ring.slices(this.#written, end);
        const { bytesWritten } = await this.#file.handle.writev(bytes, this.#written);
        if (bytesWritten === 0) throw new Error('The disk took nothing of what was to be written.');
        this.#written += bytesWritten;
      } catch (error) {
        this.#lose(error);
      }
      this.#onWritten();
    }
    this.#writing = undefined;
  }

  #lose(error: unknown): void {
    this.#isLost = true;
    this.#onLost(error);
  }
}
