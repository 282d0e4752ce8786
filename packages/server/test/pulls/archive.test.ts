import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { databasePullArchive, databasePullStore } from '../../src/database/pull-store.ts';
import type { Database } from '../../src/database/schema.ts';
import type { ArchiveReport } from '../../src/pulls/archive-messages.ts';
import { archiveSegments } from '../../src/pulls/archive-segments.ts';
import { journalLine, storable } from '../../src/pulls/journal-line.ts';
import type { PullRecord } from '../../src/pulls/pull-record.ts';
import type { PullArchive } from '../../src/pulls/pull-store.ts';
import { segmentName } from '../../src/pulls/segment.ts';
import { verifyChains } from '../../src/pulls/verify.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { anyPullRecord, pullRecord, pullRecords } from './pull-records.ts';
import { temporaryFolder } from './temporary-folder.ts';

const chain = 'a-node';

async function openTestArchive() {
  const folder = temporaryFolder();
  const { database } = await openTestDatabase();
  const archive = databasePullArchive(database);
  const store = databasePullStore(database);
  const reports: ArchiveReport[] = [];
  return {
    folder,
    database,
    archive,
    store,
    reports,
    segment(number: number, records: readonly PullRecord[]): void {
      writeFileSync(join(folder, segmentName(number)), records.map((record) => `${journalLine(record)}\n`).join(''));
    },
    take: (upTo: number, into: PullArchive = archive) =>
      archiveSegments({ folder, chain }, upTo, into, (report) => reports.push(report)),
    stored: async () => (await store.links(chain, 0, 10_000)).map(({ record }) => record),
  };
}

/** A database whose first transaction is lost, as with its connection. */
function losingFirst(database: Database): Database {
  let attempts = 0;
  return new Proxy(database, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member, target);
      if (member !== 'transaction') return value;
      attempts += 1;
      return attempts > 1 ? () => target.transaction() : () => ({ execute: () => Promise.reject(new Error('lost')) });
    },
  });
}

describe('taking segments in', () => {
  test('stores sealed segments in order and removes their files', async () => {
    const { segment, take, stored, folder, reports, store } = await openTestArchive();
    const records = pullRecords(1700);
    segment(1, records.slice(0, 1200));
    segment(2, records.slice(1200));
    await take(2);
    expect(await stored()).toEqual(records);
    expect(readdirSync(folder)).toEqual([]);
    expect(reports).toEqual([
      { kind: 'stored', segment: 1 },
      { kind: 'stored', segment: 2 },
    ]);
    expect(await verifyChains(store)).toEqual({ records: 1700, broken: [] });
  });

  test('leaves the segment that is still written to', async () => {
    const { segment, take, stored, folder } = await openTestArchive();
    segment(1, pullRecords(2));
    segment(2, pullRecords(2));
    await take(1);
    expect(await stored()).toHaveLength(2);
    expect(readdirSync(folder)).toEqual([segmentName(2)]);
  });

  test('stores once what a crash left half stored, in any state between', async () => {
    const { segment, take, archive, stored, store } = await openTestArchive();
    const records = pullRecords(1200);
    segment(1, records);
    let transactions = 0;
    const crashing: PullArchive = {
      ...archive,
      async append(chain, batch) {
        transactions += 1;
        if (transactions === 2) throw new Error('the process ended here');
        await archive.append(chain, batch);
      },
    };
    await expect(take(1, crashing)).rejects.toThrow('the process ended here');
    expect(await stored()).toHaveLength(500);
    await take(1);
    expect(await stored()).toEqual(records);
    // Stored and committed, but the process ended before the file was removed.
    segment(1, records);
    await take(1);
    expect(await stored()).toEqual(records);
    expect(await verifyChains(store)).toEqual({ records: 1200, broken: [] });
  });

  test('stores those of a batch that are not stored yet, in their order', async () => {
    const { archive, stored, store } = await openTestArchive();
    const [first, second, third] = pullRecords(3) as [PullRecord, PullRecord, PullRecord];
    await archive.append(chain, [second]);
    await archive.append(chain, [first, second, third]);
    expect(await stored()).toEqual([second, first, third]);
    expect(await verifyChains(store)).toEqual({ records: 3, broken: [] });
  });

  test('stores a batch whole whose first attempt failed for another reason', async () => {
    const { database, stored } = await openTestArchive();
    const records = pullRecords(3);
    await databasePullArchive(losingFirst(database)).append(chain, records);
    expect(await stored()).toEqual(records);
  });

  test('a file stays as long as its records are not committed', async () => {
    const { segment, take, archive, folder } = await openTestArchive();
    segment(1, pullRecords(1));
    const away: PullArchive = { ...archive, append: () => Promise.reject(new Error('the database is away')) };
    await expect(take(1, away)).rejects.toThrow('the database is away');
    expect(readdirSync(folder)).toEqual([segmentName(1)]);
  });

  test('leaves out a torn last line: nobody was told that it is recorded', async () => {
    const { segment, take, stored, folder, reports } = await openTestArchive();
    const records = pullRecords(3);
    segment(1, records);
    const torn = journalLine(pullRecord()).slice(0, 100);
    appendFileSync(join(folder, segmentName(1)), torn);
    await take(1);
    expect(await stored()).toEqual(records);
    expect(reports).toEqual([{ kind: 'stored', segment: 1 }]);
  });

  test.each([
    ['no JSON', 'garbage'],
    ['another document', '{"id":"0"}'],
    ['a record with a value too many', journalLine(pullRecord()).replace(']', ',1]')],
    ['a record with a verdict that there is not', journalLine(pullRecord()).replace('"deny"', '"maybe"')],
    ['zeros, as a power cut leaves them', '\0'.repeat(50)],
    ['nothing', ''],
  ])('keeps and reports a file with a whole line that is %s', async (_description, line) => {
    const { folder, take, stored, reports } = await openTestArchive();
    const [before, after] = [pullRecord(), pullRecord()];
    const text = `${journalLine(before)}\n${line}\n${journalLine(after)}\n`;
    writeFileSync(join(folder, segmentName(1)), text);
    await take(1);
    expect(await stored()).toEqual([before, after]);
    const file = join(folder, `${segmentName(1)}.damaged`);
    expect(reports).toContainEqual({ kind: 'damaged', file, lines: 1 });
    expect(readFileSync(file, 'utf8')).toBe(text);
    await take(1);
    expect(reports).toHaveLength(2);
  });

  test('a segment of several transactions is stored whole and in its order, whichever of them has damaged lines', async () => {
    const { folder, take, reports, store } = await openTestArchive();
    const records = pullRecords(1_200, (at) => ({ at, verdict: 'allow' }));
    const lines = records.map(journalLine);
    const text = [...lines.slice(0, 100), '{"at":', ...lines.slice(100, 900), 'no record', ...lines.slice(900), ''];
    writeFileSync(join(folder, segmentName(1)), text.join('\n'));
    await take(1);
    const { records: stored } = await store.latest(2_000);
    expect(stored.toReversed()).toEqual(records);
    const file = join(folder, `${segmentName(1)}.damaged`);
    expect(reports).toEqual([
      { kind: 'damaged', file, lines: 2 },
      { kind: 'stored', segment: 1 },
    ]);
    expect(await verifyChains(store)).toEqual({ records: 1_200, broken: [] });
  });

  test('whatever a record holds, it comes back and the chain holds', async () => {
    const { segment, take, store } = await openTestArchive();
    let number = 0;
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyPullRecord, { maxLength: 5 }), async (records) => {
        segment(++number, records);
        count += records.length;
        await take(number);
        for (const record of records) {
          expect(await store.byId(record.id)).toEqual(storable(record));
        }
      }),
      { numRuns: 30 },
    );
    expect(await verifyChains(store)).toEqual({ records: count, broken: [] });
  });
});

describe('several nodes', () => {
  test('may append to one chain and remove from it at the same time, and it holds', async () => {
    const { database, connect } = await openTestDatabase();
    const nodes = [database, await connect(), await connect()].map(databasePullArchive);
    const store = databasePullStore(database);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(
        nodes.flatMap((node) => [
          node.append(
            chain,
            pullRecords(20, () => ({ at: round })),
          ),
          node.removeBefore(round, 15),
        ]),
      );
    }
    const [ends] = await store.chainEnds();
    expect(ends).toMatchObject({ chain, newest: { sequence: 300 } });
    expect(ends?.oldest.sequence).toBeGreaterThan(0);
    expect(await verifyChains(store)).toEqual({ records: 300 - (ends?.oldest.sequence ?? 0), broken: [] });
  });
});

describe('tampering', () => {
  const changes: ReadonlyArray<[string, string, { sequence: number; reason: string } | undefined]> = [
    ['nothing', 'select 1', undefined],
    [
      'a refusal made an allowance',
      `update pull_records set verdict = 'allow' where sequence = 4`,
      { sequence: 4, reason: 'changed' },
    ],
    [
      'another person',
      `update pull_records set person = 'bob' where sequence = 10`,
      { sequence: 10, reason: 'changed' },
    ],
    [
      'another hash',
      `update pull_records set hash = previous_hash where sequence = 1`,
      { sequence: 1, reason: 'changed' },
    ],
    ['a record removed', 'delete from pull_records where sequence = 5', { sequence: 5, reason: 'missing' }],
    ['the oldest removed', 'delete from pull_records where sequence <= 3', { sequence: 1, reason: 'missing' }],
    ['the newest removed', 'delete from pull_records where sequence > 8', { sequence: 9, reason: 'missing' }],
    ['all removed', 'delete from pull_records', { sequence: 1, reason: 'missing' }],
    [
      'a record removed and the gap closed',
      'delete from pull_records where sequence = 5; update pull_records set sequence = sequence - 1 where sequence > 5',
      { sequence: 5, reason: 'changed' },
    ],
  ];

  test.each(changes)('%s', async (_description, statements, broken) => {
    const { database, archive, store } = await openTestArchive();
    await archive.append(chain, pullRecords(10));
    for (const statement of statements.split('; ')) await sql.raw(statement).execute(database);
    const { broken: found } = await verifyChains(store);
    expect(found).toEqual(broken === undefined ? [] : [expect.objectContaining({ chain, ...broken })]);
  });

  test('one chain that is broken does not hide another', async () => {
    const { archive, store, database } = await openTestArchive();
    await archive.append('a-node', pullRecords(3));
    await archive.append('b-node', pullRecords(4));
    await database.updateTable('pull_records').set({ rule: 'owner' }).where('sequence', '=', 2).execute();
    const { records, broken } = await verifyChains(store);
    expect(broken.map(({ chain, sequence }) => [chain, sequence])).toEqual([
      ['a-node', 2],
      ['b-node', 2],
    ]);
    expect(records).toBe(2);
  });
});

describe('retention', () => {
  test('removes what is older, oldest first, in batches, and the rest still verifies', async () => {
    const { archive, store, stored } = await openTestArchive();
    const records = pullRecords(100, (index) => ({ at: index }));
    await archive.append(chain, records);
    expect(await archive.removeBefore(60, 25)).toBe(25);
    expect(await archive.removeBefore(60, 25)).toBe(25);
    expect(await archive.removeBefore(60, 25)).toBe(10);
    expect(await archive.removeBefore(60, 25)).toBe(0);
    expect(await stored()).toEqual(records.slice(60));
    expect(await verifyChains(store)).toEqual({ records: 40, broken: [] });
  });

  test('the chain goes on where it was although all records are gone', async () => {
    const { archive, store } = await openTestArchive();
    await archive.append(
      chain,
      pullRecords(5, () => ({ at: 1 })),
    );
    await archive.removeBefore(2, 100);
    await archive.append(
      chain,
      pullRecords(2, () => ({ at: 3 })),
    );
    expect((await store.links(chain, 0, 10)).map(({ sequence }) => sequence)).toEqual([6, 7]);
    expect(await verifyChains(store)).toEqual({ records: 2, broken: [] });
  });

  test('a clock that went back leaves no hole: what is behind a younger record waits for it', async () => {
    const { archive, store } = await openTestArchive();
    await archive.append(
      chain,
      [5, 90, 6, 95].map((at) => pullRecord({ at })),
    );
    expect(await archive.removeBefore(50, 100)).toBe(1);
    expect(await verifyChains(store)).toEqual({ records: 3, broken: [] });
  });

  test('while somebody verifies, is not taken for tampering', async () => {
    const { archive, store } = await openTestArchive();
    await archive.append(
      chain,
      pullRecords(10, (index) => ({ at: index })),
    );
    let removed = false;
    const verification = await verifyChains({
      chainEnds: () => store.chainEnds(),
      async links(...page) {
        if (!removed) await archive.removeBefore(4, 100);
        removed = true;
        return store.links(...page);
      },
    });
    expect(verification).toEqual({ records: 6, broken: [] });
  });

  test('removing more than retention did is found', async () => {
    const { archive, store, database } = await openTestArchive();
    await archive.append(
      chain,
      pullRecords(10, (index) => ({ at: index })),
    );
    await archive.removeBefore(4, 100);
    await database.deleteFrom('pull_records').where('sequence', '=', 5).execute();
    expect((await verifyChains(store)).broken).toEqual([{ chain, sequence: 5, id: undefined, reason: 'missing' }]);
  });
});
