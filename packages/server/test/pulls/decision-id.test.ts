import { expect, test } from 'vitest';
import { isDecisionId, newDecisionId } from '../../src/pulls/decision-id.ts';

test('ids are short, safe in a URL and all different', () => {
  const ids = Array.from({ length: 20_000 }, newDecisionId);
  expect(ids.every((id) => /^[0-9a-z]{13}$/.test(id) && isDecisionId(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every character of an id takes every value: 5 bits each, 65 in all', () => {
  const seen = Array.from({ length: 13 }, () => new Set<string>());
  for (let count = 0; count < 5000; count++) {
    for (const [place, character] of [...newDecisionId()].entries()) seen[place]!.add(character);
  }
  expect(seen.map((values) => values.size)).toEqual(Array(13).fill(32));
});

test.each(['', '0123456789ab', '0123456789abcd', '0123456789abI', '0123456789abl', '0123456789abu', '0123456789ab\n'])(
  '%j is no id',
  (text) => {
    expect(isDecisionId(text)).toBe(false);
  },
);
