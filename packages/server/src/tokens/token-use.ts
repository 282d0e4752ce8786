/** When and from where a token was used last. */
export interface TokenUse {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly address: string;
}

export interface TokenUseStore {
  /** Notes uses of tokens of either kind; those of tokens that are gone are ignored. Never raises the revision. */
  noteUses(uses: readonly TokenUse[]): Promise<void>;
}

/** Notes on the hot path, writes beside it. */
export interface TokenUseNotes {
  noteUse(id: string, at: number, address: string): void;
  /** Writes what was noted. */
  flush(): Promise<void>;
  /** Writes for the last time. */
  close(): Promise<void>;
}

const flushInterval = 5_000; // ms
/** Uses in one transaction: a long one would hold up other writers, and in the embedded database every request. */
const batchSize = 200;

/**
 * Keeps the latest use of each token in memory and writes them in batches. Killing the process loses a few seconds of
 * them, which nothing depends on.
 *
 * @param onError is told of a batch that could not be written; it is written again with the next ones.
 */
export function createTokenUseNotes(store: TokenUseStore, onError: (error: unknown) => void): TokenUseNotes {
  let noted = new Map<string, TokenUse>();
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const uses = [...noted.values()];
    noted = new Map();
    for (let start = 0; start < uses.length; start += batchSize) {
      const batch = uses.slice(start, start + batchSize);
      await store.noteUses(batch).catch((error) => {
        onError(error);
        for (const use of batch) if (!noted.has(use.id)) noted.set(use.id, use);
      });
    }
  }

  function flush(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }

  const timer = setInterval(() => void flush(), flushInterval).unref();
  return {
    noteUse: (id, at, address) => void noted.set(id, { id, at, address }),
    flush,
    close() {
      clearInterval(timer);
      return flush();
    },
  };
}
