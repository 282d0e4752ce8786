import type { CacheResult } from './metrics.ts';

/** How often the cache had what was asked for. */
export interface CacheCount {
  /** Milliseconds since 1970: nothing before it is counted. */
  readonly since: number;
  /** What was served stale, because the upstream did not answer, came from the cache too. */
  readonly hits: number;
  readonly misses: number;
}

export interface CacheUse {
  count(result: CacheResult): void;
  /** From the beginning of an hour on; from the start of this process, or as far back as hours are kept, when absent. */
  counted(from?: number): CacheCount;
}

interface Hour {
  readonly start: number;
  hits: number;
  misses: number;
}

const hourMs = 3_600_000;
/** A month, and the hour that is running. */
const mostHours = 31 * 24 + 1;

/** Counts by the hour, in memory: it is what this process saw, and begins anew with it. */
export function createCacheUse(now: () => number): CacheUse {
  const startedAt = now();
  /** Oldest first; hours without a request are left out. */
  const hours: Hour[] = [];

  function current(): Hour {
    const start = hourOf(now());
    const last = hours.at(-1);
    // A clock that was set back counts into the newest hour rather than into one out of order.
    if (last && last.start >= start) return last;
    const next = { start, hits: 0, misses: 0 };
    hours.push(next);
    if (hours.length > mostHours) hours.shift();
    return next;
  }

  return {
    count(result) {
      const hour = current();
      if (result === 'miss') hour.misses++;
      else hour.hits++;
    },
    counted(from = 0) {
      const oldest = hourOf(now()) - (mostHours - 1) * hourMs;
      const since = Math.max(startedAt, hourOf(from), oldest);
      const counted = hours.filter(({ start }) => start >= hourOf(since));
      return { since, hits: sum(counted, 'hits'), misses: sum(counted, 'misses') };
    },
  };
}

function hourOf(at: number): number {
  return Math.floor(at / hourMs) * hourMs;
}

function sum(hours: readonly Hour[], what: 'hits' | 'misses'): number {
  return hours.reduce((total, hour) => total + hour[what], 0);
}
