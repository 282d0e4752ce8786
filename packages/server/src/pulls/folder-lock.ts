import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const sqliteBusy = 5;

/**
 * Takes a folder for this process alone. A second process would take the first one's running segment for a left-over
 * and remove it with what is written to it later.
 *
 * The lock is an open transaction on an empty SQLite file: Node has no file locks of its own, and the kernel gives these
 * back however the process ends, which no file with a process id does.
 *
 * @throws Error when another process has the folder
 */
export function lockFolder(folder: string): { release(): void } {
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (!(cause instanceof Error && 'errcode' in cause && cause.errcode === sqliteBusy)) throw cause;
    const advice = 'Stop it, or give this one its own folder with data or PULLGATE_DATA.';
    throw new Error(`${folder} is in use by another Pullgate process. ${advice}`, { cause });
  }
  return { release: () => database.close() };
}
