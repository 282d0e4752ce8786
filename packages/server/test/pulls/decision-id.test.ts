import { expect, test } from 'vitest';
import { isDecisionId, newDecisionId } from '../../src/pulls/decision-id.ts';

test('ids are short, safe in a URL and all different', () => {
  const ids = Array.from({ length: 20_000 }, () => newDecisionId());
  expect(ids.every((id) => /^[0-9a-z]{18}$/.test(id) && isDecisionId(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test('what follows the time takes every value in every place: 5 bits each, 55 in all', () => {
  const seen = Array.from({ length: 11 }, () => new Set<string>());
  for (let count = 0; count < 5000; count++) {
    for (const [place, character] of [...newDecisionId().slice(7)].entries()) seen[place]!.add(character);
  }
  expect(seen.map((values) => values.size)).toEqual(Array(11).fill(32));
});

test('ids of later milliseconds come later, so that an index of them grows at its end', () => {
  const start = Date.UTC(2026, 10, 1);
  const ids = Array.from({ length: 2000 }, (_, millisecond) => newDecisionId(start + millisecond));
  expect(ids).toEqual(ids.toSorted());
});

test('the older ids, which begin with the second, are still looked up', () => {
  expect(isDecisionId('0123456789abcdef')).toBe(true);
});

test.each([
  '',
  '0123456789abcde',
  '0123456789abcdefg',
  '0123456789abcdefgu',
  '0123456789abcdefghjk',
  '0123456789abcdeI',
  '0123456789abcdel',
  '0123456789abcdeu',
  '0123456789abcde\n',
])('%j is no id', (text) => {
  expect(isDecisionId(text)).toBe(false);
});
