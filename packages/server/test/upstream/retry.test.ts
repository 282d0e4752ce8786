import { describe, expect, test } from 'vitest';
import { ContentError } from '../../src/content/content-error.ts';
import { retryAfterSeconds } from '../../src/upstream/http-failure.ts';
import { retrying, TransientError } from '../../src/upstream/retry.ts';

const plan = { attempts: 3, delayMs: 1, budgetMs: 60_000 };

async function run(failures: Error[], given = plan): Promise<{ tries: number; outcome: unknown }> {
  let tries = 0;
  const attempt = async (): Promise<string> => {
    const failure = failures[tries++];
    if (failure !== undefined) throw failure;
    return 'content';
  };
  const outcome = await retrying(given, attempt).catch((error: unknown) => error);
  return { tries, outcome };
}

describe('what may pass within a second is tried again', () => {
  const passing = new TransientError('docker.io is not available (503).');

  test('until it succeeds', async () => {
    expect(await run([passing, passing])).toEqual({ tries: 3, outcome: 'content' });
  });

  test('three times at most, and then the last failure is told', async () => {
    expect(await run([passing, passing, passing, passing])).toEqual({ tries: 3, outcome: passing });
  });

  test('not at all when the time is used up: the client would have given up', async () => {
    expect(await run([passing], { ...plan, budgetMs: 0 })).toEqual({ tries: 1, outcome: passing });
  });

  test.each(['not-found', 'rate-limited', 'unavailable', 'untrustworthy', 'upstream-denied'] as const)(
    'other failures are told at once: %s',
    async (code) => {
      const failure = new ContentError(code, 'no');
      expect(await run([failure])).toEqual({ tries: 1, outcome: failure });
    },
  );
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  test.each<[string, string | string[] | undefined, number | undefined]>([
    ['seconds', '30', 30],
    ['a date', 'Thu, 01 Jan 2026 00:01:00 GMT', 60],
    ['a date in the past', 'Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['more than a day', '999999', 86_400],
    ['a date years ahead', 'Thu, 01 Jan 2099 00:00:00 GMT', 86_400],
    ['nonsense', 'soon', undefined],
    ['a negative number', '-5', undefined],
    ['nothing', undefined, undefined],
    ['two headers', ['1', '2'], undefined],
  ])('as %s', (_, header, expected) => {
    expect(retryAfterSeconds(header, now)).toBe(expected);
  });
});
