import type { Category, ImageKind } from '@pullgate/policy';
import { type SelectQueryBuilder, sql } from 'kysely';
import {
  type CountedBucket,
  type CountedCategory,
  type CountedPulls,
  type CountRequest,
  imagePattern,
  mergeNewest,
  type PullCombinations,
  type PullPosition,
  type PullQuery,
  type PullScope,
  type PullSearch,
  type TimeRange,
} from '../pulls/pull-query.ts';
import type { PullRecord } from '../pulls/pull-record.ts';
import type { QueryLocation } from '../pulls/query-messages.ts';
import { connect, type DatabaseLocation } from './connect.ts';
import { type PullRow, recordOf } from './pull-rows.ts';
import type { Database, Tables } from './schema.ts';

type Query<Output> = SelectQueryBuilder<Tables, 'pull_records', Output>;

/** What a client begins a pull with: see `PullQuery`. */
const beginnings = ['manifest', 'token'];

/** Which database the readers' thread reads. */
export function pullQueryLocation(location: DatabaseLocation): QueryLocation {
  return { module: import.meta.url, database: location };
}

/** Called in the readers' thread. @param location as `pullQueryLocation` gave it. */
export async function openPullQuery(location: unknown): Promise<PullQuery> {
  return databasePullQuery(await connect(location as DatabaseLocation));
}

export function databasePullQuery(database: Database): PullQuery {
  return {
    newest: async (scope, search, behind, limit) =>
      (await newestRows(database, scope, search, behind, limit)).map(recordOf),
    count: (scope, request) => count(database, scope, request),
    combinations: (scope, range, limit) => combinations(database, scope, range, limit),
  };
}

// Records are indexed by organization, verdict and time, in runs that are in order each. One index serves every reader:
// whoever asks for several organizations or both verdicts merges their runs.

interface Run {
  readonly organizationId: string | null;
  readonly verdict: PullRecord['verdict'];
}

async function runsOf(db: Database, scope: PullScope, verdict: Run['verdict'] | undefined): Promise<Run[]> {
  const organizations = scope === 'installation' ? await organizationsOf(db) : [scope.organizationId];
  const verdicts = verdict === undefined ? (['allow', 'deny'] as const) : [verdict];
  return organizations.flatMap((organizationId) => verdicts.map((each) => ({ organizationId, verdict: each })));
}

/** Whoever has a record, also who is gone: a step in the index for each, not a look at every record. */
async function organizationsOf(db: Database): Promise<(string | null)[]> {
  const found: (string | null)[] = [null];
  for (let last = ''; ; ) {
    const next = await db
      .selectFrom('pull_records')
      .select('organization_id')
      .where('organization_id', '>', last)
      .orderBy('organization_id')
      .limit(1)
      .executeTakeFirst();
    if (next?.organization_id == null) return found;
    last = next.organization_id;
    found.push(last);
  }
}

/** The newest rows of a scope, newest first, from behind a position. */
export async function newestRows(
  db: Database,
  scope: PullScope,
  search: PullSearch,
  behind: PullPosition | undefined,
  limit: number,
): Promise<readonly PullRow[]> {
  const found: PullRow[][] = [];
  for (const { organizationId, verdict } of await runsOf(db, scope, search.verdict)) {
    const run = db
      .selectFrom('pull_records')
      .selectAll()
      .where('organization_id', organizationId === null ? 'is' : '=', organizationId)
      .where('verdict', '=', verdict)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    found.push(await matching(after(run, behind), search).execute());
  }
  return mergeNewest(found, limit);
}

function after<Output>(query: Query<Output>, behind: PullPosition | undefined): Query<Output> {
  if (behind === undefined) return query;
  const { at, id } = behind;
  // The first condition is what the index understands.
  return query.where('at', '<=', at).where(({ or, eb }) => or([eb('at', '<', at), eb('id', '<', id)]));
}

/** As `imageKindOf` has it. Without parameters, so that databases see that what is selected is what is grouped by. */
const kind = sql<ImageKind>`case when category = 'community' and repository not like 'docker.io/%' then 'other-registry' else category end`;

/** Everything but scope and verdict. */
function matching<Output>(query: Query<Output>, search: PullSearch): Query<Output> {
  const { person, repository, image, category, client, from, until } = search;
  let narrowed = query;
  if (person !== undefined) narrowed = narrowed.where('person', '=', person);
  if (repository !== undefined) narrowed = narrowed.where('repository', '=', repository);
  if (image !== undefined) narrowed = narrowed.where(sql<boolean>`repository like ${likePattern(image)} escape '\\'`);
  if (category !== undefined) narrowed = narrowed.where(kind, '=', category);
  if (client !== undefined) narrowed = narrowed.where('client', '=', client);
  if (from !== undefined) narrowed = narrowed.where('at', '>=', from);
  if (until !== undefined) narrowed = narrowed.where('at', '<', until);
  return narrowed;
}

function likePattern(image: string): string {
  const { text, isPrefix } = imagePattern(image);
  return `${isPrefix ? '' : '%'}${text.replace(/[\\%_]/g, '\\$&')}%`;
}

// Counting.

function began(db: Database, scope: PullScope, { from, until }: TimeRange, verdicts: readonly string[]) {
  const query = db
    .selectFrom('pull_records')
    .where('verdict', 'in', verdicts)
    .where('at', '>=', from)
    .where('at', '<', until)
    .where('operation', 'in', beginnings);
  return scope === 'installation' ? query : query.where('organization_id', '=', scope.organizationId);
}

const both = ['allow', 'deny'];
const requests = sql<number>`count(*)`;

async function count(db: Database, scope: PullScope, request: CountRequest): Promise<CountedPulls> {
  const cells = await countCells(db, scope, request);
  return {
    ...sums(cells),
    stale: sum(cells, ({ stale }) => stale),
    buckets: grouped(cells, ({ start }) => start).map(([start, ones]): CountedBucket => ({ start, ...sums(ones) })),
    categories: grouped(cells, (cell) => cell.category).map(
      ([category, ones]): CountedCategory => ({ category, ...sums(ones) }),
    ),
    images: await mostRefusedImages(db, scope, request),
    people: await mostRefusedPeople(db, scope, request),
  };
}

interface Cell {
  readonly start: number;
  readonly category: ImageKind;
  readonly verdict: string;
  readonly stale: number;
  readonly requests: number;
}

/** All that is counted over time, in one reading. */
async function countCells(db: Database, scope: PullScope, request: CountRequest): Promise<Cell[]> {
  const rows = await began(db, scope, request, both)
    .select([sql<number>`at - at % ${sql.lit(request.bucket)}`.as('start'), kind.as('kind'), 'verdict'])
    .select([sql<number>`sum(stale)`.as('stale'), requests.as('requests')])
    .groupBy([sql`at - at % ${sql.lit(request.bucket)}`, kind, 'verdict'])
    .execute();
  return rows.map((row) => ({
    start: Number(row.start),
    category: row.kind,
    verdict: row.verdict,
    stale: Number(row.stale),
    requests: Number(row.requests),
  }));
}

function sums(cells: readonly Cell[]) {
  const of = (verdict: string) => sum(cells, (cell) => (cell.verdict === verdict ? cell.requests : 0));
  return { allowed: of('allow'), refused: of('deny') };
}

function sum(cells: readonly Cell[], value: (cell: Cell) => number): number {
  return cells.reduce((total, cell) => total + value(cell), 0);
}

function grouped<Key extends string | number>(cells: readonly Cell[], key: (cell: Cell) => Key): [Key, Cell[]][] {
  const groups = [...Map.groupBy(cells, key)];
  return groups.sort(([one], [other]) => (one < other ? -1 : 1));
}

async function mostRefusedImages(db: Database, scope: PullScope, request: CountRequest) {
  const rows = await began(db, scope, request, ['deny'])
    .select(['repository', kind.as('kind'), requests.as('refused')])
    .groupBy(['repository', kind])
    .orderBy('refused', 'desc')
    .orderBy('repository')
    .limit(request.top)
    .execute();
  return rows.map((row) => ({
    repository: row.repository,
    category: row.kind,
    refused: Number(row.refused),
  }));
}

async function mostRefusedPeople(db: Database, scope: PullScope, request: CountRequest) {
  const rows = await began(db, scope, request, ['deny'])
    .select(['person', requests.as('refused')])
    .groupBy('person')
    .orderBy('refused', 'desc')
    .orderBy('person')
    .limit(request.top)
    .execute();
  return rows.map(({ person, refused }) => ({ person, refused: Number(refused) }));
}

async function combinations(
  db: Database,
  scope: PullScope,
  range: TimeRange,
  limit: number,
): Promise<PullCombinations> {
  // Which of a person's tokens was used makes no difference to a decision.
  const token = sql<string | null>`case when person_id is null then token_id end`;
  const rows = await began(db, scope, range, both)
    .select(['person', 'person_id', token.as('token'), 'repository', 'category', requests.as('requests')])
    .select(sql<number>`sum(count(*)) over ()`.as('total'))
    .groupBy(['person', 'person_id', token, 'repository', 'category'])
    .orderBy('requests', 'desc')
    .limit(limit)
    .execute();
  return {
    combinations: rows.map((row) => ({
      person: row.person,
      personId: row.person_id,
      tokenId: row.token,
      repository: row.repository,
      category: row.category as Category,
      requests: Number(row.requests),
    })),
    requests: Number(rows[0]?.total ?? 0),
  };
}
