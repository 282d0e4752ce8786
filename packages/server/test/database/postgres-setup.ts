import type { TestProject } from 'vitest/node';
import { openPostgres } from '../../src/database/postgres.ts';
import { type PostgresAddress, startPostgres } from './postgres-server.ts';
import { postgresLocation, templateName } from './test-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of `npm run test:postgres`; undefined in all other runs. */
    readonly postgres: PostgresAddress | undefined;
  }
}

/** One server for all tests, and one database with all tables, of which each test gets a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  try {
    await server.execute(`create database ${templateName}`);
    const template = await openPostgres(postgresLocation(server, templateName));
    await template.destroy();
  } catch (error) {
    await server.close();
    throw error;
  }
  project.provide('postgres', { socketFolder: server.socketFolder, port: server.port });
  return () => server.close();
}
