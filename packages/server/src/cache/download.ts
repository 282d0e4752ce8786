import { createHash, type Hash } from 'node:crypto';
import type { Digest } from '@pullgate/policy';
import type { BlobBody, ByteRange } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import type { IncomingFile } from './blob-store.ts';
import { ChunkWindow } from './chunk-window.ts';
import { Spool } from './spool.ts';

/** How much a reader is given at once at most, in bytes. */
const readBytes = 512 * 1024;
/** How often a download that broke off in the middle is taken up again where it stopped. */
const maxResumptions = 3;
/** A blob of unknown size may not be larger than this: an upstream could send forever. */
const maxUnknownSizeBytes = 64 * 1024 ** 3;
/** How long a blob that cannot be cached waits for its first reader. */
const firstReaderMilliseconds = 30_000;

interface Reader {
  /** Of the next byte to pass on. */
  position: number;
  /** For what is gathered or read from the file. */
  readonly buffer: () => Buffer;
}

export interface DownloadOptions {
  readonly digest: Digest;
  /** Bytes, by the descriptor of a verified manifest: a ceiling for what the upstream may send. */
  readonly expectedSize: number | undefined;
  /** Opens the upstream's answer from a byte on. */
  readonly fetch: (start: number) => Promise<BlobBody>;
  /** Reserves a file to fill; undefined when the blob must be streamed past the cache. */
  readonly createFile: (size: number) => Promise<IncomingFile | undefined>;
  /** The disk is full or broken: the entry is dropped, the pull goes on. */
  readonly onFileLost: (error: unknown) => void;
}

/**
 * One running download with any number of readers. It is hashed while it streams; its last chunk is passed on only if
 * the digest matched, so that nobody ever receives a complete wrong blob. Readers at the tip are fed from memory,
 * readers behind it from the file, so a slow reader never holds the fill. Without a file, or when it is lost, the
 * slowest reader paces the upstream instead.
 */
export class Download {
  /** Bytes of the whole blob; undefined while only the end of the answer will tell. */
  size: number | undefined;
  /** Settles when everything is over: committed, dropped or failed. Never rejects. */
  readonly finished: Promise<void>;

  readonly #options: DownloadOptions;
  readonly #hash: Hash;
  readonly #window = new ChunkWindow();
  readonly #spool: Spool;
  readonly #readers = new Set<Reader>();
  readonly #opened: Promise<BlobBody>;
  /** The last chunk that came. It is passed on when the next one is there, or the digest matched. */
  #held: Uint8Array | undefined;
  #received = 0;
  #awaitsReader = true;
  #isVerified = false;
  #failure: ContentError | undefined;
  #waiting: (() => void)[] = [];
  #isAnnouncing = false;

  constructor(options: DownloadOptions) {
    this.#options = options;
    this.#hash = createHash(options.digest.slice(0, options.digest.indexOf(':')));
    this.#spool = new Spool(this.#window, () => this.#announce(), options.onFileLost);
    this.size = options.expectedSize;
    this.#opened = this.#open();
    this.finished = this.#opened.then(
      (body) => this.#run(body),
      () => undefined,
    );
  }

  /** Waits until the upstream has answered. Throws its `ContentError`. */
  async opened(): Promise<this> {
    await this.#opened;
    return this;
  }

  /** All bytes came, and they are those of the digest. */
  get isVerified(): boolean {
    return this.#isVerified;
  }

  /** Whether a new reader should share it, and will get every byte. */
  get isJoinable(): boolean {
    return this.#failure === undefined && (!this.#spool.isLost || this.#window.start === 0);
  }

  /** Whether the byte can still be had from here, now or later. */
  reaches(position: number): boolean {
    return position >= this.#window.start || this.#spool.has(position);
  }

  async *read(range?: ByteRange): AsyncGenerator<Uint8Array> {
    const reader: Reader = { position: range?.start ?? 0, buffer: lazyBuffer() };
    const end = range === undefined ? Number.POSITIVE_INFINITY : range.end + 1;
    this.#readers.add(reader);
    this.#awaitsReader = false;
    this.#announce();
    try {
      while (reader.position < end) {
        const bytes = await this.#next(reader);
        if (bytes === undefined) return;
        const wanted = bytes.subarray(0, end - reader.position);
        yield wanted;
        reader.position += wanted.length;
        if (this.#spool.isLost) this.#announce();
      }
    } finally {
      this.#readers.delete(reader);
      this.#announce();
    }
  }

  /** Waits for what comes next; undefined at the end of the blob. Nothing may change between its checks: no await. */
  async #next(reader: Reader): Promise<Uint8Array | undefined> {
    for (;;) {
      const { position } = reader;
      const bytes = this.#window.read(position, reader.buffer);
      if (bytes) return bytes;
      if (this.#spool.has(position)) return this.#spool.read(position, reader.buffer());
      if (this.#failure) throw this.#failure;
      if (position < this.#window.start) throw new ContentError('unavailable', 'The blob left the cache. Pull again.');
      if (this.#isVerified) return undefined;
      await this.#progress();
    }
  }

  async #open(): Promise<BlobBody> {
    try {
      const body = await this.#fetch(0);
      this.size ??= body.size;
      this.#spool.use(await this.#createFile());
      return body;
    } catch (error) {
      this.#failure = asContentError(error);
      this.#announce();
      throw this.#failure;
    }
  }

  async #fetch(start: number): Promise<BlobBody> {
    const body = await this.#options.fetch(start);
    if (this.size === undefined || body.size === undefined || body.size === this.size) return body;
    void abandon(body);
    throw untrustworthy(`the upstream announces ${body.size} bytes where ${this.size} are expected`);
  }

  /** None for a blob of unknown size: room could not be reserved, and an upstream could fill the disk. */
  async #createFile(): Promise<IncomingFile | undefined> {
    if (this.size === undefined) return undefined;
    try {
      return await this.#options.createFile(this.size);
    } catch (error) {
      this.#options.onFileLost(error);
      return undefined;
    }
  }

  async #run(first: BlobBody): Promise<void> {
    try {
      await this.#receive(first);
      this.size = this.#verifiedSize();
      this.#isVerified = true;
      this.#publish();
      await this.#spool.commit(this.#options.digest, this.size);
    } catch (error) {
      this.#failure = asContentError(error);
      this.#announce();
      await this.#spool.discard();
    }
    void this.#closeUnread();
  }

  /** Takes in the body, and the rest of it again where it broke off. */
  async #receive(first: BlobBody): Promise<void> {
    let body: BlobBody | undefined = first;
    for (let resumptions = 0; ; resumptions++) {
      try {
        body ??= await this.#fetch(this.#received);
        return await this.#take(body);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        // Broken off after the last byte: nothing is missing, and the digest decides.
        if (this.#received === this.size) return;
        if (this.size === undefined || resumptions === maxResumptions || !this.#isWanted()) throw error;
        body = undefined;
      }
    }
  }

  async #take(body: BlobBody): Promise<void> {
    for await (const chunk of body.chunks) {
      if (chunk.length === 0) continue;
      this.#accept(chunk);
      if (this.#window.isFull) await this.#room();
    }
    if (this.size === undefined || this.#received === this.size) return;
    throw new ContentError(
      'unavailable',
      `The upstream stopped after ${this.#received} of the ${this.size} bytes of the blob.`,
    );
  }

  #accept(bytes: Uint8Array): void {
    this.#received += bytes.length;
    if (this.#received > (this.size ?? maxUnknownSizeBytes)) {
      throw untrustworthy('the upstream sends more bytes than it may');
    }
    this.#hash.update(bytes);
    this.#publish();
    this.#held = bytes;
  }

  #publish(): void {
    if (this.#held) this.#window.push(this.#held);
    this.#held = undefined;
    void this.#spool.flush();
    this.#announce();
  }

  /** Throws unless the bytes are those of the digest. */
  #verifiedSize(): number {
    const actual = this.#hash.digest('hex');
    if (this.#options.digest.endsWith(`:${actual}`)) return this.#received;
    throw untrustworthy('the bytes that the upstream sent do not match their digest');
  }

  /** Waits while too much is held in memory: for the disk, or without a file for the slowest reader. */
  async #room(): Promise<void> {
    for (;;) {
      this.#window.release(this.#spool.isLost ? this.#slowestPosition() : this.#spool.written);
      if (!this.#window.isFull) return;
      if (!this.#isWanted()) throw new ContentError('unavailable', 'Nobody reads this blob any more.');
      if (this.#spool.isLost && this.#awaitsReader) await this.#firstReader();
      else await this.#progress();
    }
  }

  /** Without a file, a download is only worth going on with for somebody who reads it, or is about to. */
  #isWanted(): boolean {
    return !this.#spool.isLost || this.#readers.size > 0 || this.#awaitsReader;
  }

  async #firstReader(): Promise<void> {
    const timer = setTimeout(() => {
      this.#awaitsReader = false;
      this.#announce();
    }, firstReaderMilliseconds).unref();
    while (this.#awaitsReader) await this.#progress();
    clearTimeout(timer);
  }

  #slowestPosition(): number {
    if (this.#readers.size === 0) return 0;
    let slowest = Number.POSITIVE_INFINITY;
    for (const { position } of this.#readers) slowest = Math.min(slowest, position);
    return slowest;
  }

  async #closeUnread(): Promise<void> {
    while (this.#readers.size > 0) await this.#progress();
    await this.#spool.close();
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Once for all that comes in one turn of the event loop: readers then get many chunks with one write. */
  #announce(): void {
    if (this.#isAnnouncing || this.#waiting.length === 0) return;
    this.#isAnnouncing = true;
    setImmediate(() => {
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#isAnnouncing = false;
      for (const wake of waiting) wake();
    });
  }
}

/** Made when it is needed for the first time: the reader of a small blob needs none. */
function lazyBuffer(): () => Buffer {
  let buffer: Buffer | undefined;
  return () => {
    buffer ??= Buffer.allocUnsafeSlow(readBytes);
    return buffer;
  };
}

/**
 * Ends the upstream's answer: a loop that is left is how an iterable learns that nobody wants the rest. It may have to
 * wait for the first chunk, for which nobody else should.
 */
async function abandon(body: BlobBody): Promise<void> {
  try {
    for await (const _ of body.chunks) break;
  } catch {
    // It is over either way.
  }
}

function untrustworthy(reason: string): ContentError {
  return new ContentError('untrustworthy', `This blob is not served: ${reason}.`);
}

function isUnavailable(error: unknown): boolean {
  return error instanceof ContentError && error.code === 'unavailable';
}

function asContentError(error: unknown): ContentError {
  if (error instanceof ContentError) return error;
  return new ContentError('unavailable', 'The download from the upstream failed.', { cause: error });
}
