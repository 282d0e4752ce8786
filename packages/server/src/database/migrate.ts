import { sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import { DatabaseError } from './database-error.ts';
import { migrations as ours } from './migrations/index.ts';
import type { Database } from './schema.ts';

/**
 * Runs the migrations that the database has not seen, all or none. Two processes that start together wait for each other.
 *
 * @param label names the database in errors; it must not hold a password.
 * @throws DatabaseError when a newer version of the program has already changed the tables, or a migration fails
 */
export async function migrate(
  database: Database,
  label: string,
  migrations: Readonly<Record<string, Migration>> = ours,
): Promise<void> {
  const done = await applied(database);
  const unknown = done.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0) {
    throw new DatabaseError(
      `The database ${label} was used by a newer version of Pullgate (it has ${unknown.join(', ')}). Run that version, or restore a backup from before the upgrade.`,
    );
  }
  if (done.length === Object.keys(migrations).length) return;
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const why = error instanceof Error ? error.message : 'the reason is unknown';
  throw new DatabaseError(`The tables of ${label} could not be brought up to date, and nothing was changed: ${why}`, {
    cause: error,
  });
}

async function applied(database: Database): Promise<readonly string[]> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === DEFAULT_MIGRATION_TABLE)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(
    database,
  );
  return rows.map((row) => row.name);
}
