import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAdministration } from '../../src/administration.ts';
import { DatabaseError } from '../../src/database/database-error.ts';
import { openDatabase, requireSafeSqlite } from '../../src/database/sqlite.ts';
import { openStores } from '../../src/database/stores.ts';
import { hashToken } from '../../src/tokens/secret.ts';
import { root } from './contract.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function connect(file: string, durability: 'full' | 'relaxed' = 'relaxed') {
  const database = await openDatabase({ file, durability });
  onTestFinished(() => database.destroy());
  return database;
}

describe('the embedded database', () => {
  it('can be read by its owner only, with all its files', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'state.db');
    writeFileSync(file, '', { mode: 0o644 });
    await connect(file);
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
    expect(modes.length).toBeGreaterThan(1);
    expect(modes).toEqual(modes.map(([name]) => [name, 0o600]));
  });

  it.each([
    ['full', 2],
    ['relaxed', 1],
  ] as const)('waits for the disk as %s durability says', async (durability, level) => {
    const database = await connect(join(temporaryFolder(), 'state.db'), durability);
    const read = async (pragma: string) =>
      Object.values((await sql.raw(`pragma ${pragma}`).execute(database)).rows[0] as object)[0];
    expect(await read('synchronous')).toBe(level);
    expect(await read('journal_mode')).toBe('wal');
    expect(await read('foreign_keys')).toBe(1);
  });

  it('never holds the text of a token', async () => {
    const folder = temporaryFolder();
    const database = await connect(join(folder, 'state.db'));
    const admin = createAdministration(openStores(database));
    await admin.organizations.create({ name: 'acme' }, root);
    await admin.people.create({ username: 'alice' }, root);
    const pat = await admin.personalTokens.create('alice', { label: 'a', scopes: ['repo:admin'] }, root);
    const resources = [{ type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-pull'] }] as const;
    const oat = await admin.organizationTokens.create('acme', { label: 'b', resources }, root);
    const bytes = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
    for (const { secret } of [pat, oat]) {
      expect(bytes.includes(hashToken(secret))).toBe(true);
      expect(bytes.includes(secret.slice(4))).toBe(false);
    }
  });

  it('says so when the file is something else', async () => {
    const file = join(temporaryFolder(), 'notes.txt');
    writeFileSync(file, 'these are my notes, and there are enough of them to look at\n'.repeat(20));
    const opening = openDatabase({ file, durability: 'full' });
    await expect(opening).rejects.toThrow(DatabaseError);
    await expect(opening).rejects.toThrow(/notes\.txt is not a database/);
  });

  it('says so when the folder is missing', async () => {
    const file = join(temporaryFolder(), 'missing', 'state.db');
    await expect(openDatabase({ file, durability: 'full' })).rejects.toThrow(/Make sure that its folder exists/);
  });

  it('waits for another process that is writing, and lets pulls go on meanwhile', async () => {
    const file = join(temporaryFolder(), 'state.db');
    const database = await connect(file);
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    other.exec('begin immediate');
    const creation = createAdministration(openStores(database)).people.create({ username: 'alice' }, root);
    await setImmediate();
    other.exec('commit');
    await creation;
    expect(other.prepare('select username from people').all()).toMatchObject([{ username: 'alice' }]);
  });

  it.each(['full', 'relaxed'] as const)('waits for another connection of its own thread: %s', async (durability) => {
    const file = join(temporaryFolder(), 'state.db');
    const [one, other] = [await connect(file), await connect(file, durability)];
    const insertion = one.transaction().execute(async (transaction) => {
      await transaction.insertInto('instance').values({ key: 'one', value: '' }).execute();
      await setImmediate();
    });
    await Promise.all([insertion, other.insertInto('instance').values({ key: 'other', value: '' }).execute()]);
    const rows = await one.selectFrom('instance').select('key').where('key', 'in', ['one', 'other']).execute();
    expect(rows).toHaveLength(2);
  });

  it('takes the write lock when a change begins, so that what it read stays true', async () => {
    const file = join(temporaryFolder(), 'state.db');
    const database = await connect(file);
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    await database.transaction().execute(async () => {
      expect(() => other.exec('begin immediate')).toThrow(/locked/);
    });
    other.exec('begin immediate; rollback');
  });
});

describe('an SQLite that corrupts databases is refused', () => {
  it.each(['3.51.2', '3.50.9', '3.7.99', '2.99.99'])('%s', (version) => {
    expect(() => requireSafeSqlite(version)).toThrow(/3\.51\.3 or later/);
  });

  it.each(['3.51.3', '3.51.10', '3.52.0', '4.0.0'])('but not %s', (version) => {
    expect(() => requireSafeSqlite(version)).not.toThrow();
  });
});
