import { setImmediate } from 'node:timers/promises';
import { actionsMeantBy } from './actions.ts';
import type { Activity } from './activity.ts';
import { type ChainEnds, type ChainedRow, type ChainLink, type ChainVerification, verifyChain } from './chain.ts';

/** Which rows a reader sees. Whoever reads for an organization names it, and sees no other's. */
export interface ActivityFilter {
  /** Null: what belongs to no organization, such as categories, and people who are in none. Absent: all. */
  readonly organizationId?: string | null;
  /** An action, or a broader one that it is part of. One that does not exist finds nothing. */
  readonly action?: string;
  /** What was changed: exactly the subject. */
  readonly subject?: string;
  /** Name of who changed it. */
  readonly actor?: string;
  /** Milliseconds since 1970, included. */
  readonly from?: number;
  /** Milliseconds since 1970, included. */
  readonly to?: number;
}

/** A page: by sequences, which nothing that comes in meanwhile can shift, or by an offset, as Docker Hub does it. */
export interface ActivityQuery extends ActivityFilter {
  /** Only rows older than this sequence: pass the last one of a page for the next. */
  readonly before?: number;
  /** The rows that came right after this sequence: pass the first one of a page for what is newer. */
  readonly after?: number;
  /** How many of the newest to leave out. */
  readonly offset?: number;
  /** Rows at most, 1 to 1000; 100 when absent. */
  readonly limit?: number;
}

/** With the actions that are meant, all of them. */
export interface StoredActivityQuery extends Omit<ActivityQuery, 'action'> {
  readonly actions?: readonly string[];
  readonly limit: number;
}

export interface ActivityStore {
  /** Newest first, also with `after`. */
  list(query: StoredActivityQuery): Promise<readonly Activity[]>;
  /** Rows behind a sequence as stored, oldest first. */
  chained(after: number, limit: number): Promise<readonly ChainedRow[]>;
  /** Undefined when the note of them is gone. */
  ends(): Promise<ChainEnds | undefined>;
  /**
   * Removes the oldest rows, as far as they are older than a time (milliseconds since 1970) and not behind a sequence.
   * Gives the last one that was removed; undefined when there was none.
   */
  cut(before: number, through: number, limit: number): Promise<ChainLink | undefined>;
}

export interface ActivityLog {
  /** Newest first. */
  list(query?: ActivityQuery): Promise<readonly Activity[]>;
  /** Oldest first, read in pages while they are consumed; ends with what was there when it began. */
  walk(filter?: ActivityFilter): AsyncIterable<Activity>;
  /**
   * Computes the whole chain anew. Rows that come in meanwhile are left out.
   *
   * @param expected a row as somebody noted it elsewhere: it must still be there.
   */
  verify(expected?: ChainLink): Promise<ChainVerification>;
}

const defaultLimit = 100;
const maxLimit = 1000;
/** Rows that are held in memory, and handled without letting others have their turn. */
const pageSize = 200;

export function createActivityLog(store: ActivityStore): ActivityLog {
  return {
    list: ({ limit = defaultLimit, ...query } = {}) =>
      store.list({ ...stored(query), limit: Math.min(Math.max(limit, 1), maxLimit) }),
    walk: (filter = {}) => walk(store, filter),
    verify: (expected) => verify(store, expected),
  };
}

function stored({ action, ...query }: Omit<ActivityQuery, 'limit'>): Omit<StoredActivityQuery, 'limit'> {
  return action === undefined ? query : { ...query, actions: actionsMeantBy(action) };
}

async function* walk(store: ActivityStore, filter: ActivityFilter): AsyncGenerator<Activity> {
  const query = stored(filter);
  const [newest] = await store.list({ limit: 1 });
  let after = 0;
  while (newest !== undefined) {
    // The embedded database reads on the thread that serves pulls: let them have their turn.
    await setImmediate();
    const page = (await store.list({ ...query, after, limit: pageSize })).toReversed();
    for (const row of page) {
      if (row.sequence > newest.sequence) return;
      yield row;
      after = row.sequence;
    }
    if (page.length < pageSize) return;
  }
}

async function verify(store: ActivityStore, expected: ChainLink | undefined): Promise<ChainVerification> {
  while (true) {
    const ends = await store.ends();
    const result = await verifyChain(rowsUpTo(store, ends), ends, expected);
    if (result.intact) return result;
    // Retention may have removed what was about to be read.
    const now = await store.ends();
    if (now?.oldest.sequence === ends?.oldest.sequence) return result;
  }
}

async function* rowsUpTo(store: ActivityStore, ends: ChainEnds | undefined): AsyncGenerator<ChainedRow> {
  if (ends === undefined) return;
  let after = 0;
  while (true) {
    await setImmediate();
    const page = await store.chained(after, pageSize);
    for (const row of page) {
      // What is beyond the noted end must either have come in meanwhile or not be there.
      if (row.sequence > ends.newest.sequence) return;
      yield row;
      after = row.sequence;
    }
    if (page.length < pageSize) return;
  }
}
