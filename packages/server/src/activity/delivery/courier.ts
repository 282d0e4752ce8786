import { setTimeout as sleep } from 'node:timers/promises';
import type { PositionStore } from './positions.ts';
import type { Source } from './source.ts';
import { DeliveryError, type Target } from './target.ts';

export interface CourierOptions {
  readonly source: Source;
  readonly target: Target;
  readonly positions: PositionStore;
  /** Name of this node, the same after a restart. */
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: DeliveryLog;
  readonly pace?: Pace;
}

export interface DeliveryLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** Milliseconds. */
export interface Pace {
  /** Between two looks for something new. */
  readonly poll: number;
  /** After the first failure; it doubles with each further one. */
  readonly firstRetry: number;
  readonly longestRetry: number;
}

const defaultPace: Pace = { poll: 1_000, firstRetry: 1_000, longestRetry: 300_000 };
/** Longer than any attempt takes. */
const holdMs = 120_000;
/** A failure that lasts is told again after so many attempts. */
const tellEvery = 12;

/**
 * Carries what happens from one source to one target, in order and at least once: the position is stored after the
 * receipt. The source is the queue, so that a target which is away for days costs neither memory nor an event.
 */
export interface Courier {
  /** In positions and metrics. */
  readonly name: string;
  /** Milliseconds since the oldest event happened that the target does not have; 0 when it has all. */
  readonly lag: number;
  /** What came of this node's attempts so far. */
  readonly outcome: Outcome;
  close(): Promise<void>;
}

/** Times are milliseconds since 1970; null until then. */
export interface Outcome {
  readonly lastSuccessAt: number | null;
  readonly lastFailureAt: number | null;
  /** Why the last one failed that did, in a sentence. */
  readonly lastError: string | null;
}

/** `webhook:siem` for the activity, `webhook:siem/refusals` for what else the target gets. */
export function courierName({ source, target }: Pick<CourierOptions, 'source' | 'target'>): string {
  return source.name === 'activity' ? target.name : `${target.name}/${source.name}`;
}

export function startCourier(options: CourierOptions): Courier {
  const { source, target, positions, holder, now, log, pace = defaultPace } = options;
  const name = courierName(options);
  const closing = new AbortController();
  const { signal } = closing;
  let failures = 0;
  let oldestAt: number | undefined;
  let outcome: Outcome = { lastSuccessAt: null, lastFailureAt: null, lastError: null };
  let held = { position: '', until: 0 };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const pause = await step().then(succeeded, failed);
      if (pause > 0) await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** One batch. Gives the milliseconds to wait before the next. */
  async function step(): Promise<number> {
    const position = await positionHeld();
    if (position === undefined) {
      oldestAt = undefined;
      return pace.poll;
    }
    const { events, position: next } = await source.after(position, target.batch);
    const [first] = events;
    oldestAt = first?.at;
    if (first !== undefined) {
      await target.send(events, signal);
      outcome = { ...outcome, lastSuccessAt: now() };
      await positions.save(name, holder, next);
    }
    held = { ...held, position: next };
    return first === undefined ? pace.poll : 0;
  }

  /** Asked of the database now and then only: it would be a write for each look. */
  async function positionHeld(): Promise<string | undefined> {
    const at = now();
    if (held.until - at > holdMs / 2) return held.position;
    // The end of much that did not concern the target; where something was delivered, it is stored already.
    if (held.until > 0) await positions.save(name, holder, held.position);
    const until = at + holdMs;
    const position = await positions.hold(name, holder, at, until);
    held = { position: position ?? '', until: position === undefined ? 0 : until };
    return position;
  }

  function succeeded(pause: number): number {
    if (failures > 0) log.info({ target: name }, 'Deliveries succeed again.');
    failures = 0;
    return pause;
  }

  function failed(error: unknown): number {
    if (signal.aborted) return 0;
    const reason = error instanceof DeliveryError ? error.message : undefined;
    outcome = { ...outcome, lastFailureAt: now(), lastError: reason ?? 'The gate itself failed: its log tells more.' };
    if (failures % tellEvery === 0) {
      const details = reason === undefined ? { err: error } : { reason };
      log.warn({ target: name, ...details }, 'What happens cannot be delivered. It is kept, and tried again.');
    }
    failures += 1;
    // Half of the time is random, so that several nodes do not come back in step.
    return Math.min(pace.firstRetry * 2 ** (failures - 1), pace.longestRetry) * (0.5 + Math.random() / 2);
  }

  const running = run();
  return {
    name,
    get lag() {
      return oldestAt === undefined ? 0 : Math.max(now() - oldestAt, 0);
    },
    get outcome() {
      return outcome;
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
