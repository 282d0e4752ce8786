import type { Digest } from '@pullgate/policy';
import type { BlobBody, ByteRange } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import type { IncomingFile } from './blob-store.ts';
import { Ring } from './ring.ts';
import { Spool } from './spool.ts';
import { ThreadedHash } from './threaded-hash.ts';

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
  /** Position after the last byte that it wants. */
  readonly end: number;
  /** For what it is given, from the first time on. */
  buffer: Buffer | undefined;
  /** Its last byte, once that has come: it waits for the end of the download, and must not hold it up. */
  last: Uint8Array | undefined;
  /** Aborts when nobody wants it any more. */
  readonly gone: AbortSignal | undefined;
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
  readonly #hash: ThreadedHash;
  readonly #ring: Ring;
  readonly #spool: Spool;
  readonly #readers = new Set<Reader>();
  readonly #opened: Promise<BlobBody>;
  /** Bytes that may be passed on: up to the last chunk that came, and with it once the digest matched. */
  #passable = 0;
  #awaitsReader = true;
  #isVerified = false;
  #failure: ContentError | undefined;
  #waiting: (() => void)[] = [];
  #isAnnouncing = false;

  constructor(options: DownloadOptions) {
    this.#options = options;
    const announce = () => this.#announce();
    this.#ring = new Ring(options.expectedSize ?? maxUnknownSizeBytes);
    this.#hash = new ThreadedHash(options.digest.slice(0, options.digest.indexOf(':')), this.#ring, announce);
    this.#spool = new Spool(this.#ring, announce, options.onFileLost);
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

  /**
   * Whether a new reader should share it, and will get every byte. Without a file it is paced by its slowest reader, for
   * whom nobody should have to wait who came later.
   */
  get isJoinable(): boolean {
    return this.#failure === undefined && (!this.#spool.isLost || this.#ring.end === 0);
  }

  /** Whether the byte can still be had from here, now or later. */
  reaches(position: number): boolean {
    return position >= this.#ring.start || this.#spool.has(position);
  }

  /** @param gone ends it early: a loop that waits for its next chunk cannot be left, and that may be a long time coming. */
  async *read(range?: ByteRange, gone?: AbortSignal): AsyncGenerator<Uint8Array> {
    const end = range === undefined ? Number.POSITIVE_INFINITY : range.end + 1;
    const reader: Reader = { position: range?.start ?? 0, end, buffer: undefined, last: undefined, gone };
    const wake = () => this.#announce();
    gone?.addEventListener('abort', wake);
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
      gone?.removeEventListener('abort', wake);
      this.#readers.delete(reader);
      this.#announce();
    }
  }

  /** Waits for what comes next; undefined at the end of the blob. Nothing may change between its checks: no await. */
  async #next(reader: Reader): Promise<Uint8Array | undefined> {
    for (;;) {
      if (reader.gone?.aborted) return undefined;
      const bytes = this.#passableTo(reader);
      if (bytes) return bytes;
      if (this.#failure) throw this.#failure;
      this.#keepLast(reader);
      if (!reader.last && !this.reaches(reader.position)) {
        throw new ContentError('unavailable', 'The blob left the cache. Pull again.');
      }
      if (this.#isVerified) return undefined;
      await this.#progress();
    }
  }

  /** What a reader may have now. */
  #passableTo(reader: Reader): Promise<Uint8Array> | Uint8Array | undefined {
    if (reader.last) return this.#isVerified ? reader.last : undefined;
    const { position, end } = reader;
    // The last byte of a range is held back too: a part of a wrong blob must not look complete either.
    const passable = this.#isVerified ? this.#passable : Math.min(this.#passable, end - 1);
    if (position >= passable) return undefined;
    reader.buffer ??= Buffer.allocUnsafeSlow(Math.min(readBytes, this.size ?? readBytes));
    const bytes = this.#ring.read(position, passable, reader.buffer);
    if (bytes) return bytes;
    return this.#spool.has(position) ? this.#spool.read(position, passable, reader.buffer) : undefined;
  }

  /** Takes the last byte of a range out of the ring, once it has come. Whatever comes after it may then take its place. */
  #keepLast(reader: Reader): void {
    const { position, end } = reader;
    if (reader.last || position !== end - 1 || this.#passable < end) return;
    reader.last = this.#ring.read(position, end, Buffer.alloc(1));
    if (reader.last) this.#announce();
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
      this.#ring.release();
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
      this.size = await this.#verifiedSize();
      this.#isVerified = true;
      this.#passable = this.size;
      this.#announce();
      await this.#spool.commit(this.#options.digest, this.size);
      if (!this.#spool.isLost) this.#ring.release();
    } catch (error) {
      this.#failure = asContentError(error);
      this.#announce();
      await this.#hash.digest().catch(() => undefined);
      await this.#spool.discard();
    }
    void this.#closeUnread();
  }

  /** Takes in the body, and the rest of it again where it broke off. */
  async #receive(first: BlobBody): Promise<void> {
    let body: BlobBody | undefined = first;
    for (let resumptions = 0; ; resumptions++) {
      try {
        body ??= await this.#fetch(this.#ring.end);
        return await this.#take(body);
      } catch (error) {
        if (!isUnavailable(error) || error === this.#hash.failure) throw error;
        // Broken off after the last byte: nothing is missing, and the digest decides.
        if (this.#ring.end === this.size) return;
        if (this.size === undefined || resumptions === maxResumptions || !this.#isWanted()) throw error;
        body = undefined;
      }
    }
  }

  async #take(body: BlobBody): Promise<void> {
    for await (const chunk of body.chunks) {
      if (this.#ring.end + chunk.length > (this.size ?? maxUnknownSizeBytes)) {
        throw untrustworthy('the upstream sends more bytes than it may');
      }
      for (let rest = this.#accept(chunk); rest.length > 0; rest = this.#accept(rest)) await this.#room();
    }
    if (this.size === undefined || this.#ring.end === this.size) return;
    throw new ContentError(
      'unavailable',
      `The upstream stopped after ${this.#ring.end} of the ${this.size} bytes of the blob.`,
    );
  }

  /** Takes in what there is room for, and gives the rest back. */
  #accept(bytes: Uint8Array): Uint8Array {
    const before = this.#ring.end;
    const length = this.#ring.push(bytes, this.#needed());
    if (length === 0) return bytes;
    this.#hash.update();
    this.#spool.update();
    this.#passable = before;
    this.#announce();
    return bytes.subarray(length);
  }

  /** Throws unless the bytes are those of the digest. */
  async #verifiedSize(): Promise<number> {
    const actual = await this.#hash.digest();
    if (this.#options.digest.endsWith(`:${actual}`)) return this.#ring.end;
    throw untrustworthy('the bytes that the upstream sent do not match their digest');
  }

  /**
   * Position of the first byte that must stay in memory: for the hash, and for the disk or without a file for the slowest
   * reader.
   */
  #needed(): number {
    return Math.min(this.#hash.hashed, this.#spool.isLost ? this.#slowestPosition() : this.#spool.written);
  }

  /** Waits for something that may make room. */
  async #room(): Promise<void> {
    if (this.#hash.failure) throw this.#hash.failure;
    if (!this.#isWanted()) throw new ContentError('unavailable', 'Nobody reads this blob any more.');
    if (this.#spool.isLost && this.#awaitsReader) await this.#firstReader();
    else await this.#progress();
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
    for (const reader of this.#readers) slowest = Math.min(slowest, this.#neededBy(reader));
    return slowest;
  }

  /** Position of the first byte that a reader has to get from memory. What was written before the file was lost it reads there. */
  #neededBy({ position, end, last }: Reader): number {
    const next = this.#spool.has(position) ? this.#spool.written : position;
    return last || next >= end ? Number.POSITIVE_INFINITY : next;
  }

  async #closeUnread(): Promise<void> {
    while (this.#readers.size > 0) await this.#progress();
    this.#ring.release();
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
