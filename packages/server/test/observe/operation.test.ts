import { expect, it } from 'vitest';
import { openMetrics } from '../../src/observe/metrics.ts';
import { createOperation, type Dependencies } from '../../src/observe/operation.ts';

const metrics = openMetrics({
  cacheBytes: () => 0,
  downloadsRunning: () => 0,
  pullRecordsPending: () => 0,
  deliveryLags: () => new Map<string, number>(),
  certificateExpiresAt: undefined,
});

const good: Dependencies = {
  database: async () => true,
  recorder: { isFailing: false },
  directory: { isUpToDate: true },
};

async function ask(path: string, dependencies: Partial<Dependencies>) {
  const { status, body } = (await createOperation({ metrics, dependencies: { ...good, ...dependencies } })(path)) ?? {};
  return [status, JSON.parse(String(body)).status];
}

it.each([
  ['everything that pulls depend on works', {}, 200, 'ready'],
  ['the database does not answer', { database: async () => false }, 503, 'the database does not answer'],
  ['pulls cannot be recorded', { recorder: { isFailing: true } }, 503, 'pulls cannot be recorded'],
  ['changes do not arrive', { directory: { isUpToDate: false } }, 503, 'changes cannot be read from the database'],
])('a gate gets traffic or none: %s', async (_what, dependencies, status, said) => {
  expect(await ask('/readyz', dependencies)).toEqual([status, said]);
  expect(await ask('/healthz', dependencies)).toEqual([200, 'ok']);
});
