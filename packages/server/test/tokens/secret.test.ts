import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashToken, looksLikeToken, newToken } from '../../src/tokens/secret.ts';

describe('the text of a token', () => {
  it.each([
    ['personal', 'pgp_'],
    ['organization', 'pgo_'],
  ] as const)('of kind %s begins with %s and is recognized', (kind, prefix) => {
    const token = newToken(kind);
    expect(token).toMatch(new RegExp(`^${prefix}[0-9A-Za-z]{36}$`));
    expect(looksLikeToken(token)).toBe(true);
  });

  it('holds at least 160 random bits: 30 characters of 62, each place using all of them', () => {
    expect(30 * Math.log2(62)).toBeGreaterThan(160);
    const tokens = Array.from({ length: 2_000 }, () => newToken('personal'));
    expect(new Set(tokens).size).toBe(tokens.length);
    for (let place = 4; place < 34; place++) {
      expect(new Set(tokens.map((token) => token[place])).size, `place ${place}`).toBe(62);
    }
  });

  it('is not recognized after any one character was mistyped', () => {
    const token = newToken('personal');
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'0AaZz9_-'), (place, character) => {
        fc.pre(token[place] !== character);
        expect(looksLikeToken(token.slice(0, place) + character + token.slice(place + 1))).toBe(false);
      }),
    );
  });

  it('of one kind does not pass for the other', () => {
    expect(looksLikeToken(newToken('personal').replace('pgp_', 'pgo_'))).toBe(false);
  });

  it('is the whole text', () => {
    const token = newToken('organization');
    for (const text of ['', 'pgp_', token.slice(1), `${token}\n`, ` ${token}`, `${token}0`, token.slice(0, -1)]) {
      expect(looksLikeToken(text), JSON.stringify(text)).toBe(false);
    }
  });

  it('is hashed with SHA-256, in lower-case hex', () => {
    expect(hashToken('pgp_x')).toBe(createHash('sha256').update('pgp_x').digest('hex'));
  });
});
