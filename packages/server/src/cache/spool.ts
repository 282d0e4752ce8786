import type { Digest } from '@pullgate/policy';
import { ContentError } from '../content/content-error.ts';
import type { IncomingFile } from './blob-store.ts';
import type { ChunkWindow } from './chunk-window.ts';

/**
 * The file of a running download, written behind the fill and read by readers that lag. A disk that refuses loses the
 * file for the cache; what was written until then can still be read.
 */
export class Spool {
  readonly #window: ChunkWindow;
  readonly #onWritten: () => void;
  readonly #onLost: (error: unknown) => void;
  #file: IncomingFile | undefined;
  #isLost = false;
  #written = 0;
  #writing: Promise<void> | undefined;

  constructor(window: ChunkWindow, onWritten: () => void, onLost: (error: unknown) => void) {
    this.#window = window;
    this.#onWritten = onWritten;
    this.#onLost = onLost;
  }

  /** There will be no blob in the store. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Bytes that the window need not hold any more. */
  get written(): number {
    return this.#written;
  }

  /** Takes the file to fill; undefined when there is none to be had. */
  use(file: IncomingFile | undefined): void {
    this.#file = file;
    this.#isLost = file === undefined;
  }

  /** Writes what the window holds and the file does not. Never rejects. */
  async flush(): Promise<void> {
    if (this.#hasToWrite()) this.#writing ??= this.#write();
    await this.#writing;
  }

  has(position: number): boolean {
    return this.#file !== undefined && position < this.#written;
  }

  /** Reads into the buffer from a position that the file has. Throws `ContentError`. */
  async read(position: number, buffer: Buffer): Promise<Uint8Array> {
    const length = Math.min(buffer.length, this.#written - position);
    const result = await this.#file?.handle.read(buffer, 0, length, position).catch((cause: unknown) => {
      throw new ContentError('unavailable', 'The cache cannot read a file that it is filling.', { cause });
    });
    if (!result?.bytesRead) throw new ContentError('unavailable', 'The cache lost a file that it is filling.');
    return buffer.subarray(0, result.bytesRead);
  }

  /** Makes the file the blob of the digest, once everything is written; a lost file is dropped. Never rejects. */
  async commit(digest: Digest, size: number): Promise<void> {
    await this.flush();
    if (this.#file && !this.#isLost) await this.#file.commit(digest, size).catch((error) => this.#lose(error));
    if (this.#isLost) await this.#file?.discard();
  }

  /** Drops the file; readers keep what is in it. Never rejects. */
  async discard(): Promise<void> {
    await this.flush();
    await this.#file?.discard();
  }

  /** Nobody reads any more. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close().catch(() => undefined);
  }

  #hasToWrite(): boolean {
    return this.#file !== undefined && !this.#isLost && this.#written < this.#window.end;
  }

  async #write(): Promise<void> {
    while (this.#file && this.#hasToWrite()) {
      try {
        // A disk that fills up takes a part first, and says why it refuses only when it is offered the rest.
        const { bytesWritten } = await this.#file.handle.writev(this.#window.from(this.#written), this.#written);
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
