import { Worker } from 'node:worker_threads';
import { ContentError } from '../content/content-error.ts';

/** Tells the thread to take in the bytes of a download between two positions. */
export interface HashOrder {
  /** Of the hash. */
  readonly id: number;
  readonly algorithm: string;
  /** The memory of the download's ring. */
  readonly ring: SharedArrayBuffer;
  readonly start: number;
  readonly end: number;
  readonly isLast: boolean;
}

/** V8 lets the young generation grow to 128 MiB where much is allocated; nothing here is kept that long. */
const maxYoungGenerationSizeMb = 2;

/** The thread that hashes, seen from the one that serves pulls. */
export class Hasher {
  readonly #worker = new Worker(new URL('./hash-thread.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb },
  });
  /** For answers, in the order of what was asked. */
  readonly #waiting: PromiseWithResolvers<string>[] = [];
  #end: ContentError | undefined;

  constructor() {
    let cause: unknown;
    this.#worker.on('message', (digest: string) => {
      this.#waiting.shift()?.resolve(digest);
      if (this.#waiting.length === 0) this.#worker.unref();
    });
    this.#worker.on('error', (error) => {
      cause = error;
    });
    this.#worker.on('exit', () => {
      const sentence = 'The blob cannot be verified, because the thread that hashes it ended. Pull again.';
      this.#end = new ContentError('unavailable', sentence, { cause });
      for (const { reject } of this.#waiting) reject(this.#end);
    });
  }

  /** Nothing that was begun here can be brought to its end. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Answers when the bytes are not needed any more; with the hexadecimal digest if it was the last one. */
  async ask(order: HashOrder): Promise<string> {
    if (this.#end) throw this.#end;
    const answer = Promise.withResolvers<string>();
    // While somebody waits the program must not end, even if nothing else is going on.
    if (this.#waiting.push(answer) === 1) this.#worker.ref();
    this.#worker.postMessage(order);
    return answer.promise;
  }
}
