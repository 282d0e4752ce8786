import type { HubTiming } from './hub-namespaces.ts';

export interface RefresherOptions {
  /** Looks one namespace up again, and tells whether it succeeded. Never throws. */
  readonly refresh: (namespace: string) => Promise<boolean>;
  readonly timing: Pick<HubTiming, 'refreshPaceMs' | 'failurePauseMs'>;
}

export interface Refresher {
  /** Asks for a refresh at some time. More than fit are dropped: they are asked for again with the next pull. */
  want(namespace: string): void;
  close(): void;
}

const maxWaiting = 1_000;

/** Looks namespaces up again, one at a time and slowly, so that a gate with thousands of them stays a polite guest. */
export function createRefresher({ refresh, timing }: RefresherOptions): Refresher {
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  /** Half of the time is random, so that several gates do not ask in step. */
  function schedule(milliseconds: number): void {
    timer = setTimeout(() => void step(), milliseconds * (0.5 + Math.random())).unref();
  }

  async function step(): Promise<void> {
    const [namespace] = waiting;
    if (namespace === undefined) {
      timer = undefined;
      return;
    }
    const succeeded = await refresh(namespace);
    waiting.delete(namespace);
    if (!isClosed) schedule(succeeded ? timing.refreshPaceMs : timing.failurePauseMs);
  }

  return {
    want(namespace) {
      if (isClosed || waiting.size >= maxWaiting) return;
      waiting.add(namespace);
      if (timer === undefined) schedule(timing.refreshPaceMs);
    },
    close() {
      isClosed = true;
      waiting.clear();
      clearTimeout(timer);
    },
  };
}
