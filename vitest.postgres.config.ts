import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** What every database must do alike. `npm test` runs these on the embedded one. */
const onEveryDatabase = globSync('packages/*/test/**/*.test.ts').filter((file) =>
  readFileSync(file, 'utf8').includes('openTestDatabase'),
);

/** A real PostgreSQL, which is started for the run. */
export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.postgres.test.ts', ...onEveryDatabase],
    exclude: ['**/node_modules/**'],
    globalSetup: 'packages/server/test/database/postgres-setup.ts',
    silent: 'passed-only',
    // Below the minute that PostgreSQL waits for who does not sign in: a connection that is left behind shows.
    testTimeout: 50_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
