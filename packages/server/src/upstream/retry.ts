import { setTimeout as sleep } from 'node:timers/promises';
import { ContentError } from '../content/content-error.ts';

/** The upstream failed in a way that may pass within a second: no connection, or 502, 503, 504. */
export class TransientError extends ContentError {
  constructor(message: string, cause?: unknown) {
    super('unavailable', message, { cause });
  }
}

export interface RetryPlan {
  /** How often it is tried at most, the first time included. */
  readonly attempts: number;
  /** Milliseconds before the second try, doubled for each further one. */
  readonly delayMs: number;
  /** Milliseconds after which nothing is tried again: container clients give up after 15 to 30 seconds. */
  readonly budgetMs: number;
}

export const defaultRetryPlan: RetryPlan = { attempts: 3, delayMs: 250, budgetMs: 8_000 };

/**
 * Runs `attempt`, which must be safe to repeat (GET, HEAD), again as long as it fails with a `TransientError`.
 * Half of each delay is random, so that gates behind one failing upstream do not come back in step.
 */
export async function retrying<T>(plan: RetryPlan, attempt: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      const delay = plan.delayMs * 2 ** (count - 1) * (0.5 + Math.random() / 2);
      const late = performance.now() - started + delay > plan.budgetMs;
      if (!(error instanceof TransientError) || count >= plan.attempts || late) throw error;
      await sleep(delay);
    }
  }
}
