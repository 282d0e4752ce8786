import { defineConfig } from 'vitest/config';

/** What mutation testing runs: the tests of the pure packages alone, once per mutant. */
export default defineConfig({
  test: {
    include: ['packages/policy/test/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
