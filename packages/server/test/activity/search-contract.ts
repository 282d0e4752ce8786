import { describe, expect, it } from 'vitest';
import type { ActivityQuery } from '../../src/activity/activity-log.ts';
import { exportActivity } from '../../src/activity/export.ts';
import { removeOldActivity } from '../../src/activity/retention.ts';
import { createAdministration } from '../../src/administration.ts';
import { openPositionStore } from '../../src/database/position-store.ts';
import type { Database } from '../../src/database/schema.ts';
import { openStores } from '../../src/database/stores.ts';
import { hashOfLine } from './hash-of-line.ts';

const start = 1_800_000_000_000;
const alice = { kind: 'person', name: 'alice', id: 'a11ce', address: '192.0.2.1' } as const;
const catalog = { kind: 'system', name: 'catalog' } as const;

/** Rows 1 to 6, one a second. */
async function settle(database: Database) {
  let clock = start;
  const stores = openStores(database, () => clock);
  const admin = createAdministration(stores);
  const steps: readonly (() => Promise<unknown>)[] = [
    () => admin.organizations.create({ name: 'acme' }, alice),
    () => admin.organizations.create({ name: 'globex' }, catalog),
    () => admin.people.create({ username: 'bob' }, alice),
    () => admin.members.add('acme', { username: 'bob', role: 'member' }, alice),
    () => admin.organizations.setEnforceSignIn('acme', false, catalog),
    () => admin.members.add('globex', { username: 'bob', role: 'owner' }, catalog),
  ];
  for (const step of steps) {
    await step();
    clock += 1000;
  }
  const { id: acme } = await admin.organizations.byName('acme');
  return { stores, admin, acme };
}

type Query = (acme: string) => ActivityQuery;

const found: readonly (readonly [string, Query, readonly number[]])[] = [
  ['everything', () => ({}), [6, 5, 4, 3, 2, 1]],
  ['of an organization', (organizationId) => ({ organizationId }), [5, 4, 1]],
  ['of no organization', () => ({ organizationId: null }), [3]],
  ['an action', () => ({ action: 'org.member.add' }), [6, 4]],
  ['a broader action', () => ({ action: 'org.settings.update' }), [5]],
  ['an action that does not exist', () => ({ action: 'org.%' }), []],
  ['what it was done to', () => ({ subject: 'bob' }), [6, 4, 3]],
  ['who did it', () => ({ actor: 'catalog' }), [6, 5, 2]],
  ['nobody of that name', () => ({ actor: 'cat' }), []],
  ['from a time, included', () => ({ from: start + 4000 }), [6, 5]],
  ['to a time, included', () => ({ to: start + 1000 }), [2, 1]],
  [
    'all at once',
    (organizationId) => ({ organizationId, actor: 'alice', subject: 'bob', from: start, to: start + 9000 }),
    [4],
  ],
  ['older than a row', () => ({ before: 3 }), [2, 1]],
  ['what came right after a row', () => ({ after: 2, limit: 2 }), [4, 3]],
  ['a page by its number', () => ({ offset: 2, limit: 2 }), [4, 3]],
  ['a page beyond the end', () => ({ offset: 100 }), []],
  ['no less than one row', () => ({ limit: 0 }), [6]],
  ['text that is SQL', () => ({ subject: "' or 1=1 --" }), []],
];

/** What every database must find, keep and remove alike. */
export function activityContract(open: () => Promise<{ readonly database: Database }>): void {
  it.each(found)('finds %s', async (_what, query, sequences) => {
    const { admin, acme } = await settle((await open()).database);
    expect((await admin.activity.list(query(acme))).map(({ sequence }) => sequence)).toEqual(sequences);
  });

  it('is walked from the oldest to what was the newest when that began', async () => {
    const { admin, acme } = await settle((await open()).database);
    const seen: number[] = [];
    for await (const { sequence } of admin.activity.walk({ organizationId: acme })) {
      if (seen.length === 0) await admin.organizations.setEnforceSignIn('acme', true, alice);
      seen.push(sequence);
    }
    expect(seen).toEqual([1, 4, 5]);
  });

  it('is exported with all that its hashes are over', async () => {
    const { admin } = await settle((await open()).database);
    const text = (await Array.fromAsync(exportActivity(admin.activity.walk(), 'jsonl'))).join('');
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    let previous = '0'.repeat(64);
    for (const line of lines) {
      expect(JSON.parse(line).previous_hash).toBe(previous);
      previous = hashOfLine(line);
      expect(JSON.parse(line).hash).toBe(previous);
    }
  });

  it('can be checked against a row that was noted elsewhere', async () => {
    const { admin } = await settle((await open()).database);
    const [newest] = await admin.activity.list();
    const noted = { sequence: 6, hash: newest!.hash };
    expect(await admin.activity.verify(noted)).toEqual({ intact: true, rows: 6, removedByRetention: 0, head: noted });
    expect(await admin.activity.verify({ ...noted, hash: 'f'.repeat(64) })).toMatchObject({ intact: false });
  });

  it('loses its oldest rows to retention and stays a chain', async () => {
    const { admin, stores } = await settle((await open()).database);
    const through = async () => 4;
    await removeOldActivity({ stores, retentionMs: 86_400_000, through, now: () => start + 2 * 86_400_000 });
    expect((await admin.activity.list()).map(({ sequence }) => sequence)).toEqual([7, 6, 5]);
    expect(await admin.activity.verify()).toMatchObject({ intact: true, rows: 3, removedByRetention: 4 });
  });

  describe('positions of deliveries', () => {
    it('are of one node at a time, and move only for that one', async () => {
      const positions = openPositionStore((await open()).database);
      expect(await positions.hold('x', 'one', 1, 9)).toBeUndefined();
      await positions.begin('x', '5');
      await positions.begin('x', '7');
      expect(await positions.hold('x', 'one', 1, 10)).toBe('5');
      expect(await positions.hold('x', 'one', 2, 11)).toBe('5');
      expect(await positions.hold('x', 'two', 11, 20)).toBeUndefined();
      await positions.save('x', 'two', '9');
      await positions.save('x', 'one', '6');
      expect(await positions.hold('x', 'two', 12, 20)).toBe('6');
      await positions.save('x', 'one', '8');
      expect(await positions.read('x')).toBe('6');
      expect(await positions.read('y')).toBeUndefined();
    });
  });
}
