import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { spinner } from '@clack/prompts';
import type { Shell } from '../shell.ts';

/** Milliseconds before anything is shown: what is done by then needs no explanation. */
const patience = 1000;

/** Columns; the display cannot redraw itself where it has no room. */
const narrowest = 40;

/** Waits for the work, and says so on a terminal when it takes long. */
export async function withProgress<T>(shell: Shell, message: string, work: Promise<T>): Promise<T> {
  const { isTTY, columns = narrowest } = shell.stderr;
  if (!isTTY || columns < narrowest) return work;
  const done = new AbortController();
  const shown = show(shell.stderr, message, done.signal);
  try {
    return await work;
  } finally {
    done.abort();
    (await shown)?.();
  }
}

/** Gives what clears the display again, if it came up. */
async function show(output: Writable, message: string, done: AbortSignal): Promise<(() => void) | undefined> {
  try {
    await delay(patience, undefined, { signal: done });
  } catch {
    return undefined;
  }
  const display = spinner({ output, indicator: 'timer' });
  display.start(message);
  return () => display.clear();
}
