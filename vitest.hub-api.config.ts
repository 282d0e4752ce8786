import { defineConfig } from 'vitest/config';

/** What clients of Docker Hub's API send, against a real gate over TLS. */
export default defineConfig({
  test: {
    include: ['packages/*/test/hub-api/*.hub-api.test.ts'],
    silent: 'passed-only',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
