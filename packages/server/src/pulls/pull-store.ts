import type { ChainPosition, Link } from './chain.ts';
import type { PullRecord } from './pull-record.ts';

/** Which records a reader sees. Whoever reads for an organization names it, and sees no other's. */
export interface PullFilter {
  readonly organizationId?: string;
  readonly verdict?: PullRecord['verdict'];
  readonly repository?: string;
  readonly person?: string;
}

export interface PullPage {
  readonly records: readonly PullRecord[];
  /** Opaque. What `after` continues from; holds although nothing was found. */
  readonly cursor: string;
}

/** What was recorded, for people: the console, the API, `pulls tail`. Records appear here about a second late. */
export interface PullStore {
  byId(id: string, filter?: Pick<PullFilter, 'organizationId'>): Promise<PullRecord | undefined>;
  /** The newest records, newest first. */
  latest(limit: number, filter?: PullFilter): Promise<PullPage>;
  /**
   * What came in since, oldest first, each record once although the nodes' clocks differ.
   *
   * @throws PullCursorError when the cursor is not one of this store's
   */
  after(cursor: string, limit: number, filter?: PullFilter): Promise<PullPage>;
}

export class PullCursorError extends Error {
  override readonly name = 'PullCursorError';

  constructor() {
    super('The cursor is not valid: pass the one that the last page gave, or start again without one.');
  }
}

/** The records as the chains of their nodes. Nothing here changes or removes a record, except the oldest as a whole. */
export interface PullArchive {
  /** Continues a chain with those records that are not stored yet, all of them or none. */
  append(chain: string, records: readonly PullRecord[]): Promise<void>;
  /**
   * Removes up to `limit` of the oldest records of each chain, as far as they are older than a time, and keeps what the
   * oldest remaining one continues.
   *
   * @param before milliseconds since 1970
   * @returns how many were removed; 0 when nothing is left to remove
   */
  removeBefore(before: number, limit: number): Promise<number>;
  close(): Promise<void>;
}

/** A chain's ends as they were noted apart from the records, so that cutting either end off is found. */
export interface ChainEnds {
  readonly chain: string;
  /** What the oldest record that is kept continues. */
  readonly oldest: ChainPosition;
  readonly newest: ChainPosition;
}

/** What it takes to verify the chains. */
export interface ChainReader {
  chainEnds(): Promise<ChainEnds[]>;
  /** The links with a greater sequence, in order. */
  links(chain: string, afterSequence: number, limit: number): Promise<Link[]>;
}
