import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { inject, onTestFinished } from 'vitest';
import { connect, type DatabaseLocation } from '../../src/database/connect.ts';
import { type PostgresLocation, postgresLabel } from '../../src/database/postgres-location.ts';
import type { Database } from '../../src/database/schema.ts';
import { type PostgresAddress, user } from './postgres-server.ts';

/** A fresh database, and further connections to the same one. All are gone after the test. */
export interface TestDatabase {
  readonly location: DatabaseLocation;
  readonly database: Database;
  connect(): Promise<Database>;
}

/** On the PostgreSQL server that `npm run test:postgres` starts, else an embedded one. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgres');
  return openAt(server === undefined ? embedded() : await createPostgresDatabase(server));
}

export const templateName = 'pullgate_template';

/** As somebody on the server's machine. */
export function postgresLocation(server: PostgresAddress, database: string): PostgresLocation {
  const { socketFolder: host, port } = server;
  const limits = { connections: 4, statementTimeoutMs: 60_000 };
  return { kind: 'postgres', host, port, user, database, password: undefined, tls: undefined, ...limits };
}

/** A database of the server, empty or with all tables, for one test. */
export async function createPostgresDatabase(
  server: PostgresAddress,
  { tables = true }: { readonly tables?: boolean } = {},
): Promise<PostgresLocation> {
  const { location, drop } = await copyTemplate(server, tables ? templateName : 'template0');
  onTestFinished(drop);
  return location;
}

/** The database of a gate. */
export interface DatabaseSettings {
  /** The section of the configuration file that names it, if it is not the embedded one. */
  readonly settings: string;
  /** All rows as text, of a database that is not among the gate's files. */
  rows(): Promise<string[]>;
  drop(): Promise<void>;
}

export async function databaseSettings(): Promise<DatabaseSettings> {
  const server = inject('postgres');
  if (server === undefined) return { settings: '', rows: async () => [], drop: async () => undefined };
  const { location, drop } = await copyTemplate(server, templateName);
  return {
    settings: `database: { url: '${postgresLabel(location)}' }\n`,
    rows: () => rowsOf(server, location.database),
    drop,
  };
}

async function rowsOf(server: PostgresAddress, database: string): Promise<string[]> {
  const tables = await query<string>(server, "select tablename from pg_tables where schemaname = 'public'", database);
  const rows = await Promise.all(
    tables.map((name) => query<string>(server, `select t::text from "${name}" t`, database)),
  );
  return rows.flat();
}

async function copyTemplate(server: PostgresAddress, template: string) {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(server, `create database ${name} template ${template}`);
  const drop = () => execute(server, `drop database ${name} with (force)`);
  return { location: postgresLocation(server, name), drop };
}

async function execute(server: PostgresAddress, statement: string): Promise<void> {
  await query(server, statement, 'postgres');
}

/** The first column of what a statement finds. */
async function query<T>(server: PostgresAddress, text: string, database: string): Promise<T[]> {
  const client = new Client({ host: server.socketFolder, port: server.port, user, database });
  await client.connect();
  try {
    const { rows } = await client.query<T[]>({ text, rowMode: 'array' });
    return rows.flatMap(([first]) => (first === undefined ? [] : [first]));
  } finally {
    await client.end();
  }
}

function embedded(): DatabaseLocation {
  const folder = mkdtempSync(join(tmpdir(), 'pullgate-database-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { kind: 'sqlite', file: join(folder, 'test.db'), durability: 'relaxed' };
}

async function openAt(location: DatabaseLocation): Promise<TestDatabase> {
  const open = async () => {
    const database = await connect(location);
    onTestFinished(() => database.destroy());
    return database;
  };
  return { location, database: await open(), connect: open };
}
