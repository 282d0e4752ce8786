import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { actorNameOf, chainStart } from '../../activity/chain.ts';

interface Before {
  activity: { sequence: number; hash: string; actor: string; actor_name: string };
  instance: { key: string; value: string };
}

const pageSize = 1_000;

/** Searching the activity, removing what is old with a note of where the chain goes on, and delivering it elsewhere. */
export const activity: Migration = {
  async up(db: Kysely<Before>) {
    await db.schema
      .alterTable('activity')
      .addColumn('actor_name', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    await fillActorNames(db);
    for (const column of ['action', 'actor_name', 'subject']) {
      const index = db.schema.createIndex(`activity_${column}`).on('activity');
      await index.columns(['organization_id', column, 'sequence']).execute();
    }
    await db.schema.createIndex('activity_at').on('activity').columns(['organization_id', 'at']).execute();
    await noteEnds(db);
    await db.schema
      .createTable('deliveries')
      .addColumn('target', 'text', (column) => column.primaryKey())
      .addColumn('position', 'text', (column) => column.notNull())
      .addColumn('holder', 'text', (column) => column.notNull())
      .addColumn('held_until', 'bigint', (column) => column.notNull())
      .execute();
  },
};

async function fillActorNames(db: Kysely<Before>): Promise<void> {
  let after = 0;
  while (true) {
    const rows = await db
      .selectFrom('activity')
      .select(['sequence', 'actor'])
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(pageSize)
      .execute();
    for (const { sequence, actor } of rows) {
      const actor_name = actorNameOf(actor) ?? '';
      await db.updateTable('activity').set({ actor_name }).where('sequence', '=', sequence).execute();
      after = sequence;
    }
    if (rows.length < pageSize) return;
  }
}

async function noteEnds(db: Kysely<Before>): Promise<void> {
  const last = db.selectFrom('activity').select(['sequence', 'hash']).orderBy('sequence', 'desc').limit(1);
  const newest = (await last.executeTakeFirst()) ?? chainStart;
  const value = JSON.stringify({ oldest: chainStart, newest });
  await db.insertInto('instance').values({ key: 'activity-chain', value }).execute();
}
