import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAdministration } from '../../src/administration.ts';
import { openDatabase } from '../../src/database/sqlite.ts';
import { openStores } from '../../src/database/stores.ts';
import { root } from '../database/contract.ts';
import { temporaryFolder } from '../pulls/temporary-folder.ts';

const columns: Readonly<Record<string, string>> = {
  sequence: '77',
  organization_id: "'somebody-else'",
  action: "'org.delete'",
  actor: `'{"kind":"person","name":"mallory"}'`,
  address: "'192.0.2.66'",
  at: '1',
  subject: "'mallory'",
  before: "'{}'",
  after: `'{"role":"member"}'`,
  previous_hash: `'${'1'.repeat(64)}'`,
  hash: `'${'1'.repeat(64)}'`,
  actor_name: "'mallory'",
};

async function settle() {
  const file = join(temporaryFolder(), 'state.db');
  const database = await openDatabase({ file, durability: 'relaxed' });
  onTestFinished(() => database.destroy());
  const admin = createAdministration(openStores(database));
  await admin.organizations.create({ name: 'acme' }, root);
  for (const username of ['alice', 'bob']) {
    await admin.people.create({ username }, root);
    await admin.members.add('acme', { username, role: 'owner' }, { ...root, address: '192.0.2.1' });
  }
  const sqlite = new DatabaseSync(file);
  onTestFinished(() => sqlite.close());
  return { admin, sqlite };
}

describe('a stored row', () => {
  it('has these columns', async () => {
    const { sqlite } = await settle();
    const names = sqlite.prepare("select name from pragma_table_info('activity')").all();
    expect(names.map(({ name }) => name).toSorted()).toEqual(Object.keys(columns).toSorted());
  });

  it.each(Object.entries(columns))('is not intact with another %s', async (column, value) => {
    const { admin, sqlite } = await settle();
    expect(await admin.activity.verify()).toMatchObject({ intact: true });
    sqlite.exec(`update activity set ${column} = ${value} where sequence = 3`);
    expect(await admin.activity.verify()).toMatchObject({ intact: false, rows: 2 });
  });

  it('cannot be exchanged for one with a hash that fits', async () => {
    const { admin, sqlite } = await settle();
    sqlite.exec('update activity set hash = (select hash from activity where sequence = 2) where sequence = 3');
    expect(await admin.activity.verify()).toMatchObject({ intact: false, sequence: 3 });
  });
});
