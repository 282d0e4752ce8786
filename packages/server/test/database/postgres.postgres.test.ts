import { createServer } from 'node:net';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { createAdministration } from '../../src/administration.ts';
import { DatabaseError } from '../../src/database/database-error.ts';
import { migrate } from '../../src/database/migrate.ts';
import { migrations } from '../../src/database/migrations/index.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import type { PostgresLocation } from '../../src/database/postgres-location.ts';
import { followChanges } from '../../src/database/postgres-notices.ts';
import { openSigningKey } from '../../src/database/signing-key.ts';
import { openStores } from '../../src/database/stores.ts';
import { root } from './contract.ts';
import { type PostgresAddress, password } from './postgres-server.ts';
import { createPostgresDatabase } from './test-database.ts';

function server(): PostgresAddress {
  const address = inject('postgres');
  if (address === undefined) throw new Error('Run these tests with npm run test:postgres.');
  return address;
}

async function open(location: PostgresLocation) {
  const database = await openPostgres(location);
  onTestFinished(() => database.destroy());
  return database;
}

const overTcp = (location: PostgresLocation): PostgresLocation => ({ ...location, host: '127.0.0.1', password });

describe('opening', () => {
  it('makes the tables once, although several nodes begin at the same time', async () => {
    const location = await createPostgresDatabase(server(), { tables: false });
    const nodes = await Promise.all(Array.from({ length: 5 }, () => open(location)));
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(nodes[0]!);
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(migrations));
    for (const node of nodes) expect(await openStores(node).directory.revision()).toBe(0);
  });

  it('leaves nothing behind when a migration fails', async () => {
    const database = await open(await createPostgresDatabase(server()));
    const half: Migration = {
      async up(db) {
        await db.schema.createTable('half').addColumn('id', 'text').execute();
        throw new Error('the disk is full');
      },
    };
    const all = { ...migrations, '9999-half': half };
    await expect(migrate(database, 'state', all)).rejects.toThrow(/nothing was changed: the disk is full/);
    const tables = (await database.introspection.getTables()).map(({ name }) => name);
    expect(tables).toContain('people');
    expect(tables).not.toContain('half');
  });

  it('gives all nodes the same signing key', async () => {
    const location = await createPostgresDatabase(server());
    const nodes = await Promise.all([open(location), open(location), open(location)]);
    const keys = await Promise.all(nodes.map((node) => openSigningKey(node, 0)));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });

  it('works over TCP with a password', async () => {
    const database = await open(overTcp(await createPostgresDatabase(server())));
    expect(await openStores(database).directory.revision()).toBe(0);
  });
});

describe('what is wrong is told so that somebody can mend it, without the password', () => {
  const secret = 'not the right one';
  const cases: readonly (readonly [string, (location: PostgresLocation) => PostgresLocation, RegExp])[] = [
    ['a wrong password', (at) => ({ ...overTcp(at), password: secret }), /does not take the password of pullgate/],
    ['no password', (at) => ({ ...overTcp(at), password: undefined }), /asks for a password\. Set database\.password/],
    ['no such database', (at) => ({ ...overTcp(at), database: 'nowhere' }), /has no database nowhere\. Create it/],
    ['an unknown account', (at) => ({ ...overTcp(at), user: 'mallory' }), /password of mallory/],
    ['a socket that is not there', (at) => ({ ...at, host: '/nowhere' }), /nothing listens there/],
    [
      'a server without TLS',
      (at) => ({ ...overTcp(at), tls: { ca: undefined, client: undefined } }),
      /does not speak TLS\. Switch ssl on there/,
    ],
    [
      'an authority that cannot be read',
      (at) => ({ ...overTcp(at), tls: { ca: '/nowhere/ca.crt', client: undefined } }),
      /file \/nowhere\/ca\.crt of database\.tls\.ca cannot be read \(ENOENT\)/,
    ],
  ];

  it.each(cases)('%s', async (_what, change, sentence) => {
    const opening = openPostgres(change(await createPostgresDatabase(server())));
    await expect(opening).rejects.toThrow(DatabaseError);
    await expect(opening).rejects.toThrow(sentence);
    const error = await opening.catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/database/);
    for (const text of [secret, password]) expect(String(error)).not.toContain(text);
  });

  it('a port where nothing listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const address = closed.address();
    await new Promise((resolve) => closed.close(resolve));
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const location = { ...overTcp(await createPostgresDatabase(server())), port };
    await expect(openPostgres(location)).rejects.toThrow(
      `The database postgres://pullgate@127.0.0.1:${port}/${location.database} cannot be reached: nothing listens there.`,
    );
  });

  it('a database that cannot hold every name', async () => {
    const location = await createPostgresDatabase(server());
    const name = `${location.database}_latin`;
    const administrator = await open(location);
    const options = sql.raw(`encoding 'LATIN1' locale_provider libc locale 'C' template template0`);
    await sql`create database ${sql.id(name)} ${options}`.execute(administrator);
    onTestFinished(async () => void (await sql`drop database ${sql.id(name)} with (force)`.execute(administrator)));
    await expect(openPostgres({ ...location, database: name })).rejects.toThrow(/encoding LATIN1.*need UTF8/);
  });

  it.each(['PGPASSWORD', 'PGHOST', 'PGSSLMODE'])('%s of the environment means nothing', async (variable) => {
    const location = { ...overTcp(await createPostgresDatabase(server())), password: undefined };
    vi.stubEnv(variable, variable === 'PGSSLMODE' ? 'require' : password);
    try {
      await expect(openPostgres(location)).rejects.toThrow(/asks for a password/);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('values', () => {
  it('that are counted come back as numbers', async () => {
    const database = await open(await createPostgresDatabase(server()));
    const { rows } = await sql`select count(*) as many, sum(n) as sum, max(n) as max, avg(n) as mean
      from (values (cast(9007199254740990 as bigint)), (0)) as numbers (n)`.execute(database);
    expect(rows).toEqual([
      { many: 2, sum: 9_007_199_254_740_990, max: 9_007_199_254_740_990, mean: 4_503_599_627_370_495 },
    ]);
  });

  it('that are too large to count with are refused, not rounded', async () => {
    const database = await open(await createPostgresDatabase(server()));
    const asking = sql`select cast(9007199254740993 as bigint) as n`.execute(database);
    await expect(asking).rejects.toThrow(/9007199254740993 is no number/);
    expect(await openStores(database).directory.revision()).toBe(0);
  });
});

describe('limits', () => {
  it('a statement that takes too long is given up, and the connection serves on', async () => {
    const location = { ...(await createPostgresDatabase(server())), statementTimeoutMs: 1000, connections: 1 };
    const database = await open(location);
    await expect(sql`select pg_sleep(60)`.execute(database)).rejects.toThrow(
      'The database took more than 1 seconds for a statement. Ask for less, or raise database.statement_timeout.',
    );
    expect(await openStores(database).directory.revision()).toBe(0);
  });

  it('a change that another one holds up for too long is refused, and works later', async () => {
    const location = await createPostgresDatabase(server());
    const [here, elsewhere] = [await open(location), await open(location)];
    const admin = createAdministration(openStores(here));
    await elsewhere.transaction().execute(async (frozen) => {
      await frozen.updateTable('instance').set({ value: '7' }).where('key', '=', 'revision').execute();
      await expect(admin.people.create({ username: 'alice' }, root)).rejects.toThrow(/Try again/);
    });
    await admin.people.create({ username: 'alice' }, root);
    expect(await openStores(here).directory.revision()).toBe(8);
  });

  it('a node that stops in the middle of a change holds up the others for a while only', async () => {
    const location = await createPostgresDatabase(server());
    const [here, elsewhere] = [await open(location), await open(location)];
    const admin = createAdministration(openStores(here));
    const stopped = elsewhere.transaction().execute(async (frozen) => {
      await frozen.updateTable('instance').set({ value: '7' }).where('key', '=', 'revision').execute();
      await vi.waitFor(() => admin.people.create({ username: 'alice' }, root), { timeout: 40_000 });
      await frozen.selectFrom('instance').selectAll().execute();
    });
    await expect(stopped).rejects.toThrow();
    expect(await openStores(here).directory.revision()).toBe(1);
  });
});

describe('connections that break', () => {
  it('fail what is under way, wholly, and are made again', async () => {
    const location = await createPostgresDatabase(server());
    const [database, other] = [await open(location), await open(location)];
    const admin = createAdministration(openStores(database));
    const change = openStores(database).change(root, async ({ people }) => {
      await people.list();
      await terminateOthers(other);
      await people.list();
    });
    await expect(change).rejects.toThrow(DatabaseError);
    await admin.people.create({ username: 'alice' }, root);
    expect(await openStores(database).directory.revision()).toBe(1);
  });
});

async function terminateOthers(database: Awaited<ReturnType<typeof open>>): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(database);
}

describe('notices', () => {
  async function follow() {
    const location = await createPostgresDatabase(server());
    const database = await open(location);
    let told = 0;
    const notices = followChanges(location, () => {
      told += 1;
    });
    onTestFinished(() => notices.close());
    await expect.poll(() => told, { timeout: 20_000 }).toBe(1);
    return { database, stores: openStores(database), notices, told: () => told };
  }

  it('come with every change that is committed, and with none that is not', async () => {
    const { stores, told } = await follow();
    await expect(
      stores.change(root, () => {
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await createAdministration(stores).people.create({ username: 'alice' }, root);
    await expect.poll(told, { timeout: 20_000 }).toBe(2);
    await createAdministration(stores).people.create({ username: 'bob' }, root);
    await expect.poll(told, { timeout: 20_000 }).toBe(3);
  });

  it('come again after the connection broke, at once for what may have been missed', async () => {
    const { database, stores, told } = await follow();
    await terminateOthers(database);
    await expect.poll(told, { timeout: 20_000 }).toBe(2);
    await createAdministration(stores).people.create({ username: 'alice' }, root);
    await expect.poll(told, { timeout: 20_000 }).toBe(3);
  });

  it('come no more when they are closed', async () => {
    const { database, stores, notices } = await follow();
    await notices.close();
    await createAdministration(stores).people.create({ username: 'alice' }, root);
    const listeners = sql<{ n: number }>`select count(*) as n from pg_stat_activity
      where datname = current_database() and query ilike 'listen%'`;
    await expect.poll(async () => (await listeners.execute(database)).rows[0]?.n, { timeout: 20_000 }).toBe(0);
  });
});
