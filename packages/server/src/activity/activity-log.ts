import type { Activity } from './activity.ts';
import { type ChainedRow, type ChainVerification, verifyChain } from './chain.ts';

interface ActivityQuery {
  /** Only of this organization; all when absent. */
  readonly organizationId?: string;
  /** Only rows older than this sequence: pass the last one of a page for the next. */
  readonly before?: number;
  /** Rows at most, 1 to 1000. */
  readonly limit: number;
}

export interface ActivityStore {
  /** Newest first. */
  list(query: ActivityQuery): Promise<readonly Activity[]>;
  /** All rows as stored, oldest first. */
  chained(): AsyncIterable<ChainedRow>;
}

export interface ActivityLog {
  /** Newest first. */
  list(query?: Partial<ActivityQuery>): Promise<readonly Activity[]>;
  /** Recomputes the whole chain. */
  verify(): Promise<ChainVerification>;
}

const defaultLimit = 100;
const maxLimit = 1000;

export function createActivityLog(store: ActivityStore): ActivityLog {
  return {
    list: (query = {}) => store.list({ ...query, limit: Math.min(Math.max(query.limit ?? defaultLimit, 1), maxLimit) }),
    verify: () => verifyChain(store.chained()),
  };
}
