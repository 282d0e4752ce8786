import { createHash } from 'node:crypto';
import { Hasher } from './hasher.ts';
import type { Ring } from './ring.ts';

let lastId = 0;
/** One for the whole process, from the first hash on that needs it. */
let hasher: Hasher | undefined;

/**
 * The hash of what comes through a ring, computed behind the fill by another thread, out of the ring's own memory. What
 * is too short to be worth that is hashed here.
 */
export class ThreadedHash {
  readonly #id = ++lastId;
  readonly #algorithm: string;
  readonly #ring: Ring;
  readonly #onProgress: () => void;
  #hasher: Hasher | undefined;
  #hashed = 0;
  #ordered: Promise<string> | undefined;
  #failure: unknown;
  #digest: Promise<string> | undefined;

  constructor(algorithm: string, ring: Ring, onProgress: () => void) {
    this.#algorithm = algorithm;
    this.#ring = ring;
    this.#onProgress = onProgress;
  }

  /** Bytes that the ring need not keep any more. */
  get hashed(): number {
    return this.#hashed;
  }

  /** Why there will be no digest: a `ContentError`. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Hashes what the ring has and the hash has not, when it is worth it. */
  update(): void {
    if (this.#ordered || this.#failure || this.#ring.end - this.#hashed < this.#ring.worthwhile) return;
    this.#order(false).then(
      () => this.update(),
      () => undefined,
    );
  }

  /**
   * The hexadecimal digest of everything that the ring had. To be called even if nobody wants to know it: from then on
   * the ring's memory is not read any more.
   */
  digest(): Promise<string> {
    this.#digest ??= this.#finish();
    return this.#digest;
  }

  async #finish(): Promise<string> {
    while (this.#ordered) await this.#ordered.catch(() => undefined);
    if (this.#failure) throw this.#failure;
    if (this.#hasher) return this.#order(true);
    const hash = createHash(this.#algorithm);
    for (const slice of this.#ring.slices(0, this.#ring.end)) hash.update(slice);
    return hash.digest('hex');
  }

  #order(isLast: boolean): Promise<string> {
    this.#hasher ??= currentHasher();
    this.#ordered = this.#ask(this.#hasher, isLast);
    return this.#ordered;
  }

  async #ask(current: Hasher, isLast: boolean): Promise<string> {
    const { memory: ring, end } = this.#ring;
    const order = { id: this.#id, algorithm: this.#algorithm, ring, start: this.#hashed, end, isLast };
    try {
      const answer = await current.ask(order);
      this.#hashed = end;
      return answer;
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      this.#ordered = undefined;
      this.#onProgress();
    }
  }
}

function currentHasher(): Hasher {
  if (hasher === undefined || hasher.hasEnded) hasher = new Hasher();
  return hasher;
}
