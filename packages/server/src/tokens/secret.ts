import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const tokenPrefixes = { personal: 'pgp_', organization: 'pgo_', invitation: 'pgi_' } as const;
type TokenKind = keyof typeof tokenPrefixes;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 30 characters of 62 are 178 random bits. */
const randomLength = 30;
/** 62^6 is more than 2^32. */
const checksumLength = 6;
const shape = new RegExp(`^pg[po]_[0-9A-Za-z]{${randomLength + checksumLength}}$`);

/** A new token's text: prefix, random part, checksum. It is shown once and never stored. */
export function newToken(kind: TokenKind): string {
  const random = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  const body = tokenPrefixes[kind] + random;
  return body + checksum(body);
}

/**
 * Tells a token of ours from a typo and from anybody else's, without a look-up. Secret scanners can do the same: the
 * last six characters are the CRC-32 of the rest in base 62, as in GitHub's tokens.
 */
export function looksLikeToken(text: string): boolean {
  return shape.test(text) && text.endsWith(checksum(text.slice(0, -checksumLength)));
}

/**
 * Lower-case hex SHA-256 of a token: what is stored and looked up. A fast hash serves, since nobody can guess 178 bits,
 * and a look-up by hash gives no timing away about the secret.
 */
export function hashToken(token: string): string {
  return hash('sha256', token);
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let place = 0; place < checksumLength; place++) {
    text = alphabet.charAt(rest % alphabet.length) + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}
