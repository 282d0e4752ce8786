import type { SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import type { Action, Activity, Actor, Change } from '../activity/activity.ts';
import type { ActivityStore, StoredActivityQuery } from '../activity/activity-log.ts';
import { type ChainEnds, type ChainedRow, type ChainLink, chain, chainStart } from '../activity/chain.ts';
import type { Database, Tables } from './schema.ts';

/** Appends in the caller's transaction, which must hold the lock on the revision: the chain has one end. */
export async function appendActivity(transaction: Database, change: Change, actor: Actor, at: number): Promise<void> {
  const ends = await readEnds(transaction);
  const { address = null, organizationId: _own, ...who } = toldTo(change.organizationId, actor);
  // The noted end, not the last row: a row that was taken away must leave a gap, not make room for the next one.
  const row = chain(ends?.newest ?? (await lastRow(transaction)) ?? chainStart, {
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
  if (ends !== undefined) await noteEnds(transaction, { ...ends, newest: row });
}

/** What an organization may know of who acts: another one's identity provider is that one's own affair. */
function toldTo(organizationId: string | null, actor: Actor): Actor {
  const isForeign = actor.organizationId !== undefined && organizationId !== null;
  if (!isForeign || organizationId === actor.organizationId) return actor;
  return { kind: actor.kind, name: 'another organization' };
}

export function openActivityStore(database: Database): ActivityStore {
  return {
    list: (query) => list(database, query),
    chained: (after, limit) =>
      database
        .selectFrom('activity')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
    ends: () => readEnds(database),
    cut: (before, through, limit) => cut(database, before, through, limit),
  };
}

async function list(database: Database, query: StoredActivityQuery): Promise<Activity[]> {
  const { before, after, offset = 0, limit } = query;
  let rows = matching(database.selectFrom('activity').selectAll(), query).limit(limit);
  if (before !== undefined) rows = rows.where('sequence', '<', before);
  if (offset > 0) rows = rows.offset(offset);
  if (after === undefined) return (await rows.orderBy('sequence', 'desc').execute()).map(toActivity);
  const next = await rows.where('sequence', '>', after).orderBy('sequence').execute();
  return next.map(toActivity).toReversed();
}

type Rows<Output> = SelectQueryBuilder<Tables, 'activity', Output>;

function matching<Output>(rows: Rows<Output>, filter: StoredActivityQuery): Rows<Output> {
  const { organizationId, actions, subject, actor, from, to } = filter;
  let narrowed = rows;
  if (organizationId === null) narrowed = narrowed.where('organization_id', 'is', null);
  else if (organizationId !== undefined) narrowed = narrowed.where('organization_id', '=', organizationId);
  if (actions !== undefined) narrowed = narrowed.where('action', 'in', [...actions]);
  if (subject !== undefined) narrowed = narrowed.where('subject', '=', subject);
  if (actor !== undefined) narrowed = narrowed.where('actor_name', '=', actor);
  if (from !== undefined) narrowed = narrowed.where('at', '>=', from);
  if (to !== undefined) narrowed = narrowed.where('at', '<=', to);
  return narrowed;
}

async function cut(db: Database, before: number, through: number, limit: number): Promise<ChainLink | undefined> {
  const ends = await readEnds(db);
  if (ends === undefined) return undefined;
  const rows = await db
    .selectFrom('activity')
    .select(['sequence', 'hash', 'at'])
    .where('sequence', '>', ends.oldest.sequence)
    .where('sequence', '<=', through)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  const kept = rows.findIndex(({ at }) => at >= before);
  const last = (kept === -1 ? rows : rows.slice(0, kept)).at(-1);
  if (last === undefined) return undefined;
  await db.deleteFrom('activity').where('sequence', '<=', last.sequence).execute();
  await noteEnds(db, { ...ends, oldest: last });
  return linkOf(last);
}

// The note of the chain's ends. It is made once, with the table, and never again: one that is gone was taken away.

const endsKey = 'activity-chain';
const link = z.object({ sequence: z.int(), hash: z.string() });
const endsShape = z.object({ oldest: link, newest: link });

async function readEnds(db: Database): Promise<ChainEnds | undefined> {
  const row = await db.selectFrom('instance').select('value').where('key', '=', endsKey).executeTakeFirst();
  return row && endsShape.parse(JSON.parse(row.value));
}

async function noteEnds(db: Database, { oldest, newest }: ChainEnds): Promise<void> {
  const value = JSON.stringify({ oldest: linkOf(oldest), newest: linkOf(newest) });
  await db.updateTable('instance').set({ value }).where('key', '=', endsKey).execute();
}

function linkOf({ sequence, hash }: ChainLink): ChainLink {
  return { sequence, hash };
}

function lastRow(db: Database): Promise<ChainLink | undefined> {
  return db.selectFrom('activity').select(['sequence', 'hash']).orderBy('sequence', 'desc').limit(1).executeTakeFirst();
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
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
