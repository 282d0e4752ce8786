import { expect, it } from 'vitest';
import { createCacheUse } from '../../src/observe/cache-use.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** 2026-03-18T10:20:00Z */
const start = 1_773_829_200_000;

it('has counted nothing at the start', () => {
  expect(createCacheUse(() => start).counted()).toEqual({ since: start, hits: 0, misses: 0 });
});

it('counts what was served stale as a hit: it came from the cache', () => {
  const use = createCacheUse(() => start);
  for (const result of ['hit', 'hit', 'stale', 'miss'] as const) use.count(result);
  expect(use.counted()).toEqual({ since: start, hits: 3, misses: 1 });
});

it('counts from the beginning of an hour on, and says which', () => {
  let now = start;
  const use = createCacheUse(() => now);
  use.count('miss');
  now = start + hour;
  use.count('hit');
  now = start + 2 * hour;
  use.count('hit');
  const second = Math.floor((start + hour) / hour) * hour;
  expect(use.counted(second + 59 * 60_000)).toEqual({ since: second, hits: 2, misses: 0 });
  expect(use.counted(start + 2 * hour)).toMatchObject({ hits: 1, misses: 0 });
});

it('says that it began later than what is asked for', () => {
  const use = createCacheUse(() => start);
  use.count('hit');
  expect(use.counted(start - 7 * day)).toEqual({ since: start, hits: 1, misses: 0 });
});

it('keeps a month, and says so', () => {
  let now = start;
  const use = createCacheUse(() => now);
  for (let hours = 0; hours < 40 * 24; hours++) {
    now = start + hours * hour;
    use.count('hit');
  }
  const { since, hits } = use.counted();
  expect(hits).toBe(31 * 24 + 1);
  expect(now - since).toBeLessThanOrEqual(31 * day + hour);
  expect(now - since).toBeGreaterThanOrEqual(31 * day);
});

it('forgets an hour that is older than a month also when nothing came since', () => {
  let now = start;
  const use = createCacheUse(() => now);
  use.count('hit');
  now = start + 40 * day;
  expect(use.counted()).toMatchObject({ hits: 0, misses: 0 });
});

it('goes on counting when the clock is set back', () => {
  let now = start;
  const use = createCacheUse(() => now);
  use.count('hit');
  now = start - 2 * hour;
  use.count('miss');
  now = start;
  expect(use.counted()).toMatchObject({ hits: 1, misses: 1 });
});
