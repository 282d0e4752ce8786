import { describe, expect, test } from 'vitest';
import { buildDirectory } from '../../src/access/build-directory.ts';
import { InvalidInput } from '../../src/administration-error.ts';
import { databasePullQuery } from '../../src/database/pull-query.ts';
import { databasePullArchive } from '../../src/database/pull-store.ts';
import type { ExportFormat } from '../../src/http/export-format.ts';
import type { PullSearch } from '../../src/pulls/pull-query.ts';
import type { PullRecord } from '../../src/pulls/pull-record.ts';
import { createPulls, maxPullPage, type Pulls } from '../../src/pulls/pulls.ts';
import { recentRefusals } from '../../src/pulls/recent-refusals.ts';
import { directoryRows } from '../access/directory-rows.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { pullRecord, pullRecords } from './pull-records.ts';

const acme = { organizationId: 'org-acme' };
const other = { organizationId: 'org-other' };

async function openTestPulls() {
  const { database } = await openTestDatabase();
  const archive = databasePullArchive(database);
  const refusals = recentRefusals(100);
  const pulls = createPulls({
    query: databasePullQuery(database),
    recent: () => refusals.since(0),
    directory: { current: buildDirectory(directoryRows()), reload: async () => {} },
    upstreams: new Set(['docker.io']),
    now: () => 1_790_000_000_000,
  });
  return { pulls, refusals, store: (...records: readonly PullRecord[]) => archive.append('a-node', records) };
}

async function everyPage(pulls: Pulls, limit: number, between: () => Promise<void> = async () => {}) {
  const found: PullRecord[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await pulls.list(acme, { limit, ...(cursor !== undefined && { cursor }) });
    found.push(...page.records);
    ({ cursor } = page);
    if (cursor === undefined) return found;
    await between();
  }
}

describe('pages', () => {
  test.each([
    ['all at once', 7],
    ['one more than there are', 8],
    ['one less', 6],
    ['one by one', 1],
  ])('give each record once, newest first: %s', async (_description, limit) => {
    const { pulls, store } = await openTestPulls();
    const records = pullRecords(7, (index) => ({ at: index }));
    await store(...records);
    expect(await everyPage(pulls, limit)).toEqual(records.toReversed());
  });

  test('end at the place, not in the middle, of what happened in the same millisecond', async () => {
    const { pulls, store } = await openTestPulls();
    const records = pullRecords(20, () => ({ at: 5 }));
    await store(...records);
    const found = await everyPage(pulls, 3);
    expect(found.map(({ id }) => id)).toEqual(
      records
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
  });

  test('do not shift when something comes in', async () => {
    const { pulls, store } = await openTestPulls();
    const records = pullRecords(6, (index) => ({ at: index }));
    await store(...records);
    let at = 100;
    const found = await everyPage(pulls, 2, async () => store(pullRecord({ at: at++ })));
    expect(found).toEqual(records.toReversed());
  });

  test.each([0, -1, 1.5, maxPullPage + 1, Number.NaN])('have no size of %s', async (limit) => {
    const { pulls } = await openTestPulls();
    await expect(pulls.list(acme, { limit })).rejects.toThrow(InvalidInput);
  });
});

describe('a cursor', () => {
  async function cursorOf(pulls: Pulls, scope: Parameters<Pulls['list']>[0]): Promise<string> {
    const { cursor } = await pulls.list(scope, { limit: 1 });
    if (cursor === undefined) throw new Error('There is one page only.');
    return cursor;
  }

  test('of one organization opens nothing of another, nor of everything', async () => {
    const { pulls, store } = await openTestPulls();
    await store(...pullRecords(4, (index) => ({ organizationId: index % 2 ? 'org-acme' : 'org-other' })));
    const cursor = await cursorOf(pulls, acme);
    const refused = { code: 'invalid-input', field: 'cursor' };
    await expect(pulls.list(other, { limit: 1, cursor })).rejects.toMatchObject(refused);
    await expect(pulls.list('installation', { limit: 1, cursor })).rejects.toMatchObject(refused);
    const ofAll = await cursorOf(pulls, 'installation');
    await expect(pulls.list(acme, { limit: 1, cursor: ofAll })).rejects.toMatchObject(refused);
  });

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each([
    '',
    'x',
    encoded(null),
    encoded([]),
    encoded(['org-acme', 1]),
    encoded(['org-acme', '1', 'g9b4vf3v6f7d20ja']),
    encoded(['org-acme', 1.5, 'g9b4vf3v6f7d20ja']),
    encoded(['org-acme', 1, "' or 1=1"]),
    encoded(['org-acme', 1, 'g9b4vf3v6f7d20ja', 0]),
  ])('is not "%s"', async (cursor) => {
    const { pulls } = await openTestPulls();
    await expect(pulls.list(acme, { limit: 1, cursor })).rejects.toMatchObject({ field: 'cursor' });
  });
});

describe('a refusal that is not stored yet', () => {
  test('is listed at once, in its place, and once when it is stored as well', async () => {
    const { pulls, refusals, store } = await openTestPulls();
    const [first, second, third] = pullRecords(3, (index) => ({ at: index })) as [PullRecord, PullRecord, PullRecord];
    await store(first, third);
    for (const record of [first, second]) refusals.add(record);
    expect(await everyPage(pulls, 10)).toEqual([third, second, first]);
    expect(await everyPage(pulls, 1)).toEqual([third, second, first]);
    await store(second);
    expect(await everyPage(pulls, 2)).toEqual([third, second, first]);
  });

  test.each<[string, PullSearch, boolean]>([
    ['what matches', { person: 'ALICE', image: 'Evil' }, true],
    ['another image', { image: 'good' }, false],
    ['another verdict', { verdict: 'allow' }, false],
  ])('is among %s', async (_description, search, isFound) => {
    const { pulls, refusals } = await openTestPulls();
    const record = pullRecord();
    refusals.add(record);
    refusals.add(pullRecord({ organizationId: 'org-other' }));
    const { records } = await pulls.list(acme, { ...search, limit: 10 });
    expect(records).toEqual(isFound ? [record] : []);
  });

  test('is forgotten when it is older than what is kept', () => {
    const refusals = recentRefusals(10);
    const records = pullRecords(4, (index) => ({ at: index }));
    for (const record of records) refusals.add(record);
    expect([...refusals.since(2)]).toEqual(records.slice(2));
  });
});

describe('what is searched for', () => {
  test.each(['person', 'repository', 'image'] as const)('is of bounded length: %s', async (field) => {
    const { pulls } = await openTestPulls();
    const search = { [field]: 'x'.repeat(321) };
    await expect(pulls.list(acme, { ...search, limit: 1 })).rejects.toMatchObject({ field });
    await expect(textOf(pulls.export(acme, search, 'csv'))).rejects.toMatchObject({ field });
  });
});

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

describe('an export', () => {
  async function exported(format: ExportFormat, ...records: readonly PullRecord[]) {
    const { pulls, store } = await openTestPulls();
    if (records.length > 0) await store(...records);
    return textOf(pulls.export(acme, {}, format));
  }

  test('as CSV has a header and a row for each record', async () => {
    const record = pullRecord({ id: 'g9b4vf3v6f7d20ja', at: 1_790_000_000_123 });
    expect(await exported('csv', record, pullRecord({ organizationId: 'org-other' }))).toBe(
      [
        'id,at,verdict,rule,category,repository,tag,digest,person,person_id,token_id,organization_id,policy_version,operation,method,client,address,stale',
        'g9b4vf3v6f7d20ja,2026-09-21T14:13:20.123000Z,deny,category,community,docker.io/evil/miner,latest,,alice,person-1,token-1,org-acme,3,manifest,GET,docker,10.1.2.3,false',
        '',
      ].join('\r\n'),
    );
  });

  test('as JSON lines has a document for each record', async () => {
    const records = [pullRecord({ at: 2, tag: 'a\n"b"' }), pullRecord({ at: 1, digest: null, person: null })];
    const lines = (await exported('jsonl', ...records)).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ id: records[0]?.id, at: '1970-01-01T00:00:00.002000Z', tag: 'a\n"b"', stale: false }),
      expect.objectContaining({ id: records[1]?.id, at: '1970-01-01T00:00:00.001000Z', person: null }),
    ]);
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['=1,"2"', `"'=1,""2"""`],
    ['1=1', '1=1'],
  ])('as CSV runs no formula: %j', async (tag, cell) => {
    const [, row = ''] = (await exported('csv', pullRecord({ tag }))).split('\r\n');
    expect(row).toContain(`docker.io/evil/miner,${cell},`);
  });

  test('of many records comes in pieces of bounded size, each record once', async () => {
    const { pulls, store } = await openTestPulls();
    const records = pullRecords(2 * maxPullPage + 1, (index) => ({ at: index }));
    await store(...records);
    const pieces: string[] = [];
    for await (const piece of pulls.export(acme, {}, 'jsonl')) pieces.push(piece);
    expect(pieces.map((piece) => piece.split('\n').length - 1)).toEqual([maxPullPage, maxPullPage, 1]);
    const ids = pieces.flatMap((piece) => piece.split('\n').slice(0, -1)).map((line) => JSON.parse(line).id);
    expect(ids).toEqual(records.map(({ id }) => id).toReversed());
  });

  test('of nothing is a header, or nothing', async () => {
    expect(await exported('csv')).toMatch(/^id,.*\r\n$/);
    expect(await exported('jsonl')).toBe('');
  });
});

describe('statistics', () => {
  const hour = 3_600_000;
  const day = 24 * hour;

  test('have every bucket and every category, also where there was nothing', async () => {
    const { pulls, store } = await openTestPulls();
    await store(pullRecord({ at: 25.5 * hour }));
    const request = { from: 24.5 * hour, until: 27 * hour, bucket: 'hour' } as const;
    expect(await pulls.statistics(acme, request)).toMatchObject({
      range: { from: 24.5 * hour, until: 27 * hour },
      refused: 1,
      buckets: [
        { start: 24 * hour, allowed: 0, refused: 0 },
        { start: 25 * hour, allowed: 0, refused: 1 },
        { start: 26 * hour, allowed: 0, refused: 0 },
      ],
      categories: [
        { category: 'organization', allowed: 0, refused: 0 },
        { category: 'official', allowed: 0, refused: 0 },
        { category: 'verified-publisher', allowed: 0, refused: 0 },
        { category: 'sponsored-oss', allowed: 0, refused: 0 },
        { category: 'community', allowed: 0, refused: 1 },
        { category: 'other-registry', allowed: 0, refused: 0 },
      ],
    });
  });

  test('by the day are by the days of UTC', async () => {
    const { pulls, store } = await openTestPulls();
    await store(pullRecord({ at: 2 * day - 1 }), pullRecord({ at: 2 * day }));
    const { buckets } = await pulls.statistics(acme, { from: day, until: 3 * day, bucket: 'day' });
    expect(buckets).toEqual([
      { start: day, allowed: 0, refused: 1 },
      { start: 2 * day, allowed: 0, refused: 1 },
    ]);
  });

  test.each([
    ['no time at all', { from: day, until: day, bucket: 'hour' }],
    ['time backwards', { from: 2 * day, until: day, bucket: 'day' }],
    ['more hours than a month has', { from: 0, until: 31 * day + 1, bucket: 'hour' }],
    ['more days than a year has', { from: 0, until: 366 * day + 1, bucket: 'day' }],
  ] as const)('are not for %s', async (_description, request) => {
    const { pulls } = await openTestPulls();
    await expect(pulls.statistics(acme, request)).rejects.toMatchObject({ code: 'invalid-input', field: 'from' });
  });
});
