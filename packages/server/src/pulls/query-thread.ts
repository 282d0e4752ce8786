import { on } from 'node:events';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { PullQuery } from './pull-query.ts';
import type { QueryCall, QueryLocation, QueryModule, QueryOrder, QueryReport } from './query-messages.ts';

/** The thread's entry: SQLite answers while its caller waits, and nobody's pull waits for a chart over a million records. */

const backgroundPriority = 5;

// On Linux a priority is the thread's own, and answering pulls goes first. Elsewhere it is the process'.
if (process.platform === 'linux') setPriority(backgroundPriority);
const location: QueryLocation = workerData;
let opened: PullQuery | undefined;

/** Opened with the first call, and with the next one should it fail: a database may be away for a while. */
async function query(): Promise<PullQuery> {
  if (opened !== undefined) return opened;
  const module: QueryModule = await import(location.module);
  opened = await module.openPullQuery(location.database);
  return opened;
}

async function answer({ number, call }: QueryOrder): Promise<QueryReport> {
  try {
    return { number, value: await carryOut(await query(), call) };
  } catch (error) {
    return { number, reason: error instanceof Error ? error.message : String(error) };
  }
}

function carryOut(query: PullQuery, call: QueryCall): Promise<unknown> {
  switch (call.method) {
    case 'newest':
      return query.newest(...call.args);
    case 'count':
      return query.count(...call.args);
    case 'combinations':
      return query.combinations(...call.args);
  }
}

if (parentPort !== null) {
  for await (const [order] of on(parentPort, 'message') as AsyncIterable<[QueryOrder]>) {
    parentPort.postMessage(await answer(order));
  }
}
