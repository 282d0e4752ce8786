import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Migration } from 'kysely/migration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DatabaseError } from '../../src/database/database-error.ts';
import { migrate } from '../../src/database/migrate.ts';
import { migrations } from '../../src/database/migrations/index.ts';
import { openDatabase } from '../../src/database/sqlite.ts';

async function openTemporary() {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-'));
  const file = join(folder, 'state.db');
  const database = await openDatabase({ file, durability: 'relaxed' });
  onTestFinished(async () => {
    await database.destroy();
    rmSync(folder, { recursive: true });
  });
  const tables = async () => (await database.introspection.getTables()).map(({ name }) => name).sort();
  return { database, file, tables };
}

const addsTable = (name: string): Migration => ({
  up: (db) => db.schema.createTable(name).addColumn('id', 'text').execute(),
});

const fails: Migration = {
  async up(db) {
    await addsTable('half').up(db);
    throw new Error('the disk is full');
  },
};

describe('migrations', () => {
  it('make every table of a fresh database', async () => {
    const { tables } = await openTemporary();
    expect(await tables()).toEqual([
      'activity',
      'cached_contents',
      'cached_tags',
      'categories',
      'deliveries',
      'instance',
      'invitations',
      'memberships',
      'namespaces',
      'organization_access_tokens',
      'organizations',
      'people',
      'personal_access_tokens',
      'policy_versions',
      'pull_records',
      'signing_keys',
      'team_members',
      'teams',
    ]);
  });

  it('run once', async () => {
    const { database, tables } = await openTemporary();
    const next = { ...migrations, '9999-next': addsTable('next') };
    await migrate(database, 'state.db', next);
    await migrate(database, 'state.db', next);
    expect(await tables()).toContain('next');
  });

  it('leave nothing behind when one of them fails', async () => {
    const { database, tables } = await openTemporary();
    const before = await tables();
    const failing = migrate(database, 'state.db', { ...migrations, '9998-fine': addsTable('fine'), '9999-bad': fails });
    await expect(failing).rejects.toThrow(
      /state\.db could not be brought up to date, and nothing was changed: the disk is full/,
    );
    expect(await tables()).toEqual(before);
    await migrate(database, 'state.db', { ...migrations, '9998-fine': addsTable('fine') });
    expect(await tables()).toContain('fine');
  });

  it('of a newer version make an older one refuse the database', async () => {
    const { database, file } = await openTemporary();
    await migrate(database, file, { ...migrations, '9999-next': addsTable('next') });
    const opening = openDatabase({ file, durability: 'relaxed' });
    await expect(opening).rejects.toThrow(DatabaseError);
    await expect(opening).rejects.toThrow(/used by a newer version of Pullgate \(it has 9999-next\)/);
  });
});
