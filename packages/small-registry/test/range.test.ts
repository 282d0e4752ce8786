import { describe, expect, test } from 'vitest';
import { resolveRange } from '../src/range.ts';

describe('a range of ten bytes', () => {
  test.each([
    ['no header', undefined, undefined],
    ['first and last byte', 'bytes=2-4', { start: 2, end: 5 }],
    ['from a byte on', 'bytes=7-', { start: 7, end: 10 }],
    ['the last bytes', 'bytes=-3', { start: 7, end: 10 }],
    ['an end past the end is clamped', 'bytes=8-99', { start: 8, end: 10 }],
    ['more last bytes than there are', 'bytes=-99', { start: 0, end: 10 }],
    ['a start past the end', 'bytes=10-', 'unsatisfiable'],
    ['an end before the start', 'bytes=5-0', 'unsatisfiable'],
    ['the last zero bytes', 'bytes=-0', 'unsatisfiable'],
    ['several ranges may be ignored', 'bytes=0-1,4-5', undefined],
    ['other units may be ignored', 'lines=0-1', undefined],
    ['nothing between', 'bytes=-', undefined],
  ] as const)('%s', (_description, header, expected) => {
    expect(resolveRange(header, 10)).toEqual(expected);
  });
});
