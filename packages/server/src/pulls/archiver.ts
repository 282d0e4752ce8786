import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ArchiveOrder, ArchiveReport, ArchiveTask } from './archive-messages.ts';

/** The archive's thread, seen from the one that serves pulls. */
export interface Archiver {
  order(order: Exclude<ArchiveOrder, { kind: 'close' }>): void;
  /** Carries out what was ordered, but stops after so many milliseconds: the rest is done at the next start. */
  close(limit: number): Promise<void>;
}

const restartAfter = 1000;
/**
 * V8 lets the young generation grow to 128 MiB where much is allocated. This is room for some transactions, after each of
 * which all that it took is garbage: with less, half of it is still in use whenever V8 collects, and copied.
 */
const maxYoungGenerationSizeMb = 32;

/** Starts the thread, and starts it again should it end by itself. */
export function startArchiver(task: ArchiveTask, onReport: (report: ArchiveReport) => void): Archiver {
  let upTo = 0;
  let closing = false;
  let worker = start();

  function start(): Worker {
    const started = new Worker(new URL('./archive-thread.ts', import.meta.url), {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    started.on('message', onReport);
    started.on('error', (error) => onReport({ kind: 'failed', reason: String(error), retryIn: restartAfter }));
    started.on('exit', () => {
      if (!closing) setTimeout(restart, restartAfter).unref();
    });
    return started;
  }

  function restart(): void {
    if (closing) return;
    worker = start();
    send({ kind: 'store', upTo });
  }

  function send(order: ArchiveOrder): void {
    worker.postMessage(order);
  }

  return {
    order(order) {
      if (order.kind === 'store') upTo = order.upTo;
      send(order);
    },
    async close(limit) {
      closing = true;
      if (worker.threadId === -1) return;
      const exited = new Promise((resolve) => worker.once('exit', resolve));
      send({ kind: 'close' });
      const timer = new AbortController();
      await Promise.race([exited, sleep(limit, undefined, { signal: timer.signal, ref: false })]);
      timer.abort();
      await worker.terminate();
    },
  };
}
