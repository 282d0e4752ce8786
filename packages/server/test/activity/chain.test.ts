import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainedRow, chain, genesisHash, verifyChain } from '../../src/activity/chain.ts';

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

const chains = fc.array(fields, { minLength: 1, maxLength: 8 }).map((all) => {
  const rows: ChainedRow[] = [];
  for (const row of all) rows.push(chain(rows.at(-1), row));
  return rows;
});

async function* stream(rows: readonly ChainedRow[]): AsyncGenerator<ChainedRow> {
  yield* rows;
}

describe('the chain of the activity', () => {
  it('begins with row 1, chained to nothing', () => {
    const row = chain(undefined, {
      organization_id: null,
      action: 'org.create',
      actor: '{}',
      address: null,
      at: 1,
      subject: 'acme',
      before: null,
      after: null,
    });
    expect(row).toMatchObject({ sequence: 1, previous_hash: genesisHash });
    expect(row.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is intact as written, and its head is the last hash', () =>
    fc.assert(
      fc.asyncProperty(chains, async (rows) => {
        expect(await verifyChain(stream(rows))).toEqual({ intact: true, rows: rows.length, head: rows.at(-1)?.hash });
      }),
    ));

  it('is intact when there is nothing yet', async () => {
    expect(await verifyChain(stream([]))).toEqual({ intact: true, rows: 0, head: genesisHash });
  });

  it('breaks at the row that was changed, whichever column it was', () =>
    fc.assert(
      fc.asyncProperty(chains, fc.nat(), fields, async (rows, choice, other) => {
        const index = choice % rows.length;
        const row = rows[index]!;
        const changed = { ...row, ...other };
        fc.pre(Object.keys(other).some((key) => changed[key as keyof ChainedRow] !== row[key as keyof ChainedRow]));
        const tampered = rows.with(index, changed);
        expect(await verifyChain(stream(tampered))).toMatchObject({ intact: false, sequence: row.sequence });
      }),
    ));

  it('breaks behind a row that was taken out, or exchanged for another', () =>
    fc.assert(
      fc.asyncProperty(chains, fc.nat(), async (rows, choice) => {
        fc.pre(rows.length > 1);
        const index = choice % (rows.length - 1);
        expect(await verifyChain(stream(rows.toSpliced(index, 1)))).toMatchObject({ intact: false });
        const swapped = rows.with(index, rows[index + 1]!).with(index + 1, rows[index]!);
        expect(await verifyChain(stream(swapped))).toMatchObject({ intact: false });
      }),
    ));
});
