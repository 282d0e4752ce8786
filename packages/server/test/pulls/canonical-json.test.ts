import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/pulls/canonical-json.ts';
import { pullRecord } from './pull-records.ts';

test('members are sorted by name, as RFC 8785 section 3.2.3 has it', () => {
  const names = Object.keys(JSON.parse(canonicalJson(pullRecord())));
  expect(names).toEqual(Object.keys(pullRecord()).sort());
});

test('the text does not depend on how the record was put together', () => {
  const record = pullRecord();
  const reversed = Object.fromEntries(Object.entries(record).reverse()) as unknown as typeof record;
  expect(canonicalJson(reversed)).toBe(canonicalJson(record));
});
