import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** What opens its database through these is not told which one it gets; `npm test` gives it the embedded one. */
const onEveryDatabase = globSync('packages/*/test/**/*.test.ts').filter((file) =>
  /openTestDatabase|openSignInWorld|openSmallApi|openHubWorld/.test(readFileSync(file, 'utf8')),
);
/** Of the tests of the whole gate, those for which it makes a difference. */
const wholeGate = ['operation', 'people', 'pull', 'records'].map((name) => `packages/server/test/gate/${name}.test.ts`);

/** A real PostgreSQL, which is started for the run. */
export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.postgres.test.ts', ...onEveryDatabase, ...wholeGate],
    exclude: ['**/node_modules/**'],
    globalSetup: 'packages/server/test/database/postgres-setup.ts',
    silent: 'passed-only',
    // Below the minute that PostgreSQL waits for who does not sign in: a connection that is left behind shows.
    testTimeout: 50_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
