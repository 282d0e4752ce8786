import { LRUCache } from 'lru-cache';
import { networkOf } from '../network.ts';

/** One try to sign in, counted as a wrong one until it succeeds: many at once would all begin before any has failed. */
export interface Attempt {
  succeeded(): void;
}

export interface Attempts {
  /** Or how long to wait, when there were too many wrong ones; `isFirst` once in each window. */
  begin(account: string, address: string): Attempt | { readonly retryAfterSeconds: number; readonly isFirst: boolean };
}

/** Wrong tries in one window. */
export const attemptLimits = {
  /** From one address for one account: a person who mistypes. */
  both: 5,
  /** For one account from everywhere. More than one address has, or anybody could lock anybody out with ease. */
  account: 50,
  /** From one address for all accounts: an office behind one address, and whoever tries one password on all. */
  address: 50,
} as const;

const windowMs = 15 * 60_000;
const maxCounters = 100_000;

interface Counter {
  count: number;
  isTold: boolean;
  readonly endsAt: number;
}

/**
 * Limits wrong passwords, per account and per address. Kept in memory: each node counts what it sees, so that trying is
 * cheaper for nobody than refusing.
 *
 * @param now milliseconds since 1970
 */
export function createAttempts(now: () => number): Attempts {
  const counters = new LRUCache<string, Counter>({ max: maxCounters });

  function counter(key: string): Counter {
    const known = counters.get(key);
    if (known && known.endsAt > now()) return known;
    const fresh = { count: 0, isTold: false, endsAt: now() + windowMs };
    counters.set(key, fresh);
    return fresh;
  }

  return {
    begin(account, address) {
      const [name, network] = [account.toLowerCase(), networkOf(address)];
      const others: Counter[] = [];
      // The address first: one that is full must not push out what is counted of others, by names that it makes up.
      for (const [key, most] of [
        [`address ${network}`, attemptLimits.address],
        [`account ${name}`, attemptLimits.account],
      ] as const) {
        const one = counter(key);
        if (one.count >= most) return refusal(one);
        others.push(one);
      }
      const both = counter(`both ${network} ${name}`);
      if (both.count >= attemptLimits.both) return refusal(both);
      for (const each of [both, ...others]) each.count++;
      return {
        succeeded() {
          both.count = 0;
          for (const each of others) each.count--;
        },
      };
    },
  };

  function refusal(full: Counter) {
    const isFirst = !full.isTold;
    full.isTold = true;
    return { retryAfterSeconds: Math.max(1, Math.ceil((full.endsAt - now()) / 1000)), isFirst };
  }
}
