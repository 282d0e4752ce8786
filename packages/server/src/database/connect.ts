import { join } from 'node:path';
import type { Configuration } from '../configuration/configuration.ts';
import type { PostgresLocation } from './postgres-location.ts';
import type { Database } from './schema.ts';
import { type DatabaseOptions, openDatabase } from './sqlite.ts';

/** Where a database is. Plain data: it goes to the thread of the archive as well. */
export type DatabaseLocation = ({ readonly kind: 'sqlite' } & DatabaseOptions) | PostgresLocation;

/** What the parts of one process keep in databases. */
export interface DatabaseLocations {
  /** Organizations, people, policies, tokens, activity: the same for all nodes. */
  readonly state: DatabaseLocation;
  /** The same as `state`, for looking whether it changed: no crowd of changes may hold that up. */
  readonly directory: DatabaseLocation;
  /** The same as `state`, for notes that nothing depends on: with SQLite a commit would stop all pulls until it is on the disk. */
  readonly notes: DatabaseLocation;
  readonly pulls: DatabaseLocation;
  /** What this node's own disk holds of images. */
  readonly index: DatabaseLocation;
}

const stateFile = 'pullgate.db';
/** Apart from the state: storing thousands of records a second must not hold up somebody who changes a policy. */
const pullsFile = 'pulls.db';
const indexFile = 'cache.db';

/** One that looks whether there was a change, and one that reads it. */
const directoryConnections = 2;
const pullsConnections = 4;

export function locateDatabases({ data, database }: Pick<Configuration, 'data' | 'database'>): DatabaseLocations {
  if (database === undefined) return embedded(data);
  const { password, ...settings } = database;
  const state: DatabaseLocation = { kind: 'postgres', ...settings, password: password?.reveal() };
  return {
    state,
    directory: { ...state, connections: directoryConnections },
    notes: state,
    pulls: { ...state, connections: pullsConnections },
    index: { kind: 'sqlite', file: join(data, indexFile), durability: 'relaxed' },
  };
}

function embedded(data: string): DatabaseLocations {
  const state: DatabaseLocation = { kind: 'sqlite', file: join(data, stateFile), durability: 'full' };
  const relaxed: DatabaseLocation = { ...state, durability: 'relaxed' };
  return {
    state,
    directory: state,
    notes: relaxed,
    pulls: { ...relaxed, file: join(data, pullsFile) },
    index: relaxed,
  };
}

/**
 * Opens a database, creates what is missing, and brings its tables up to date.
 *
 * @throws DatabaseError
 */
export async function connect(location: DatabaseLocation): Promise<Database> {
  if (location.kind === 'sqlite') return openDatabase(location);
  // Who uses the embedded database needs neither the time nor the memory for it.
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(location);
}

/** The databases of one process, each opened when it is asked for first. */
export interface Databases {
  open(purpose: keyof DatabaseLocations): Promise<Database>;
  /** Calls `changed` as soon as another node has changed the state, if the database can tell. */
  followChanges(changed: () => void): Promise<{ close(): Promise<void> } | undefined>;
  close(): Promise<void>;
}

export function openDatabases(locations: DatabaseLocations): Databases {
  /** By location, so that two parts which have the same share its connections. */
  const opened = new Map<DatabaseLocation, Promise<Database>>();
  return {
    open(purpose) {
      const location = locations[purpose];
      const database = opened.get(location) ?? connect(location);
      opened.set(location, database);
      return database;
    },
    async followChanges(changed) {
      if (locations.state.kind === 'sqlite') return undefined;
      const { followChanges } = await import('./postgres-notices.ts');
      return followChanges(locations.state, changed);
    },
    async close() {
      const databases = await Promise.allSettled(opened.values());
      for (const database of databases) if (database.status === 'fulfilled') await database.value.destroy();
    },
  };
}
