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
    silent: 'passed-only',
    testTimeout: 20_000,
  },
});
