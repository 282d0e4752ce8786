import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/pulls/canonical-json.ts';
import { journalLine, recordOfLine } from '../../src/pulls/journal-line.ts';
import { anyPullRecord, pullRecord } from './pull-records.ts';

test('members are sorted by name, as RFC 8785 section 3.2.3 has it', () => {
  const names = Object.keys(JSON.parse(canonicalJson(pullRecord())));
  expect(names).toEqual(Object.keys(pullRecord()).sort());
});

test('the text does not depend on how the record was put together', () => {
  const record = pullRecord();
  const reversed = Object.fromEntries(Object.entries(record).reverse()) as unknown as typeof record;
  expect(canonicalJson(reversed)).toBe(canonicalJson(record));
});

test('a record that was read back from the journal has the same text, whatever was in it', () => {
  fc.assert(
    fc.property(anyPullRecord, (record) => {
      const read = recordOfLine(journalLine(record));
      expect(read && canonicalJson(read)).toBe(canonicalJson(record));
    }),
  );
});

test.each([
  ['a NUL, which PostgreSQL does not store', 'a\0b', 'a\ufffdb'],
  ['half of a surrogate pair, which UTF-8 does not have', 'a\ud800b', 'a\ufffdb'],
  ['a whole surrogate pair', 'a😀b', 'a😀b'],
  ['what looks like an escape', 'a\\u0000b', 'a\\u0000b'],
  ['a line end', 'a\nb', 'a\nb'],
])('%s', (_description, person, stored) => {
  const record = pullRecord({ person });
  const text = canonicalJson(record);
  expect(JSON.parse(text).person).toBe(stored);
  const line = journalLine(record);
  expect([text, line].join()).not.toContain('\n');
  expect(recordOfLine(line)?.person).toBe(stored);
});
