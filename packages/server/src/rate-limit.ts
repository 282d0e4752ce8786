import { LRUCache } from 'lru-cache';

/** What is left of a caller's requests in the running minute. */
export interface Allowance {
  /** Requests per minute. */
  readonly limit: number;
  readonly remaining: number;
  /** When the minute ends: milliseconds since 1970. */
  readonly resetAt: number;
  readonly exceeded: boolean;
}

export interface RateLimit {
  /** Counts a request. */
  take(caller: string, limit: number): Allowance;
}

const windowMs = 60_000;
/** Callers that are counted at once. The one that was idle longest is forgotten first. */
const maxCallers = 50_000;

/** Counts requests by caller and minute. */
export function createRateLimit(now: () => number): RateLimit {
  const windows = new LRUCache<string, { resetAt: number; taken: number }>({ max: maxCallers });
  return {
    take(caller, limit) {
      const time = now();
      let window = windows.get(caller);
      if (window === undefined || window.resetAt <= time) {
        window = { resetAt: time + windowMs, taken: 0 };
        windows.set(caller, window);
      }
      window.taken += 1;
      const { taken, resetAt } = window;
      return { limit, remaining: Math.max(0, limit - taken), resetAt, exceeded: taken > limit };
    },
  };
}

/** On every answer, as Docker Hub has them. The reset is a Unix time. */
export function allowanceHeaders({ limit, remaining, resetAt }: Allowance): Readonly<Record<string, string>> {
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetAt / 1000)),
  };
}
