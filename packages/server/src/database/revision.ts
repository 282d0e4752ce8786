import { PostgresAdapter, sql } from 'kysely';
import type { Database } from './schema.ts';

const key = 'revision';

/** Where PostgreSQL tells of each change when it is committed, for those who do not want to wait until they ask again. */
export const revisionChannel = 'pullgate_revision';

export async function readRevision(database: Database): Promise<number> {
  const row = await database.selectFrom('instance').select('value').where('key', '=', key).executeTakeFirstOrThrow();
  return Number(row.value);
}

/** The first statement of each change: the lock on its row makes changes run one after another, on all nodes. */
export async function raiseRevision(transaction: Database): Promise<void> {
  await transaction
    .updateTable('instance')
    .set({ value: sql<string>`cast(cast(value as bigint) + 1 as text)` })
    .where('key', '=', key)
    .execute();
  if (transaction.getExecutor().adapter instanceof PostgresAdapter) {
    await sql`select pg_notify(${revisionChannel}, '')`.execute(transaction);
  }
}
