import { defineConfig } from 'vitest/config';

/** Real container clients against a real gate, which take their time to start. */
export default defineConfig({
  test: {
    include: ['packages/*/test/clients/*.clients.test.ts'],
    silent: 'passed-only',
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
