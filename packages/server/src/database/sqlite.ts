import { closeSync, fchmodSync, fstatSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type TransactionSettings,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import { DatabaseError } from './database-error.ts';
import { migrate } from './migrate.ts';
import type { Database, Tables } from './schema.ts';

export interface DatabaseOptions {
  readonly file: string;
  /**
   * `full` survives a power cut and is for state. `relaxed` survives the end of the process only, may lose the last
   * moments in a power cut, and never corrupts: for what can be had again.
   */
  readonly durability: 'full' | 'relaxed';
}

/** How long a statement waits for others to finish theirs, milliseconds. The default of node:sqlite is not to wait at all. */
const lockTimeout = 5_000;
const lockRetry = 10; // ms
/** Before it, concurrent checkpoints can corrupt a database in WAL mode (https://sqlite.org/wal.html#walresetbug). */
const oldestSafe = [3, 51, 3] as const;

/** SQLITE_BUSY and SQLITE_NOTADB, https://sqlite.org/rescode.html */
const busy = 5;
const notADatabase = 26;
/** Extended codes carry theirs in the lowest byte. */
const primaryCode = 0xff;

/**
 * Opens the embedded database, creates it when there is none, and brings its tables up to date.
 *
 * @throws DatabaseError
 */
export async function openDatabase({ file, durability }: DatabaseOptions): Promise<Database> {
  requireSafeSqlite(process.versions['sqlite']);
  restrictToOwner(file);
  const sqlite = openFile(file, durability);
  const database = new Kysely<Tables>({ dialect: new NodeSqliteDialect(sqlite) });
  try {
    await migrate(database, file);
    return database;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** @throws DatabaseError when this SQLite may corrupt a database */
export function requireSafeSqlite(version = '0'): void {
  const parts = version.split('.').map(Number);
  for (const [place, oldest] of oldestSafe.entries()) {
    const part = parts[place] ?? 0;
    if (part > oldest) return;
    if (part < oldest) {
      throw new DatabaseError(
        `This Node.js has SQLite ${version}, which can corrupt a database; ${oldestSafe.join('.')} or later is needed. Use Node.js 24.15 or later.`,
      );
    }
  }
}

/** Creates the file before SQLite does, so that there is no moment in which others can read it. */
function restrictToOwner(file: string): void {
  try {
    const descriptor = openSync(file, 'a', 0o600);
    try {
      if ((fstatSync(descriptor).mode & 0o077) !== 0) fchmodSync(descriptor, 0o600);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError(
      `The database ${file} cannot be opened. Make sure that its folder exists and belongs to the account that runs Pullgate (${why}).`,
      { cause },
    );
  }
}

function openFile(file: string, durability: DatabaseOptions['durability']): DatabaseSync {
  const sqlite = new DatabaseSync(file, { timeout: lockTimeout, enableForeignKeyConstraints: true });
  try {
    sqlite.exec('pragma journal_mode = wal');
    sqlite.exec(`pragma synchronous = ${durability === 'full' ? 'full' : 'normal'}`);
    sqlite.exec('pragma busy_timeout = 0');
    return sqlite;
  } catch (cause) {
    sqlite.close();
    if (!(cause instanceof Error)) throw cause;
    const why = hasCode(cause, notADatabase)
      ? 'is not a database. Check the path; if it is right, restore the file from a backup.'
      : `cannot be opened: ${cause.message}.`;
    throw new DatabaseError(`The file ${file} ${why}`, { cause });
  }
}

function hasCode(error: unknown, code: number): boolean {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return false;
  return (error.errcode & primaryCode) === code;
}

/** Kysely's dialect, told what node:sqlite and SQLite can do. */
class NodeSqliteDialect extends SqliteDialect implements Dialect {
  readonly #database: SqliteDatabase;

  constructor(sqlite: DatabaseSync) {
    const database = adapt(sqlite);
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new PatientDriver({ database: this.#database });
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

/** SQLite rolls back DDL like everything else; Kysely assumes it does not, and a failing migration would leave half a schema. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * Waits for locks beside the thread. SQLite's own way of waiting stops the thread, and with it every pull; and when the
 * lock is held by another connection of this very thread, nobody would ever let go of it.
 */
class PatientDriver extends SqliteDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    return {
      executeQuery: <Row>(query: CompiledQuery) => retryWhileBusy(() => connection.executeQuery<Row>(query)),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    };
  }

  /**
   * Takes the write lock when a transaction begins: one that reads first and writes later fails when another process
   * wrote in between (SQLITE_BUSY_SNAPSHOT), and trying again would not help it.
   */
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings = {}): Promise<void> {
    const begin = settings.accessMode === 'read only' ? 'begin' : 'begin immediate';
    await connection.executeQuery(CompiledQuery.raw(begin));
  }
}

/** A statement that found the database locked has done nothing yet, so it can be tried again. */
async function retryWhileBusy<T>(execute: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + lockTimeout;
  while (true) {
    try {
      return await execute();
    } catch (cause) {
      if (!hasCode(cause, busy)) throw cause;
      if (performance.now() > deadline) throw stillBusy(cause);
    }
    await sleep(lockRetry);
  }
}

function stillBusy(cause: unknown): DatabaseError {
  const seconds = lockTimeout / 1000;
  return new DatabaseError(`Somebody else has been changing the database for ${seconds} seconds. Try again.`, {
    cause,
  });
}

/** Prepared statements kept for the next time: storing pull records runs the same few thousands of times. */
const maxStatements = 100;

/** node:sqlite in the shape that Kysely expects, which is that of better-sqlite3. */
function adapt(sqlite: DatabaseSync): SqliteDatabase {
  const statements = new LRUCache<string, StatementSync>({ max: maxStatements });

  function prepared(text: string): StatementSync {
    const known = statements.get(text);
    if (known) return known;
    const statement = sqlite.prepare(text);
    statements.set(text, statement);
    return statement;
  }

  return {
    close: () => sqlite.close(),
    prepare(text) {
      const statement = prepared(text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        // One of its own: another call with the same text would start the iteration over.
        iterate: (parameters) => sqlite.prepare(text).iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}
