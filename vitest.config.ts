import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '**/*.clients.test.ts',
      '**/*.console.test.ts',
      '**/*.hub-api.test.ts',
      '**/*.postgres.test.ts',
    ],
    globalSetup: 'test/temporary-folder.ts',
    // Most tests wait for sockets and processes: on two cores, one worker would leave half of them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    silent: 'passed-only',
    testTimeout: 20_000,
  },
});
