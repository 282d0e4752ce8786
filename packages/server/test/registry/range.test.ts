import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveRange } from '../../src/registry/range.ts';

describe('a range of 100 bytes', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=0-99', { start: 0, end: 99 }],
    ['bytes=10-', { start: 10, end: 99 }],
    ['bytes=99-', { start: 99, end: 99 }],
    ['bytes=-1', { start: 99, end: 99 }],
    ['bytes=-100', { start: 0, end: 99 }],
    // Longer than the blob: as far as it goes (RFC 9110 section 14.1.2).
    ['bytes=50-1000', { start: 50, end: 99 }],
    ['bytes=-1000', { start: 0, end: 99 }],
    ['bytes=007-008', { start: 7, end: 8 }],
    // The unit is case-insensitive (section 14.1).
    ['Bytes=1-2', { start: 1, end: 2 }],
  ])('%s is a part', (header, expected) => {
    expect(resolveRange(header, 100)).toEqual(expected);
  });

  it.each([
    ['no header', undefined],
    ['nothing', ''],
    ['no ends', 'bytes=-'],
    ['another unit', 'lines=0-1'],
    ['several ranges', 'bytes=0-1,5-6'],
    ['the same range twice', 'bytes=0-1,0-1'],
    ['a space', 'bytes= 0-1'],
    ['a sign', 'bytes=+1-2'],
    ['a fraction', 'bytes=1.5-2'],
    ['hexadecimal', 'bytes=0x1-0x2'],
    ['a number too large to count with', 'bytes=0-9999999999999999'],
    ['more after it', 'bytes=0-1;'],
    ['more before it', ' bytes=0-1'],
    ['a line break', 'bytes=0-1\n'],
  ])('that is none is ignored: %s', (_what, header) => {
    expect(resolveRange(header, 100)).toBe('whole');
  });

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=5-4', 'bytes=-0', 'bytes=-00'])('%s cannot be satisfied', (header) => {
    expect(resolveRange(header, 100)).toBe('unsatisfiable');
  });
});

it.each(['bytes=0-', 'bytes=0-0', 'bytes=-1', 'bytes=5-'])('an empty blob has no part: %s', (header) => {
  expect(resolveRange(header, 0)).toBe('whole');
});

it('never leads outside of the blob, and never throws', () => {
  const number = fc.oneof(fc.constant(''), fc.maxSafeNat().map(String), fc.stringMatching(/^\d{0,20}$/));
  const header = fc.oneof(
    fc.string(),
    fc.tuple(number, number).map(([first, last]) => `bytes=${first}-${last}`),
  );
  fc.assert(
    fc.property(header, fc.maxSafeNat(), (text, size) => {
      const range = resolveRange(text, size);
      if (typeof range === 'string') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.end).toBeLessThan(size);
    }),
  );
});
