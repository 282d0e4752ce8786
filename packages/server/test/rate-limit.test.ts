import { expect, it } from 'vitest';
import { allowanceHeaders, createRateLimit } from '../src/rate-limit.ts';

const start = 1_800_000_000_500;

it('counts each caller on its own, and says what is left', () => {
  const limit = createRateLimit(() => start);
  expect(limit.take('a', 2)).toEqual({ limit: 2, remaining: 1, resetAt: start + 60_000, exceeded: false });
  expect(limit.take('b', 2).remaining).toBe(1);
  expect(limit.take('a', 2)).toMatchObject({ remaining: 0, exceeded: false });
  expect(limit.take('a', 2)).toMatchObject({ remaining: 0, exceeded: true });
});

it('begins anew when the minute is over, not earlier', () => {
  let now = start;
  const limit = createRateLimit(() => now);
  limit.take('a', 1);
  now += 59_999;
  expect(limit.take('a', 1).exceeded).toBe(true);
  now += 1;
  expect(limit.take('a', 1)).toMatchObject({ exceeded: false, resetAt: now + 60_000 });
});

it('tells the end of the minute as a Unix time, in whole seconds', () => {
  const headers = allowanceHeaders({ limit: 180, remaining: 7, resetAt: start, exceeded: false });
  expect(headers).toEqual({
    'X-RateLimit-Limit': '180',
    'X-RateLimit-Remaining': '7',
    'X-RateLimit-Reset': '1800000001',
  });
});
