import { expect, test } from 'vitest';
import { closest } from '../../src/configuration/suggestion.ts';

const settings = ['host', 'port', 'tag_ttl', 'max_bytes', 'trusted_proxies'];

test.each([
  ['prot', 'port'],
  ['Port', 'port'],
  ['tagttl', 'tag_ttl'],
  ['trusted_proxys', 'trusted_proxies'],
  ['maxBytes', 'max_bytes'],
])('%s was meant as %s', (written, meant) => {
  expect(closest(written, settings)).toBe(meant);
});

test('a word that resembles nothing gets no suggestion', () => {
  expect(closest('certificate', settings)).toBeUndefined();
});
