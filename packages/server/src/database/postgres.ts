import { readFileSync } from 'node:fs';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import { Client, type ClientConfig, Pool, type PoolConfig, types } from 'pg';
import { DatabaseError } from './database-error.ts';
import { migrate } from './migrate.ts';
import { connectionFailure, isBrokenConnection, statementFailure } from './postgres-failure.ts';
import { type PostgresLocation, postgresLabel } from './postgres-location.ts';
import type { Database, Tables } from './schema.ts';

/** How long to wait for a connection, milliseconds. */
const connectTimeout = 5_000;
/** How long a change waits for the one before it, milliseconds. */
const lockTimeout = 5_000;
/** A node that stopped in the middle of a change gives its locks back after so many milliseconds. */
const abandonedTimeout = 10_000;
/** What the answer to a statement that ran out of time may need to get here, milliseconds. */
const answerTime = 1_000;
const idleTimeout = 60_000; // ms
/** Until a connection without traffic is probed: a firewall that forgot it says nothing. */
const keepAliveDelay = 10_000; // ms

/**
 * Opens a database of a PostgreSQL server and brings its tables up to date. Several processes may do so at the same time.
 *
 * @throws DatabaseError
 */
export async function openPostgres(location: PostgresLocation): Promise<Database> {
  await prepare(location);
  const { statementTimeoutMs } = location;
  return connect(location, {
    max: location.connections,
    statement_timeout: statementTimeoutMs,
    // The client's own, for a server that does not answer at all.
    query_timeout: statementTimeoutMs + answerTime,
    lock_timeout: lockTimeout,
    idle_in_transaction_session_timeout: abandonedTimeout,
  });
}

/** On a connection without limits of time: a migration may take long, and the other nodes wait for the one that runs it. */
async function prepare(location: PostgresLocation): Promise<void> {
  const database = connect(location, { max: 1 });
  try {
    await requireUsable(database, location);
    await migrate(database, postgresLabel(location));
  } finally {
    await database.destroy();
  }
}

async function requireUsable(database: Database, location: PostgresLocation): Promise<void> {
  const { rows } = await sql<{ encoding: string; replica: boolean }>`
    select current_setting('server_encoding') as encoding, pg_is_in_recovery() as replica`.execute(database);
  const { encoding, replica } = rows[0] ?? { encoding: 'unknown', replica: false };
  if (replica) {
    throw new DatabaseError(
      `The database ${postgresLabel(location)} is a replica, which takes no changes. Let database.url name the primary.`,
    );
  }
  if (encoding === 'UTF8') return;
  throw new DatabaseError(
    `The database ${postgresLabel(location)} has the encoding ${encoding}; names of all scripts need UTF8. Create it anew with encoding 'UTF8'.`,
  );
}

function connect(location: PostgresLocation, limits: PoolConfig): Database {
  const pool = new Pool({ ...clientConfig(location), ...limits, Client: TidyClient, idleTimeoutMillis: idleTimeout });
  // An idle connection that breaks is replaced; whoever needs the next one is told when there is none.
  pool.on('error', () => undefined);
  // One that breaks between two statements of a transaction tells the next statement; without a listener it would end
  // the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: withSentences(pool, location) }) });
}

/**
 * Lets go of the socket when it cannot sign in. Otherwise the server waits a minute for the rest, and whoever creates or
 * drops a database there waits for the server.
 */
class TidyClient extends Client {
  override connect(): Promise<Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<Client> | undefined {
    if (callback === undefined) return super.connect();
    super.connect((error: Error) => {
      if (error) void this.end().catch(() => undefined);
      callback(error);
    });
    return undefined;
  }
}

/** What every connection has in common. The environment (`PGHOST`, `PGSSLMODE`, …) has no say in it. */
export function clientConfig(location: PostgresLocation): ClientConfig {
  const { host, port, user, password, database } = location;
  return {
    host,
    port,
    user,
    // As a function: pg would take an empty text for none, and look into the environment.
    password: () => password ?? '',
    database,
    ssl: tlsOptions(location),
    types: { getTypeParser },
    application_name: 'pullgate',
    // What a change reads after it has its turn must be what the change before it wrote, whatever the server's default is.
    options: '-c default_transaction_isolation=read\\ committed -c default_transaction_read_only=off',
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelay,
  };
}

function tlsOptions({ tls }: PostgresLocation): ClientConfig['ssl'] {
  if (tls === undefined) return false;
  return {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(tls.ca !== undefined && { ca: readPem(tls.ca, 'database.tls.ca') }),
    ...(tls.client !== undefined && {
      cert: readPem(tls.client.certificate, 'database.tls.certificate'),
      key: readPem(tls.client.key, 'database.tls.key'),
    }),
  };
}

function readPem(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw new DatabaseError(`The file ${file} of ${setting} cannot be read (${why}).`, { cause });
  }
}

/** https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const wholeNumbers: ReadonlySet<number> = new Set([types.builtins.INT8, types.builtins.NUMERIC]);

/** Times, sizes and counts are numbers here as they are with SQLite, which refuses larger ones just so. */
const getTypeParser: typeof types.getTypeParser = (type: number, format?: 'text' | 'binary') =>
  wholeNumbers.has(type) ? toNumber : types.getTypeParser(type, format === 'binary' ? 'binary' : 'text');

function toNumber(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  throw new RangeError(`${text} is no number that can be counted with.`);
}

/** The pool for Kysely, with errors that tell people what to do, and without connections that are of no use any more. */
function withSentences(pool: Pool, location: PostgresLocation): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch((cause: unknown) => {
        throw connectionFailure(location, cause);
      });
      let broken = false;
      const query = async (text: string, parameters: readonly unknown[]) => {
        try {
          return await client.query(text, [...parameters]);
        } catch (cause) {
          // One that ran out of the client's time still waits for its answer, which the next user would wait for too.
          broken ||= isBrokenConnection(cause);
          throw statementFailure(location, cause);
        }
      };
      return {
        // Without cursors, which nothing here uses.
        query: query as unknown as PostgresPoolClient['query'],
        release: (destroy) => client.release(broken || destroy === true),
      };
    },
  };
}
