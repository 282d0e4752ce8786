import { createHash } from 'node:crypto';
import { Hasher } from './hasher.ts';

/** What the thread gets at once: a message costs as much as hashing some ten thousand bytes. */
const blockBytes = 512 * 1024;
/** Blocks of one hash that may wait for the thread. */
const maxWaiting = 4;
/** Blocks kept for the next hash: V8 does not count shared memory, and is in no hurry to collect it. */
const maxIdle = 8;

const idle: SharedArrayBuffer[] = [];
let lastId = 0;
/** One for the whole process, from the first hash on that needs it. */
let hasher: Hasher | undefined;

/** The hash of a stream, computed in another thread. What fits into one block is not worth that, and is hashed here. */
export class ThreadedHash {
  readonly #id = ++lastId;
  readonly #algorithm: string;
  readonly #onProgress: () => void;
  #hasher: Hasher | undefined;
  #block: SharedArrayBuffer | undefined;
  #filled = 0;
  #waiting = 0;
  #failure: unknown;
  #digest: Promise<string> | undefined;

  constructor(algorithm: string, onProgress: () => void) {
    this.#algorithm = algorithm;
    this.#onProgress = onProgress;
  }

  /** Why there will be no digest: a `ContentError`. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether to wait for progress before more is given. Throws the failure. */
  get isBehind(): boolean {
    if (this.#failure) throw this.#failure;
    return this.#waiting >= maxWaiting;
  }

  /** Takes a copy of the bytes. */
  update(bytes: Uint8Array): void {
    for (let taken = 0; taken < bytes.length; ) {
      this.#block ??= idle.pop() ?? new SharedArrayBuffer(blockBytes);
      const part = bytes.subarray(taken, taken + blockBytes - this.#filled);
      new Uint8Array(this.#block).set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === blockBytes) this.#send(this.#block, false).catch(() => undefined);
    }
  }

  /** The hexadecimal digest of everything. To be called even if nobody wants to know it: it frees memory. */
  digest(): Promise<string> {
    this.#digest ??= this.#finish();
    return this.#digest;
  }

  async #finish(): Promise<string> {
    const block = this.#block ?? new SharedArrayBuffer(0);
    if (this.#hasher) return this.#send(block, true);
    const digest = createHash(this.#algorithm)
      .update(new Uint8Array(block, 0, this.#filled))
      .digest('hex');
    giveBack(block);
    return digest;
  }

  async #send(block: SharedArrayBuffer, isLast: boolean): Promise<string> {
    const order = { id: this.#id, algorithm: this.#algorithm, block, length: this.#filled, isLast };
    this.#block = undefined;
    this.#filled = 0;
    this.#hasher ??= currentHasher();
    this.#waiting++;
    try {
      return await this.#hasher.ask(order);
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      giveBack(block);
      this.#waiting--;
      this.#onProgress();
    }
  }
}

function currentHasher(): Hasher {
  if (hasher === undefined || hasher.hasEnded) hasher = new Hasher();
  return hasher;
}

function giveBack(block: SharedArrayBuffer): void {
  if (block.byteLength === blockBytes && idle.length < maxIdle) idle.push(block);
}
