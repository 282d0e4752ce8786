import { defineConfig } from 'vitest/config';

/** The built Admin Console in a real Chromium, in front of a real gate. */
export default defineConfig({
  test: {
    include: ['packages/console/test/**/*.console.test.ts'],
    silent: 'passed-only',
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
