import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { removeOldActivity } from '../../src/activity/retention.ts';
import { createAdministration } from '../../src/administration.ts';
import { openDatabase } from '../../src/database/sqlite.ts';
import { openStores } from '../../src/database/stores.ts';
import { root } from '../database/contract.ts';
import { temporaryFolder } from '../pulls/temporary-folder.ts';

const day = 86_400_000;
/** Noon, so that a day more or less is not a question of hours. */
const start = 20_000 * day + day / 2;
const retentionMs = 30 * day;

/** One person is made on each of some days. */
async function settle(days: number) {
  let clock = start;
  const file = join(temporaryFolder(), 'state.db');
  const database = await openDatabase({ file, durability: 'relaxed' });
  onTestFinished(() => database.destroy());
  const stores = openStores(database, () => clock);
  const admin = createAdministration(stores);
  const person = (name: string) => admin.people.create({ username: name }, root);
  for (let index = 0; index < days; index++, clock += day) await person(`p${index}`);
  const remove = (at: number, through = Number.MAX_SAFE_INTEGER) => {
    clock = at;
    return removeOldActivity({ stores, retentionMs, through: async () => through, now: () => at });
  };
  const sequences = async () => (await admin.activity.list()).map(({ sequence }) => sequence);
  return { admin, stores, file, person, remove, sequences };
}

describe('retention', () => {
  it('removes what is older, says so in the activity, and leaves a chain that can be verified', async () => {
    const { admin, remove, sequences } = await settle(10);
    const [, , , fourth] = (await admin.activity.list()).toReversed();
    expect(await remove(start + 34 * day)).toBe(1);
    expect(await sequences()).toEqual([11, 10, 9, 8, 7, 6, 5]);
    expect((await admin.activity.list())[0]).toMatchObject({
      action: 'activity.trim',
      actor: { kind: 'system', name: 'retention' },
      organizationId: null,
      before: null,
      after: { sequence: 4, hash: fourth?.hash },
    });
    expect(await admin.activity.verify()).toMatchObject({ intact: true, rows: 7, removedByRetention: 4 });
  });

  it('does so once a day at most, and does not change anything when nothing is old', async () => {
    const { stores, remove, sequences } = await settle(10);
    await remove(start + 34 * day);
    const before = [await sequences(), await stores.directory.revision()];
    expect(await remove(start + 34 * day + day / 3)).toBe(0);
    expect([await sequences(), await stores.directory.revision()]).toEqual(before);
    expect(await remove(start + 35 * day)).toBe(1);
  });

  it('keeps what was not delivered yet', async () => {
    const { remove, sequences, admin } = await settle(10);
    await remove(start + 50 * day, 3);
    expect((await sequences()).at(-1)).toBe(4);
    expect(await remove(start + 50 * day, 3)).toBe(0);
    await remove(start + 50 * day);
    expect(await sequences()).toEqual([12, 11]);
    expect(await admin.activity.verify()).toMatchObject({ intact: true, rows: 2, removedByRetention: 10 });
  });

  it('waits for a target that is away as long again, and no longer: what waits must end somewhere', async () => {
    const { remove, sequences, admin } = await settle(10);
    await remove(start + 65 * day, 0);
    expect(await sequences()).toEqual([11, 10, 9, 8, 7, 6]);
    expect(await admin.activity.verify()).toMatchObject({ intact: true, rows: 6, removedByRetention: 5 });
  });

  it('goes on for years: what it told grows old as well, and new rows follow', async () => {
    const { remove, person, admin } = await settle(3);
    for (let index = 1; index <= 8; index++) {
      await remove(start + 31 * index * day);
      await person(`later${index}`);
      expect(await admin.activity.verify()).toMatchObject({ intact: true });
    }
    expect((await admin.activity.list()).length).toBeLessThan(6);
  });

  it('removes much in many steps', async () => {
    const { remove, admin, file } = await settle(1);
    // As many rows as would take long to make one by one; they need not be a chain to be removed.
    const sqlite = new DatabaseSync(file);
    sqlite.exec(`with recursive n(i) as (select 2 union all select i + 1 from n where i < 1200)
      insert into activity select i, null, 'person.create', '{}', null, ${start}, 'x', null, null, '', 'h' || i, '' from n`);
    sqlite.exec(`update instance set value = replace(value, '"newest":{"sequence":1,', '"newest":{"sequence":1200,')
      where key = 'activity-chain'`);
    sqlite.close();
    expect(await remove(start + 40 * day)).toBe(3);
    expect((await admin.activity.list()).map(({ action, after }) => [action, after?.['sequence']])).toEqual([
      ['activity.trim', 1200],
      ['activity.trim', 1000],
      ['activity.trim', 500],
    ]);
  });
});

describe('somebody who removes rows and does as if it were retention', () => {
  const forged: readonly (readonly [string, string])[] = [
    ['without a word', 'delete from activity where sequence <= 6'],
    [
      'with the note moved',
      `delete from activity where sequence <= 6;
       update instance set value = json_set(value, '$.oldest.sequence', 6, '$.oldest.hash',
         (select previous_hash from activity where sequence = 7)) where key = 'activity-chain'`,
    ],
    [
      'by changing what retention told',
      `delete from activity where sequence <= 6;
       update activity set after = json_set(after, '$.sequence', 6) where action = 'activity.trim'`,
    ],
    [
      'and the note as well',
      `delete from activity where sequence <= 6; delete from instance where key = 'activity-chain'`,
    ],
    ['from the end', 'delete from activity where sequence = 11'],
  ];

  it.each(forged)('is found: %s', async (_what, statements) => {
    const { admin, remove, file, person } = await settle(10);
    await remove(start + 34 * day);
    expect(await admin.activity.verify()).toMatchObject({ intact: true });
    const sqlite = new DatabaseSync(file);
    sqlite.exec(statements);
    sqlite.close();
    expect(await admin.activity.verify()).toMatchObject({ intact: false });
    // Nor does it pass when life goes on.
    await person('later');
    expect(await admin.activity.verify()).toMatchObject({ intact: false });
  });
});
