import { describe, expect, test } from 'vitest';
import { parseByteSize, parseDuration } from '../../src/configuration/quantities.ts';

describe('a size in bytes', () => {
  test.each([
    ['a plain number', 1024, 1024],
    ['digits as text, as the environment gives them', '1024', 1024],
    ['binary units', '50 GiB', 50 * 2 ** 30],
    ['decimal units', '500MB', 500_000_000],
    ['any case', '2 gib', 2 * 2 ** 30],
    ['a fraction', '1.5 KiB', 1536],
    ['bytes by name', '7 B', 7],
    ['zero', 0, 0],
  ])('%s', (_, written, bytes) => {
    expect(parseByteSize(written)).toBe(bytes);
  });

  test.each([
    ['a negative number', -1],
    ['a fraction of a byte', 1.5],
    ['an unknown unit', '5 Gi'],
    ['a unit alone', 'GiB'],
    ['nothing', ''],
    ['a comma', '1,5 GiB'],
    ['more than a number can hold exactly', '99999999 TiB'],
    ['not a number', Number.NaN],
    ['a list', [5]],
    ['the name of something every object has', '5 constructor'],
  ])('is not %s', (_, written) => {
    expect(parseByteSize(written)).toBeUndefined();
  });
});

describe('a time in milliseconds', () => {
  test.each([
    ['milliseconds', '250ms', 250],
    ['seconds', '60s', 60_000],
    ['minutes, with a space', '5 m', 300_000],
    ['a fraction of an hour', '1.5h', 5_400_000],
    ['days', '90d', 7_776_000_000],
    ['weeks', '2w', 1_209_600_000],
    ['a word', '1 day', 86_400_000],
    ['words', '30 minutes', 1_800_000],
    ['short words', '10 secs', 10_000],
    ['zero', '0s', 0],
  ])('%s', (_, written, milliseconds) => {
    expect(parseDuration(written)).toBe(milliseconds);
  });

  test.each([
    ['a number without a unit, which could be anything', 60],
    ['the same as text', '60'],
    ['an unknown unit', '5 months'],
    ['two units', '1h30m'],
    ['a negative time', '-5s'],
    ['nothing', ''],
    ['a plural of a sign', '5 mss'],
  ])('is not %s', (_, written) => {
    expect(parseDuration(written)).toBeUndefined();
  });
});
