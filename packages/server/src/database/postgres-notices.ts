import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { clientConfig } from './postgres.ts';
import type { PostgresLocation } from './postgres-location.ts';
import { revisionChannel } from './revision.ts';

const retryAfter = 1_000; // ms

export interface ChangeNotices {
  close(): Promise<void>;
}

/**
 * Calls `changed` as soon as any node has committed a change, on a connection of its own, and whenever that connection is
 * made again: what happened meanwhile was told to nobody. While there is no connection, it is silent and tries again.
 */
export function followChanges(location: PostgresLocation, changed: () => void): ChangeNotices {
  const closing = new AbortController();
  const { signal } = closing;
  let client: Client | undefined;
  const following = follow();

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      await listen().catch(() => undefined);
      await sleep(retryAfter, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Until the connection ends. */
  async function listen(): Promise<void> {
    const listener = new Client(clientConfig(location));
    client = listener;
    const ended = new Promise((resolve) => listener.once('end', resolve).on('error', resolve));
    try {
      await listener.connect();
      listener.on('notification', changed);
      await listener.query(`listen ${revisionChannel}`);
      changed();
      await ended;
    } finally {
      await listener.end().catch(() => undefined);
    }
  }

  return {
    async close() {
      closing.abort();
      await client?.end().catch(() => undefined);
      await following;
    },
  };
}
