import { databasePullArchive } from '../../src/database/pull-store.ts';
import { openDatabase } from '../../src/database/sqlite.ts';
import type { PullArchive } from '../../src/pulls/pull-store.ts';

/** A database that is away at first: opening fails twice, then storing fails twice. Loaded by the archive's thread. */

let opened = 0;
let appended = 0;

export async function openPullArchive(file: string): Promise<PullArchive> {
  opened += 1;
  if (opened <= 2) throw new Error('the database does not answer');
  const archive = databasePullArchive(await openDatabase({ file, durability: 'relaxed' }));
  return {
    ...archive,
    async append(chain, records) {
      appended += 1;
      if (appended <= 2) throw new Error('the database is locked');
      await archive.append(chain, records);
    },
  };
}

/** The module that never opens one. */
export const nowhere = `data:text/javascript,${encodeURIComponent(
  `export async function openPullArchive() { throw new Error('the database is gone'); }`,
)}`;
