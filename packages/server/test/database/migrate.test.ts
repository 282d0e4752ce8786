import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { defaultPolicy } from '@pullgate/policy';
import { Kysely, SqliteDialect } from 'kysely';
import type { Migration } from 'kysely/migration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAdministration } from '../../src/administration.ts';
import { DatabaseError } from '../../src/database/database-error.ts';
import { migrate } from '../../src/database/migrate.ts';
import { migrations } from '../../src/database/migrations/index.ts';
import type { Database } from '../../src/database/schema.ts';
import { openDatabase } from '../../src/database/sqlite.ts';
import { openStores } from '../../src/database/stores.ts';
import { policyToDocument } from '../../src/organizations/policy-document.ts';
import { root } from './contract.ts';

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

/** As far as the tests need them. */
interface InitialTables {
  readonly policy_versions: PolicyVersionRow;
  readonly organizations: { id: string; name: string; full_name: string; created_at: number };
}

interface PolicyVersionRow {
  readonly organization_id: string;
  readonly version: number;
  readonly policy: string;
  readonly changed_at: number;
  readonly changed_by: string;
}

/** A database with tables of the first version only. */
async function openInitial(file: string) {
  const sqlite = new DatabaseSync(file);
  const prepare = (text: string) => {
    const statement = sqlite.prepare(text);
    return {
      reader: statement.columns().length > 0,
      all: (parameters: readonly unknown[]) => statement.all(...(parameters as SQLInputValue[])),
      run: (parameters: readonly unknown[]) => statement.run(...(parameters as SQLInputValue[])),
      iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as SQLInputValue[])),
    };
  };
  const dialect = new SqliteDialect({ database: { close: () => sqlite.close(), prepare } });
  const database = new Kysely<InitialTables>({ dialect });
  const { '0001-initial': initial } = migrations;
  if (initial) await migrate(database as unknown as Database, file, { '0001-initial': initial });
  return database;
}

/** The policies of `acme`, whose versions with these documents were there before the migrations. */
async function migratePolicies(documents: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'state.db');
  const old = await openInitial(file);
  const [organization_id, name] = ['acme-id', 'acme'];
  await old.insertInto('organizations').values({ id: organization_id, name, full_name: name, created_at: 5 }).execute();
  for (const [place, policy] of documents.entries()) {
    const row = { organization_id, version: place + 1, policy, changed_at: 5, changed_by: 'root' };
    await old.insertInto('policy_versions').values(row).execute();
  }
  await old.destroy();
  const database = await openDatabase({ file, durability: 'relaxed' });
  onTestFinished(() => database.destroy());
  return createAdministration(openStores(database)).policies;
}

describe('migrations', () => {
  it('make every table of a fresh database', async () => {
    const { tables } = await openTemporary();
    expect(await tables()).toEqual([
      'accounts',
      'activity',
      'cached_contents',
      'cached_tags',
      'categories',
      'deliveries',
      'domains',
      'instance',
      'invitations',
      'memberships',
      'namespaces',
      'organization_access_tokens',
      'organizations',
      'passkeys',
      'people',
      'personal_access_tokens',
      'policy_versions',
      'pull_records',
      'scim_identities',
      'second_factors',
      'sessions',
      'signing_keys',
      'sso_connections',
      'team_members',
      'teams',
      'verifications',
    ]);
  });

  it('give the organizations that are there their team of owners, and later teams other numbers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pullgate-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'state.db');
    const old = await openInitial(file);
    for (const [name, created_at] of [
      ['acme', 5],
      ['globex', 7],
    ] as const) {
      const values = { id: `${name}-id`, name, full_name: name, created_at };
      await old.insertInto('organizations').values(values).execute();
    }
    await old.destroy();

    const database = await openDatabase({ file, durability: 'relaxed' });
    onTestFinished(() => database.destroy());
    const { teams } = createAdministration(openStores(database));
    expect(await teams.find('acme', 'owners')).toMatchObject({ id: 1, name: 'owners', role: 'owner', createdAt: 5 });
    expect(await teams.find('globex', 'owners')).toMatchObject({ id: 2, organizationId: 'globex-id', createdAt: 7 });
    expect(await teams.create('acme', { name: 'dev' }, root)).toMatchObject({ id: 3 });
  });

  it('let the policies that are there be searched by what they changed', async () => {
    const { allowlist } = defaultPolicy;
    const documents = [[], ['docker.io/bitnami/redis'], []].map((repositories) => {
      const policy = { ...defaultPolicy, allowlist: { ...allowlist, repositories: new Set(repositories) } };
      return JSON.stringify(policyToDocument(policy));
    });
    const policies = await migratePolicies(documents);
    const { items } = await policies.history('acme', { offset: 0, limit: 9, search: 'redis' });
    expect(items).toMatchObject([
      { version: 3, difference: { before: { 'allowlist.repositories': ['docker.io/bitnami/redis'] } } },
      { version: 2, difference: { after: { 'allowlist.repositories': ['docker.io/bitnami/redis'] } } },
    ]);
  });

  it('do not stop at an old policy that cannot be read', async () => {
    const on = JSON.stringify(policyToDocument({ ...defaultPolicy, enabled: true }));
    const off = JSON.stringify(policyToDocument(defaultPolicy));
    const policies = await migratePolicies(['oops', '{"enabled":true}', off, on]);
    const { items } = await policies.history('acme', { offset: 0, limit: 9 });
    expect(items.map(({ version, difference }) => [version, difference?.after])).toEqual([
      [4, { enabled: true }],
      [3, undefined],
      [2, undefined],
      [1, undefined],
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
