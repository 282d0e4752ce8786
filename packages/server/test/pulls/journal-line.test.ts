import fc from 'fast-check';
import { expect, test } from 'vitest';
import { journalLine, recordOfLine, storable } from '../../src/pulls/journal-line.ts';
import { anyPullRecord, pullRecord } from './pull-records.ts';

const record = pullRecord({ id: '1k2j3h4g5f6d7s8a9k' });

test('a line has its values in an order that never changes: it may be read by a gate of another version', () => {
  const line =
    '["10.1.2.3",1790000000000,"community","docker",null,"1k2j3h4g5f6d7s8a9k","GET","manifest","org-acme","alice",' +
    '"person-1",3,"docker.io/evil/miner","category",false,"latest","token-1","deny"]';
  expect(journalLine(record)).toBe(line);
  expect(recordOfLine(line)).toEqual(record);
});

test('a line with names, as older gates left it, is read too', () => {
  expect(recordOfLine(JSON.stringify(record))).toEqual(record);
  expect(recordOfLine(JSON.stringify({ ...record, more: 1 }))).toBeUndefined();
});

test('whatever is in a record comes back, as far as every database can store it', () => {
  fc.assert(
    fc.property(anyPullRecord, (any) => {
      expect(recordOfLine(journalLine(any))).toEqual(storable(any));
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
  const line = journalLine(pullRecord({ person }));
  expect(line).not.toContain('\n');
  expect(recordOfLine(line)?.person).toBe(stored);
});
