import { describe, expect, test } from 'vitest';
import { databasePullArchive, databasePullStore } from '../../src/database/pull-store.ts';
import { PullCursorError, type PullStore } from '../../src/pulls/pull-store.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { pullRecord, pullRecords } from './pull-records.ts';

async function openTestStore() {
  const { database } = await openTestDatabase();
  return { archive: databasePullArchive(database), store: databasePullStore(database) };
}

describe('the newest records', () => {
  test('come newest first', async () => {
    const { archive, store } = await openTestStore();
    const records = pullRecords(5, (index) => ({ at: index }));
    await archive.append('a-node', records);
    expect((await store.latest(3)).records).toEqual(records.slice(2).reverse());
  });

  test('are none when nothing is recorded, and what comes then is seen', async () => {
    const { archive, store } = await openTestStore();
    const { records, cursor } = await store.latest(10);
    expect(records).toEqual([]);
    const first = pullRecord();
    await archive.append('a-node', [first]);
    expect((await store.after(cursor, 10)).records).toEqual([first]);
  });
});

describe('following', () => {
  test('gives each record once, over several nodes, whatever their clocks say', async () => {
    const { archive, store } = await openTestStore();
    await archive.append(
      'a-node',
      pullRecords(3, () => ({ at: 1000 })),
    );
    const { cursor: start } = await store.latest(10);
    const ofA = pullRecords(7, (index) => ({ at: 2000 + index }));
    const ofB = pullRecords(7, (index) => ({ at: 500 - index }));
    await archive.append('a-node', ofA);
    await archive.append('b-node', ofB);
    const seen = await readAll(store, start, 4);
    expect(seen.toSorted()).toEqual([...ofA, ...ofB].map(({ id }) => id).toSorted());
  });

  test('a page is in the order of time', async () => {
    const { archive, store } = await openTestStore();
    const { cursor } = await store.latest(10);
    await archive.append('a-node', [pullRecord({ at: 1 }), pullRecord({ at: 3 })]);
    await archive.append('b-node', [pullRecord({ at: 2 }), pullRecord({ at: 4 })]);
    expect((await store.after(cursor, 10)).records.map(({ at }) => at)).toEqual([1, 2, 3, 4]);
  });

  test('passes over what the filter leaves out', async () => {
    const { archive, store } = await openTestStore();
    const { cursor } = await store.latest(10);
    await archive.append(
      'a-node',
      pullRecords(50, () => ({ verdict: 'allow' })),
    );
    const page = await store.after(cursor, 10, { verdict: 'deny' });
    expect(page.records).toEqual([]);
    const denied = pullRecord();
    await archive.append('a-node', [denied]);
    expect((await store.after(page.cursor, 1, { verdict: 'deny' })).records).toEqual([denied]);
  });

  test('goes on after retention removed what was not read yet', async () => {
    const { archive, store } = await openTestStore();
    const { cursor } = await store.latest(10);
    await archive.append(
      'a-node',
      pullRecords(5, (index) => ({ at: index })),
    );
    await archive.removeBefore(3, 100);
    expect((await store.after(cursor, 10)).records.map(({ at }) => at)).toEqual([3, 4]);
  });

  test.each([
    '',
    'x',
    'bnVsbA',
    Buffer.from('{"a":-1}').toString('base64url'),
    Buffer.from('{"a":"1"}').toString('base64url'),
  ])('refuses the cursor "%s"', async (cursor) => {
    const { store } = await openTestStore();
    await expect(store.after(cursor, 10)).rejects.toThrow(PullCursorError);
  });
});

describe('filters', () => {
  const acme = pullRecord({ organizationId: 'acme', person: 'alice', repository: 'docker.io/library/nginx' });
  const other = pullRecord({ organizationId: 'other', person: 'bob', verdict: 'allow' });
  const nobody = pullRecord({ organizationId: null, person: null });

  test.each([
    ['an organization', { organizationId: 'acme' }, [acme]],
    ['a verdict', { verdict: 'allow' as const }, [other]],
    ['a person', { person: 'bob' }, [other]],
    ['a repository', { repository: 'docker.io/library/nginx' }, [acme]],
    ['several', { organizationId: 'acme', person: 'bob' }, []],
    ['none', {}, [acme, other, nobody]],
  ])('by %s', async (_description, filter, expected) => {
    const { archive, store } = await openTestStore();
    const { cursor } = await store.latest(10);
    await archive.append('a-node', [acme, other, nobody]);
    const ids = (records: readonly { id: string }[]) => records.map(({ id }) => id).toSorted();
    expect(ids((await store.latest(10, filter)).records)).toEqual(ids(expected));
    expect(ids((await store.after(cursor, 10, filter)).records)).toEqual(ids(expected));
  });

  test.each([
    ['of the organization', 'acme', true],
    ['of another one', 'other', false],
    ['to whoever may see all', undefined, true],
  ])('a record by its id is shown %s', async (_description, organizationId, shown) => {
    const { archive, store } = await openTestStore();
    await archive.append('a-node', [acme]);
    const found = await store.byId(acme.id, organizationId === undefined ? {} : { organizationId });
    expect(found).toEqual(shown ? acme : undefined);
  });
});

async function readAll(store: PullStore, start: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = start; ; ) {
    const page = await store.after(cursor, limit);
    if (page.records.length === 0) return ids;
    ids.push(...page.records.map(({ id }) => id));
    cursor = page.cursor;
  }
}
