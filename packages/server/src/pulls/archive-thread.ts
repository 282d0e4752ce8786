import { on } from 'node:events';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { ArchiveModule, ArchiveOrder, ArchiveReport, ArchiveTask } from './archive-messages.ts';
import { archiveSegments } from './archive-segments.ts';
import type { PullArchive } from './pull-store.ts';

/** The thread's entry: hashing and storing records takes no time from the pulls, which have the other thread. */

const backgroundPriority = 10;
const firstRetry = 100;
const lastRetry = 30_000;
/** One transaction's worth: whoever writes something else to the database waits no longer than for this many. */
const removalBatch = 5000;

const task: ArchiveTask = workerData;
let opened: PullArchive | undefined;
let storedUpTo = 0;

function report(message: ArchiveReport): void {
  parentPort?.postMessage(message);
}

/** Opened when it is needed and, like everything else here, again until it works: a database may be away at the start. */
async function archive(): Promise<PullArchive> {
  if (opened !== undefined) return opened;
  const module: ArchiveModule = await import(task.location.module);
  opened = await module.openPullArchive(task.location.database);
  return opened;
}

async function store(upTo: number): Promise<void> {
  if (upTo <= storedUpTo) return;
  for (let retryIn = firstRetry; ; retryIn = Math.min(retryIn * 2, lastRetry)) {
    try {
      await archiveSegments(task, upTo, await archive(), report);
      storedUpTo = upTo;
      return;
    } catch (error) {
      report({ kind: 'failed', reason: String(error), retryIn });
      await sleep(retryIn);
    }
  }
}

async function remove(before: number): Promise<void> {
  try {
    const records = await (await archive()).removeBefore(before, removalBatch);
    report({ kind: 'removed', before, records });
  } catch (error) {
    report({ kind: 'failed', reason: String(error), retryIn: undefined });
  }
}

if (parentPort !== null) {
  // On Linux a priority is the thread's own: storing records gives way to answering pulls. Elsewhere it is the process'.
  if (process.platform === 'linux') setPriority(backgroundPriority);
  for await (const [order] of on(parentPort, 'message') as AsyncIterable<[ArchiveOrder]>) {
    if (order.kind === 'close') break;
    if (order.kind === 'store') await store(order.upTo);
    else await remove(order.before);
  }
  await opened?.close();
}
