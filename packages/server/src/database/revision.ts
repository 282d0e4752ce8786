import { sql } from 'kysely';
import type { Database } from './schema.ts';

const key = 'revision';

export async function readRevision(database: Database): Promise<number> {
  const row = await database.selectFrom('instance').select('value').where('key', '=', key).executeTakeFirstOrThrow();
  return Number(row.value);
}

export async function raiseRevision(transaction: Database): Promise<void> {
  await transaction
    .updateTable('instance')
    .set({ value: sql<string>`cast(cast(value as bigint) + 1 as text)` })
    .where('key', '=', key)
    .execute();
}
