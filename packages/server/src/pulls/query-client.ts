import { Worker } from 'node:worker_threads';
import type { PullQuery } from './pull-query.ts';
import type { QueryCall, QueryLocation, QueryOrder, QueryReport } from './query-messages.ts';

/** Waiting calls; whoever asks for more is refused, so that a slow disk does not fill the memory. */
const mostWaiting = 50;
const maxYoungGenerationSizeMb = 8;

export class PullQueryError extends Error {
  override readonly name = 'PullQueryError';
}

/**
 * Reads pull records in a thread of its own, which is started with the first call, and again after it has ended. What
 * fails is a `PullQueryError`.
 */
export function openQueryThread(location: QueryLocation): PullQuery & { close(): Promise<void> } {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  let worker: Worker | undefined;

  function start(): Worker {
    const started = new Worker(new URL('./query-thread.ts', import.meta.url), {
      workerData: location,
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    started.unref();
    started.on('message', onReport);
    started.on('error', (error) => end(started, String(error)));
    started.on('exit', () => end(started, 'the thread has ended'));
    return started;
  }

  function onReport(report: QueryReport): void {
    const { resolve, reject } = waiting.get(report.number) ?? {};
    waiting.delete(report.number);
    if (waiting.size === 0) worker?.unref();
    if ('value' in report) resolve?.(report.value);
    else reject?.(failed(report.reason));
  }

  function end(ended: Worker, reason: string): void {
    if (worker !== ended) return;
    worker = undefined;
    for (const { reject } of waiting.values()) reject(failed(reason));
    waiting.clear();
  }

  function ask(call: QueryCall): Promise<unknown> {
    if (waiting.size >= mostWaiting) return Promise.reject(failed('too many are being asked at once; try again'));
    worker ??= start();
    worker.ref();
    const answer = Promise.withResolvers<unknown>();
    last += 1;
    waiting.set(last, answer);
    worker.postMessage({ number: last, call } satisfies QueryOrder);
    return answer.promise;
  }

  return {
    newest: (...args) => ask({ method: 'newest', args }) as ReturnType<PullQuery['newest']>,
    count: (...args) => ask({ method: 'count', args }) as ReturnType<PullQuery['count']>,
    combinations: (...args) => ask({ method: 'combinations', args }) as ReturnType<PullQuery['combinations']>,
    async close() {
      await worker?.terminate();
    },
  };
}

function failed(reason: string): PullQueryError {
  return new PullQueryError(`The pull records cannot be read: ${reason}.`);
}
