import type { Action, Activity, Actor, Change } from '../activity/activity.ts';
import type { ActivityStore } from '../activity/activity-log.ts';
import { type ChainedRow, chain } from '../activity/chain.ts';
import type { Database } from './schema.ts';

/** Rows that are held in memory while the chain is walked. */
const pageSize = 1_000;

/** Appends in the caller's transaction, which must hold the lock on the revision: the chain has one end. */
export async function appendActivity(transaction: Database, change: Change, actor: Actor, at: number): Promise<void> {
  const last = await transaction
    .selectFrom('activity')
    .select(['sequence', 'hash'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { address = null, ...who } = actor;
  const row = chain(last, {
    organization_id: change.organizationId,
    action: change.action,
    actor: JSON.stringify(who),
    address,
    at,
    subject: change.subject,
    before: change.before === undefined ? null : JSON.stringify(change.before),
    after: change.after === undefined ? null : JSON.stringify(change.after),
  });
  await transaction.insertInto('activity').values(row).execute();
}

export function openActivityStore(database: Database): ActivityStore {
  return {
    async list({ organizationId, before, limit }) {
      let query = database.selectFrom('activity').selectAll().orderBy('sequence', 'desc').limit(limit);
      if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
      if (before !== undefined) query = query.where('sequence', '<', before);
      return (await query.execute()).map(toActivity);
    },
    async *chained() {
      let after = 0;
      while (true) {
        const page = await rowsAfter(database, after);
        yield* page;
        const last = page.at(-1);
        if (last === undefined) return;
        after = last.sequence;
      }
    },
  };
}

function rowsAfter(database: Database, sequence: number): Promise<ChainedRow[]> {
  return database
    .selectFrom('activity')
    .selectAll()
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(pageSize)
    .execute();
}

function toActivity(row: ChainedRow): Activity {
  return {
    sequence: row.sequence,
    organizationId: row.organization_id,
    action: row.action as Action,
    actor: JSON.parse(row.actor),
    address: row.address,
    at: row.at,
    subject: row.subject,
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
    hash: row.hash,
  };
}
