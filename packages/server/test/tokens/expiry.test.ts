import { describe, expect, it } from 'vitest';
import { readExpiry } from '../../src/tokens/expiry.ts';

describe('the time at which a token expires', () => {
  it.each([
    ['2027-01-31T23:59:59Z', '2027-01-31T23:59:59.000Z'],
    ['2027-01-31t23:59:59z', '2027-01-31T23:59:59.000Z'],
    ['2027-01-31T23:59:59.5Z', '2027-01-31T23:59:59.500Z'],
    ['2027-01-31T23:59:59.504110Z', '2027-01-31T23:59:59.504Z'],
    ['2027-01-31T23:59:59+02:00', '2027-01-31T21:59:59.000Z'],
    ['2028-02-29T00:00:00-00:30', '2028-02-29T00:30:00.000Z'],
  ])('%s is kept as it was given', (text, meant) => {
    const { at, text: kept } = readExpiry(text);
    expect(new Date(at ?? 0).toISOString()).toBe(meant);
    expect(kept).toBe(text);
  });

  it.each([1_800_000_000_000, null])('can be %s', (given) => {
    expect(readExpiry(given)).toEqual({ at: given, text: null });
  });

  it.each([
    '',
    'tomorrow',
    '2027-01-31',
    '2027-01-31T23:59:59',
    '2027-01-31 23:59:59Z',
    '2027-02-29T00:00:00Z',
    '2027-13-01T00:00:00Z',
    '2027-00-01T00:00:00Z',
    '2027-01-00T00:00:00Z',
    '2027-01-31T25:00:00Z',
    '2027-01-31T23:59:59Z\n',
    ' 2027-01-31T23:59:59Z',
    '2027-01-31T23:59:59.1234567890Z',
    '1800000000000',
    '+002027-01-31T23:59:59Z',
  ])('cannot be %j', (text) => {
    expect(() => readExpiry(text)).toThrow(expect.objectContaining({ code: 'invalid-input', field: 'expiresAt' }));
  });
});
