import { createHash, type Hash } from 'node:crypto';
import type { Digest } from '@pullgate/policy';
import type { BlobBody, ByteRange } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import type { IncomingFile } from './blob-store.ts';

/** Chunks kept in memory so that readers at the tip need not read the file. Bounds memory per download, in bytes. */
const windowBytes = 2 * 1024 * 1024;
/** How much one read of a reader that lags behind takes from the file, in bytes. */
const fileReadBytes = 256 * 1024;
/** How often a download that broke off in the middle is taken up again where it stopped. */
const maxResumptions = 3;
/** A blob of unknown size may not be larger than this: an upstream could send forever. */
const maxUnknownSizeBytes = 64 * 1024 ** 3;
/** How long a blob that cannot be cached waits for its first reader. */
const firstReaderMilliseconds = 30_000;

interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Reader {
  position: number;
}

export interface DownloadOptions {
  readonly digest: Digest;
  /** Bytes, by the descriptor of a verified manifest: a ceiling for what the upstream may send. */
  readonly expectedSize: number | undefined;
  /** Opens the upstream's answer from a byte on. */
  readonly fetch: (start: number) => Promise<BlobBody>;
  /** Reserves a file to fill; undefined when the blob must be streamed past the cache. */
  readonly createFile: (size: number | undefined) => Promise<IncomingFile | undefined>;
  /** The disk is full or broken: the entry is dropped, the pull goes on. */
  readonly onFileLost: (error: unknown) => void;
}

/**
 * One running download with any number of readers. It is hashed while it streams; its last chunk is passed on only if
 * the digest matched, so that nobody ever receives a complete wrong blob. Readers at the tip are fed from memory,
 * readers behind it from the file, so a slow reader never holds the fill. When the file is lost, the slowest reader
 * paces the upstream instead.
 */
export class Download {
  /** Bytes of the whole blob; undefined while only a chunked answer tells. */
  size: number | undefined;
  /** Settles when everything is over: committed, dropped or failed. Never rejects. */
  readonly finished: Promise<void>;

  readonly #options: DownloadOptions;
  readonly #hash: Hash;
  readonly #readers = new Set<Reader>();
  readonly #opened: Promise<void>;
  #file: IncomingFile | undefined;
  #fileLost = false;
  #wasRead = false;
  #recent: Chunk[] = [];
  #recentBytes = 0;
  #received = 0;
  #written = 0;
  #writing: Promise<void> | undefined;
  #complete = false;
  #committed = false;
  #failure: ContentError | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: DownloadOptions) {
    this.#options = options;
    this.#hash = createHash(options.digest.slice(0, options.digest.indexOf(':')));
    const first = this.#open();
    this.#opened = first.then(() => undefined);
    this.finished = first.then(
      (body) => this.#run(body),
      () => undefined,
    );
  }

  /** Waits until the upstream has answered. Throws its `ContentError`. */
  async opened(): Promise<this> {
    await this.#opened;
    return this;
  }

  /** The blob is in the store, and should be read from there. */
  get committed(): boolean {
    return this.#committed;
  }

  /** Whether a new reader can still get the first byte. */
  get joinable(): boolean {
    return !this.#fileLost && this.#failure === undefined;
  }

  async *read(range?: ByteRange): AsyncGenerator<Uint8Array> {
    const reader: Reader = { position: range?.start ?? 0 };
    const end = range === undefined ? Number.POSITIVE_INFINITY : range.end + 1;
    const buffer: { memory?: Buffer } = {};
    this.#readers.add(reader);
    this.#wasRead = true;
    this.#announce();
    try {
      while (reader.position < end) {
        const bytes = this.#fromMemory(reader.position) ?? (await this.#fromFile(reader.position, buffer));
        if (bytes) {
          const wanted = bytes.length > end - reader.position ? bytes.subarray(0, end - reader.position) : bytes;
          yield wanted;
          reader.position += wanted.length;
          if (this.#fileLost) this.#trim();
        } else if (this.#failure) {
          throw this.#failure;
        } else if (this.#complete) {
          if (reader.position < this.#received)
            throw new ContentError('unavailable', 'The blob left the cache meanwhile.');
          return;
        } else {
          await this.#progress();
        }
      }
    } finally {
      this.#readers.delete(reader);
      this.#announce();
    }
  }

  async #open(): Promise<BlobBody> {
    const body = await this.#options.fetch(0);
    const { expectedSize } = this.#options;
    if (expectedSize !== undefined && body.size !== undefined && body.size !== expectedSize) {
      await abandon(body);
      throw untrustworthy(`the upstream announces ${body.size} bytes where the manifest says ${expectedSize}`);
    }
    this.size = expectedSize ?? body.size;
    this.#file = await this.#options.createFile(this.size);
    this.#fileLost = this.#file === undefined;
    return body;
  }

  async #run(first: BlobBody): Promise<void> {
    try {
      await this.#receive(first);
      this.#verify();
      this.#complete = true;
      this.#announce();
      await this.#settleFile();
    } catch (error) {
      this.#failure = asContentError(error);
      this.#announce();
      await this.#dropFile();
    }
  }

  /** Takes in the body, and the rest of it again where it broke off. */
  async #receive(first: BlobBody): Promise<void> {
    let body = first;
    for (let resumptions = 0; ; resumptions++) {
      try {
        for await (const chunk of body.chunks) {
          this.#accept(chunk);
          await this.#room();
        }
        if (this.size === undefined || this.#received === this.size) return;
        throw new ContentError('unavailable', `the upstream stopped after ${this.#received} of ${this.size} bytes`);
      } catch (error) {
        const resumable = error instanceof ContentError && error.code === 'unavailable' && this.size !== undefined;
        if (!resumable || resumptions >= maxResumptions) throw error;
        body = await this.#options.fetch(this.#received);
      }
    }
  }

  #accept(bytes: Uint8Array): void {
    const received = this.#received + bytes.length;
    if (received > (this.size ?? maxUnknownSizeBytes)) throw untrustworthy('the upstream sends more bytes than it may');
    this.#hash.update(bytes);
    // The last chunk stays here until the digest is known to match.
    if (received === this.size) this.#compare();
    this.#recent.push({ offset: this.#received, bytes });
    this.#recentBytes += bytes.length;
    this.#received = received;
    this.#write();
    this.#announce();
  }

  #compare(): void {
    const actual = this.#hash.copy().digest('hex');
    if (!this.#options.digest.endsWith(`:${actual}`)) {
      throw untrustworthy('the bytes that the upstream sent do not match their digest');
    }
  }

  #verify(): void {
    // Of a known size, the last chunk was compared; there is none in an empty blob.
    if (this.size === undefined || this.size === 0) this.#compare();
    this.size = this.#received;
  }

  /** Waits while too much is held in memory: for the disk, or for the slowest reader once the file is lost. */
  async #room(): Promise<void> {
    this.#trim();
    while (this.#recentBytes > windowBytes) {
      if (this.#fileLost && this.#readers.size === 0) await this.#awaitReader();
      else await this.#progress();
      this.#trim();
    }
  }

  /** Without a file, a download is only worth going on with for somebody who reads it. */
  async #awaitReader(): Promise<void> {
    const timer = setTimeout(() => this.#announce(), firstReaderMilliseconds);
    if (!this.#wasRead) await this.#progress();
    clearTimeout(timer);
    if (this.#readers.size === 0) throw new ContentError('unavailable', 'Nobody reads this blob any more.');
  }

  /** Lets go of chunks that are in the file, or that every reader has had. */
  #trim(): void {
    let released = 0;
    const bound = this.#fileLost ? this.#slowestPosition() : this.#written;
    for (const chunk of this.#recent) {
      if (chunk.offset + chunk.bytes.length > bound || this.#recentBytes <= windowBytes) break;
      this.#recentBytes -= chunk.bytes.length;
      released++;
    }
    if (released === 0) return;
    this.#recent.splice(0, released);
    this.#announce();
  }

  #slowestPosition(): number {
    if (this.#readers.size === 0) return 0;
    let slowest = Number.POSITIVE_INFINITY;
    for (const reader of this.#readers) slowest = Math.min(slowest, reader.position);
    return slowest;
  }

  #write(): void {
    if (this.#writing || this.#fileLost || !this.#file) return;
    const pending = this.#recent.filter((chunk) => chunk.offset >= this.#written);
    if (pending.length === 0) return;
    this.#writing = this.#file.handle
      .writev(
        pending.map((chunk) => chunk.bytes),
        this.#written,
      )
      .then(({ bytesWritten }) => {
        const wanted = pending.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
        if (bytesWritten < wanted) throw new Error('the disk took only a part');
        this.#written += wanted;
      })
      .catch((error: unknown) => {
        this.#fileLost = true;
        this.#options.onFileLost(error);
      })
      .then(() => {
        this.#writing = undefined;
        this.#announce();
        this.#write();
      });
  }

  async #settleFile(): Promise<void> {
    while (this.#writing) await this.#writing;
    if (!this.#file || this.#fileLost || this.size === undefined) return this.#dropFile();
    try {
      await this.#file.commit(this.#options.digest, this.size);
      this.#committed = true;
    } catch (error) {
      this.#options.onFileLost(error);
      await this.#dropFile();
    }
    this.#closeWhenUnread();
  }

  async #dropFile(): Promise<void> {
    while (this.#writing) await this.#writing;
    await this.#file?.discard();
    this.#closeWhenUnread();
  }

  #closeWhenUnread(): void {
    if (this.#readers.size > 0) {
      this.#waiting.push(() => this.#closeWhenUnread());
      return;
    }
    const file = this.#file;
    this.#file = undefined;
    file?.handle.close().catch(() => undefined);
  }

  #fromMemory(position: number): Uint8Array | undefined {
    const oldest = this.#recent[0];
    if (!oldest || position < oldest.offset || position >= this.#received) return undefined;
    let low = 0;
    let high = this.#recent.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#recent[middle]?.offset ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    const chunk = this.#recent[low];
    return chunk?.bytes.subarray(position - chunk.offset);
  }

  async #fromFile(position: number, buffer: { memory?: Buffer }): Promise<Uint8Array | undefined> {
    if (position >= this.#written || !this.#file) return undefined;
    buffer.memory ??= Buffer.allocUnsafeSlow(fileReadBytes);
    const length = Math.min(fileReadBytes, this.#written - position);
    const { bytesRead } = await this.#file.handle.read(buffer.memory, 0, length, position);
    if (bytesRead === 0) throw new ContentError('unavailable', 'the cache lost a file that is being filled');
    return buffer.memory.subarray(0, bytesRead);
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #announce(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/** Ends the upstream's answer: a loop that is left is how an iterable learns that nobody wants the rest. */
async function abandon(body: BlobBody): Promise<void> {
  for await (const _ of body.chunks) break;
}

function untrustworthy(reason: string): ContentError {
  return new ContentError('untrustworthy', `This blob is not served: ${reason}.`);
}

function asContentError(error: unknown): ContentError {
  if (error instanceof ContentError) return error;
  return new ContentError('unavailable', 'The download from the upstream failed.', { cause: error });
}
