import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChainEnds,
  type ChainedRow,
  type ChainLink,
  chain,
  chainStart,
  trimmed,
  verifyChain,
} from '../../src/activity/chain.ts';

type Written = Parameters<typeof chain>[1];

const fields = fc.record({
  organization_id: fc.option(fc.string()),
  action: fc.string(),
  actor: fc.json(),
  address: fc.option(fc.ipV4()),
  at: fc.nat(),
  subject: fc.string({ unit: 'binary' }),
  before: fc.option(fc.json()),
  after: fc.option(fc.json()),
});

function chained(all: readonly Written[], last: ChainLink = chainStart): ChainedRow[] {
  const rows: ChainedRow[] = [];
  for (const row of all) rows.push(chain(rows.at(-1) ?? last, row));
  return rows;
}

const chains = fc.array(fields, { minLength: 1, maxLength: 8 }).map((all) => chained(all));

async function* stream(rows: readonly ChainedRow[]): AsyncGenerator<ChainedRow> {
  yield* rows;
}

function linkOf({ sequence, hash }: ChainLink): ChainLink {
  return { sequence, hash };
}

function endsOf(rows: readonly ChainedRow[], oldest: ChainLink = chainStart): ChainEnds {
  return { oldest, newest: linkOf(rows.at(-1) ?? oldest) };
}

const change: Written = {
  organization_id: null,
  action: 'org.create',
  actor: '{"kind":"person","name":"alice"}',
  address: null,
  at: 1,
  subject: 'acme',
  before: null,
  after: null,
};

/** Rows 1 to 6; retention removed the first three, and row 5 tells so. */
function trimmedChain() {
  const first = chained([change, change, change, change]);
  const removed = linkOf(first[2]!);
  const told = { ...change, action: trimmed(removed).action, after: JSON.stringify(trimmed(removed).after) };
  const rows = [...first, ...chained([told, change], first.at(-1))].slice(3);
  return { rows, ends: endsOf(rows, removed), removed };
}

describe('the chain of the activity', () => {
  it('begins with row 1, chained to nothing', () => {
    const row = chain(chainStart, change);
    expect(row).toMatchObject({ sequence: 1, previous_hash: '0'.repeat(64), actor_name: 'alice' });
    expect(row.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is intact as written, and its head is the last row', () =>
    fc.assert(
      fc.asyncProperty(chains, async (rows) => {
        expect(await verifyChain(stream(rows), endsOf(rows))).toEqual({
          intact: true,
          rows: rows.length,
          removedByRetention: 0,
          head: linkOf(rows.at(-1)!),
        });
      }),
    ));

  it('is intact when there is nothing yet', async () => {
    expect(await verifyChain(stream([]), endsOf([]))).toEqual({
      intact: true,
      rows: 0,
      removedByRetention: 0,
      head: chainStart,
    });
  });

  it('breaks at the row that was changed, whichever column it was', () =>
    fc.assert(
      fc.asyncProperty(chains, fc.nat(), fields, async (rows, choice, other) => {
        const index = choice % rows.length;
        const row = rows[index]!;
        const changed = { ...row, ...other };
        fc.pre(Object.keys(other).some((key) => changed[key as keyof ChainedRow] !== row[key as keyof ChainedRow]));
        const tampered = rows.with(index, changed);
        expect(await verifyChain(stream(tampered), endsOf(rows))).toMatchObject({
          intact: false,
          rows: index,
          sequence: row.sequence,
        });
      }),
    ));

  it('breaks at a row whose name to search by is not that of its actor', async () => {
    const rows = chained([change, change]).map((row) => ({ ...row, actor_name: 'mallory' }));
    expect(await verifyChain(stream(rows), endsOf(rows))).toMatchObject({ intact: false, sequence: 1 });
  });

  it('breaks where a row was taken out, wherever that was, or exchanged for another', () =>
    fc.assert(
      fc.asyncProperty(chains, fc.nat(), async (rows, choice) => {
        const index = choice % rows.length;
        expect(await verifyChain(stream(rows.toSpliced(index, 1)), endsOf(rows))).toMatchObject({
          intact: false,
          reason: `Row ${index + 1} is missing.`,
        });
        fc.pre(index + 1 < rows.length);
        const swapped = rows.with(index, rows[index + 1]!).with(index + 1, rows[index]!);
        expect(await verifyChain(stream(swapped), endsOf(rows))).toMatchObject({ intact: false });
      }),
    ));
});

describe('the ends of the chain', () => {
  it('are intact after retention, which tells in the chain what it removed', async () => {
    const { rows, ends } = trimmedChain();
    expect(await verifyChain(stream(rows), ends)).toMatchObject({ intact: true, rows: 3, removedByRetention: 3 });
  });

  const [one, two, three] = chained([change, change, change]) as [ChainedRow, ChainedRow, ChainedRow];
  const wrong: readonly (readonly [string, readonly ChainedRow[], ChainEnds | undefined, RegExp])[] = [
    ['no note', [one, two], undefined, /note of where the activity begins and ends is missing/],
    ['a row behind the noted end', [one, two, three], endsOf([one, two]), /^Row 3 was added behind the end/],
    ['fewer rows than noted', [one, two], endsOf([one, two, three]), /^Row 3 is missing/],
    [
      'a noted hash that is not the newest',
      [one, two],
      { ...endsOf([one]), newest: { ...linkOf(two), hash: 'x' } },
      /note of the newest/,
    ],
    ['a beginning that was cut off', [two, three], endsOf([three]), /^Row 1 is missing/],
    [
      'a beginning that was cut off together with its note',
      [two, three],
      endsOf([three], linkOf(one)),
      /^Rows up to 1 were removed, and not by retention/,
    ],
  ];

  it.each(wrong)('break with %s', async (_what, rows, ends, reason) => {
    const result = await verifyChain(stream(rows), ends);
    expect(result).toMatchObject({ intact: false });
    expect(!result.intact && result.reason).toMatch(reason);
  });

  it('break when more was cut off than retention told', async () => {
    const { rows, ends } = trimmedChain();
    const more = { ...ends, oldest: linkOf(rows[0]!) };
    expect(await verifyChain(stream(rows.slice(1)), more)).toMatchObject({ intact: false, sequence: 4 });
  });
});

describe('a row that was noted elsewhere', () => {
  const { rows, ends, removed } = trimmedChain();
  const rewritten = 'f'.repeat(64);

  it.each([
    ['is there', linkOf(rows[1]!)],
    ['is the last one that retention removed', removed],
  ])('%s', async (_what, expected) => {
    expect(await verifyChain(stream(rows), ends, expected)).toMatchObject({ intact: true });
  });

  it.each([
    ['was rewritten', { sequence: 5, hash: rewritten }, /^Row 5 is another one than it was/],
    ['was cut off', { sequence: 7, hash: rewritten }, /^Row 7 was there once, and is missing/],
    ['was removed long ago', { sequence: 2, hash: rewritten }, /^Row 2 was removed by retention/],
  ])('%s', async (_what, expected, reason) => {
    const result = await verifyChain(stream(rows), ends, expected);
    expect(!result.intact && result.reason).toMatch(reason);
  });
});
