import { expect, it } from 'vitest';
import { createUpstreamHealth } from '../../src/observe/upstream-health.ts';

it('knows nothing of a registry that was never asked', () => {
  expect(createUpstreamHealth(['docker.io'], () => 1).states()).toEqual([
    { registry: 'docker.io', state: 'unknown', lastSuccessAt: null, lastFailureAt: null, lastError: null },
  ]);
});

it('goes by the newest answer, and keeps when and why it last failed', () => {
  let now = 1;
  const health = createUpstreamHealth(['docker.io', 'ghcr.io'], () => now);
  health.failed('docker.io', 'unavailable');
  const [hub] = health.states();
  expect(hub).toMatchObject({ state: 'down', lastFailureAt: 1, lastSuccessAt: null, lastError: 'It does not answer.' });
  now = 2;
  health.succeeded('docker.io');
  expect(health.states()).toMatchObject([
    { registry: 'docker.io', state: 'up', lastFailureAt: 1, lastSuccessAt: 2 },
    { registry: 'ghcr.io', state: 'unknown' },
  ]);
});

it.each([
  ['not-found', 'up'],
  ['unavailable', 'down'],
  ['rate-limited', 'down'],
  ['untrustworthy', 'down'],
  ['upstream-denied', 'down'],
] as const)('takes %s for a registry that is %s', (code, state) => {
  const health = createUpstreamHealth(['docker.io'], () => 1);
  health.failed('docker.io', code);
  expect(health.states()).toMatchObject([{ state }]);
});

it('keeps no registry that it was not told of', () => {
  const health = createUpstreamHealth([], () => 1);
  health.succeeded('evil.test');
  expect(health.states()).toEqual([]);
});

it('tells when a registry begins to fail and when it answers again, not each time', () => {
  const told: [string, string | null][] = [];
  const health = createUpstreamHealth(
    ['docker.io'],
    () => 1,
    (...change) => told.push(change),
  );
  health.succeeded('docker.io');
  health.failed('docker.io', 'unavailable');
  health.failed('docker.io', 'untrustworthy');
  health.failed('evil.test', 'unavailable');
  health.succeeded('docker.io');
  health.failed('docker.io', 'not-found');
  expect(told).toEqual([
    ['docker.io', 'It does not answer.'],
    ['docker.io', null],
  ]);
});
