import { setImmediate } from 'node:timers/promises';
import type { Actor } from './activity.ts';
import type { ActivityStore } from './activity-log.ts';
import { trimmed } from './chain.ts';
import type { Transactional } from './transactional.ts';

export interface RetentionOptions {
  readonly stores: Transactional<{ readonly activity: ActivityStore }>;
  /** Milliseconds that a row is kept. */
  readonly retentionMs: number;
  /** Sequence up to which rows are not needed any more for anything else. Others are kept as long again. */
  readonly through: () => Promise<number>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const retention: Actor = { kind: 'system', name: 'retention' };
const day = 86_400_000;
const hour = 3_600_000;
/** Rows in one transaction: the embedded database deletes them on the thread that serves pulls. */
const batch = 500;

/**
 * Removes what is older than the retention, by whole days so that it is told once a day. Each batch is told by a row of the
 * activity itself, in the same transaction, with the hash that the chain goes on from: the rest can still be verified.
 *
 * @returns how many batches were removed
 */
export async function removeOldActivity({ stores, retentionMs, through, now }: RetentionOptions): Promise<number> {
  const daysAgo = (milliseconds: number) => Math.floor((now() - milliseconds) / day) * day;
  // A target that never comes back must not keep everything for ever.
  const overdue = await removeThrough(stores, daysAgo(2 * retentionMs), Number.MAX_SAFE_INTEGER);
  return overdue + (await removeThrough(stores, daysAgo(retentionMs), await through()));
}

async function removeThrough(stores: RetentionOptions['stores'], before: number, through: number): Promise<number> {
  for (let batches = 0; ; batches += 1) {
    await setImmediate();
    const [oldest] = await stores.read.activity.chained(0, 1);
    // A change is more than a look: it makes every node read its directory again.
    if (oldest === undefined || oldest.at >= before || oldest.sequence > through) return batches;
    const removed = await stores.change(retention, async ({ activity, record }) => {
      const last = await activity.cut(before, through, batch);
      if (last !== undefined) await record({ organizationId: null, subject: 'activity', ...trimmed(last) });
      return last;
    });
    // Another node was faster, or the note of the chain's ends is gone, which `verify` tells.
    if (removed === undefined) return batches;
  }
}

/** Does so now and every hour. Gives what ends it. */
export function keepRemoving(options: RetentionOptions, onError: (error: unknown) => void): () => Promise<void> {
  let running = Promise.resolve();
  function remove(): void {
    running = running.then(() => removeOldActivity(options)).then(() => undefined, onError);
  }
  const timer = setInterval(remove, hour).unref();
  remove();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
