import { CompiledQuery, type SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import type { ArchiveLocation } from '../pulls/archive-messages.ts';
import { type ChainPosition, chainStart, linkRecords } from '../pulls/chain.ts';
import type { PullRecord } from '../pulls/pull-record.ts';
import {
  type ChainEnds,
  type ChainReader,
  type PullArchive,
  PullCursorError,
  type PullFilter,
  type PullPage,
  type PullStore,
} from '../pulls/pull-store.ts';
import type { Soon } from '../soon.ts';
import { connect, type DatabaseLocation } from './connect.ts';
import { newestRows } from './pull-query.ts';
import { linkOf, type PullRow, recordOf, rowOf } from './pull-rows.ts';
import type { Database, Tables } from './schema.ts';

type Query<Output> = SelectQueryBuilder<Tables, 'pull_records', Output>;

/** Which database the archive's thread writes to. */
export function pullArchiveLocation(location: DatabaseLocation): ArchiveLocation {
  return { module: import.meta.url, database: location.kind === 'sqlite' ? location : { ...location, connections: 1 } };
}

/**
 * Called in the archive's thread. The embedded database does not wait for the disk at each commit: the journal, which is
 * removed after it, did not either. A power cut takes the last moments from both; the chain ends earlier, but holds.
 *
 * @param location as `pullArchiveLocation` gave it.
 */
export async function openPullArchive(location: unknown): Promise<PullArchive> {
  return databasePullArchive(await connect(location as DatabaseLocation));
}

export function databasePullArchive(database: Database): PullArchive {
  const insert = createInsert();
  return {
    async append(chain, records) {
      const store = (choose: (db: Database) => Soon<readonly PullRecord[]>) =>
        database.transaction().execute((db) => append(db, chain, choose, insert));
      try {
        await store(() => records);
      } catch {
        // Whatever it was: a process that ended at the wrong moment may have stored some of them, which its unique id tells.
        // Asking each time would cost a twentieth. What else is wrong the second attempt finds too, and says.
        await store((db) => notStored(db, records));
      }
    },
    async removeBefore(before, limit) {
      let removed = 0;
      for (const { chain } of await readAllEnds(database)) {
        removed += await database.transaction().execute((db) => removeOldest(db, chain, before, limit));
      }
      return removed;
    },
    close: () => database.destroy(),
  };
}

export function databasePullStore(database: Database): PullStore & ChainReader {
  return {
    async byId(id, filter = {}) {
      const query = database.selectFrom('pull_records').selectAll().where('id', '=', id);
      const row = await matching(query, filter).executeTakeFirst();
      return row && recordOf(row);
    },
    latest: (limit, filter = {}) => latest(database, limit, filter),
    after: async (cursor, limit, filter = {}) => after(database, parseCursor(cursor), limit, filter),
    chainEnds: () => readAllEnds(database),
    links: async (chain, afterSequence, limit) =>
      (await behind(database, chain, afterSequence).limit(limit).execute()).map(linkOf),
  };
}

// The chains.

const endsPrefix = 'pull-chain:';

const position = z.object({ sequence: z.int(), hash: z.string() });
const storedEnds = z.object({ oldest: position, newest: position });

async function readAllEnds(db: Database): Promise<ChainEnds[]> {
  const rows = await db.selectFrom('instance').selectAll().where('key', 'like', `${endsPrefix}%`).execute();
  return rows.map(({ key, value }) => ({
    chain: key.slice(endsPrefix.length),
    ...storedEnds.parse(JSON.parse(value)),
  }));
}

/**
 * The chain's ends, and nobody else changes them before the transaction is done: any node removes old records of any
 * chain, and a node whose data folder was copied from another's continues the same one.
 */
async function lockEnds(db: Database, chain: string): Promise<ChainEnds> {
  const row = await db
    .insertInto('instance')
    .values({ key: endsPrefix + chain, value: JSON.stringify({ oldest: chainStart, newest: chainStart }) })
    // Writes what stands there: an update locks its row on every database.
    .onConflict((conflict) => conflict.column('key').doUpdateSet(({ ref }) => ({ value: ref('instance.value') })))
    .returning('value')
    .executeTakeFirstOrThrow();
  return { chain, ...storedEnds.parse(JSON.parse(row.value)) };
}

async function writeEnds(db: Database, { chain, oldest, newest }: ChainEnds): Promise<void> {
  const value = JSON.stringify({ oldest: positionOf(oldest), newest: positionOf(newest) });
  await db
    .insertInto('instance')
    .values({ key: endsPrefix + chain, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

function positionOf({ sequence, hash }: ChainPosition): ChainPosition {
  return { sequence, hash };
}

async function append(
  db: Database,
  chain: string,
  choose: (db: Database) => Soon<readonly PullRecord[]>,
  insert: Insert,
): Promise<void> {
  const ends = await lockEnds(db, chain);
  const records = await choose(db);
  if (records.length === 0) return;
  const links = linkRecords(ends.newest, records);
  const rows = links.map((link) => rowOf(chain, link));
  await insert(db, rows);
  await writeEnds(db, { ...ends, newest: links.at(-1) ?? ends.newest });
}

type Insert = (db: Database, rows: readonly PullRow[]) => Promise<void>;

/** Rows per statement. */
const block = 100;

/** Inserts blocks of rows with a statement that is built once: building it for each block costs more than running it. */
function createInsert(): Insert {
  let statement: string | undefined;
  return async (db, rows) => {
    for (let start = 0; start < rows.length; start += block) {
      const some = rows.slice(start, start + block);
      if (some.length < block) {
        await db.insertInto('pull_records').values(some).execute();
        continue;
      }
      statement ??= db.insertInto('pull_records').values(some).compile().sql;
      // The columns of a statement are the members of its rows, in their order, which is that of `rowOf`.
      await db.executeQuery(CompiledQuery.raw(statement, some.flatMap(Object.values)));
    }
  };
}

async function notStored(db: Database, records: readonly PullRecord[]): Promise<PullRecord[]> {
  const byId = new Map(records.map((record) => [record.id, record]));
  const stored = await db
    .selectFrom('pull_records')
    .select('id')
    .where('id', 'in', [...byId.keys()])
    .execute();
  for (const { id } of stored) byId.delete(id);
  return [...byId.values()];
}

async function removeOldest(db: Database, chain: string, before: number, limit: number): Promise<number> {
  const ends = await lockEnds(db, chain);
  const rows = await db
    .selectFrom('pull_records')
    .select(['sequence', 'hash', 'at'])
    .where('chain', '=', chain)
    .where('sequence', '>', ends.oldest.sequence)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  const kept = rows.findIndex(({ at }) => at >= before);
  const old = kept === -1 ? rows : rows.slice(0, kept);
  const oldest = old.at(-1);
  if (oldest === undefined) return 0;
  await db.deleteFrom('pull_records').where('chain', '=', chain).where('sequence', '<=', oldest.sequence).execute();
  await writeEnds(db, { ...ends, oldest });
  return old.length;
}

function behind(db: Database, chain: string, sequence: number) {
  return db
    .selectFrom('pull_records')
    .selectAll()
    .where('chain', '=', chain)
    .where('sequence', '>', sequence)
    .orderBy('sequence');
}

// Reading. A cursor says how far each chain was read: unlike times, sequences do not depend on the nodes' clocks.

type Cursor = ReadonlyMap<string, number>;

async function latest(db: Database, limit: number, filter: PullFilter): Promise<PullPage> {
  const cursor = new Map((await readAllEnds(db)).map(({ chain, newest }) => [chain, newest.sequence]));
  const { organizationId, ...search } = filter;
  const scope = organizationId === undefined ? 'installation' : { organizationId };
  const rows = await newestRows(db, scope, search, undefined, limit);
  // What was stored between the two queries comes with the next page.
  const known = rows.filter(({ chain, sequence }) => sequence <= (cursor.get(chain) ?? 0));
  return { records: known.map(recordOf), cursor: formatCursor(cursor) };
}

async function after(db: Database, cursor: Cursor, limit: number, filter: PullFilter): Promise<PullPage> {
  const next = new Map<string, number>();
  const rows: PullRow[] = [];
  for (const { chain, newest } of await readAllEnds(db)) {
    const start = cursor.get(chain) ?? 0;
    const room = limit - rows.length;
    next.set(chain, start);
    if (room <= 0 || newest.sequence <= start) continue;
    const unread = behind(db, chain, start).where('sequence', '<=', newest.sequence).limit(room);
    const found = await matching(unread, filter).execute();
    rows.push(...found);
    next.set(chain, found.length < room ? newest.sequence : (found.at(-1)?.sequence ?? start));
  }
  rows.sort((a, b) => a.at - b.at);
  return { records: rows.map(recordOf), cursor: formatCursor(next) };
}

function matching<Output>(query: Query<Output>, filter: PullFilter): Query<Output> {
  let narrowed = query;
  if (filter.organizationId !== undefined) narrowed = narrowed.where('organization_id', '=', filter.organizationId);
  if (filter.verdict !== undefined) narrowed = narrowed.where('verdict', '=', filter.verdict);
  if (filter.repository !== undefined) narrowed = narrowed.where('repository', '=', filter.repository);
  if (filter.person !== undefined) narrowed = narrowed.where('person', '=', filter.person);
  return narrowed;
}

const cursorShape = z.record(z.string(), z.int().nonnegative());

function formatCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(Object.fromEntries(cursor))).toString('base64url');
}

function parseCursor(text: string): Cursor {
  try {
    return new Map(Object.entries(cursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))));
  } catch {
    throw new PullCursorError();
  }
}
