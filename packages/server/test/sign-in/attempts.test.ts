import { describe, expect, it } from 'vitest';
import { attemptLimits, createAttempts } from '../../src/sign-in/attempts.ts';

/** Tries that fail, and gives how many of them were let through. */
function fail(attempts: ReturnType<typeof createAttempts>, tries: Iterable<readonly [account: string, from: string]>) {
  let begun = 0;
  for (const [account, address] of tries) if ('succeeded' in attempts.begin(account, address)) begun++;
  return begun;
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('wrong passwords', () => {
  it.each<[string, number, (n: number) => readonly [string, string]]>([
    ['of one account from one address', attemptLimits.both, () => ['alice', '192.0.2.1']],
    ['in any case', attemptLimits.both, (n) => [n % 2 ? 'Alice' : 'ALICE', '192.0.2.1']],
    ['from one IPv6 network', attemptLimits.both, (n) => ['alice', `2001:db8::${n.toString(16)}`]],
    ['of one account from many addresses', attemptLimits.account, (n) => ['alice', `192.0.2.${n}`]],
    ['from one address for many accounts', attemptLimits.address, (n) => [`a${n}`, '192.0.2.1']],
  ])('are limited: %s', (_what, limit, tryOf) => {
    expect(
      fail(
        createAttempts(() => 0),
        times(200).map(tryOf),
      ),
    ).toBe(limit);
  });

  it('stay counted however many names one address makes up', () => {
    const attempts = createAttempts(() => 0);
    fail(
      attempts,
      times(50).map((n) => ['alice', `192.0.2.${n}`] as const),
    );
    fail(
      attempts,
      times(200_000).map((n) => [`made-up-${n}`, '198.51.100.1'] as const),
    );
    expect(attempts.begin('alice', '203.0.113.1')).toMatchObject({ retryAfterSeconds: 900 });
  });
});
