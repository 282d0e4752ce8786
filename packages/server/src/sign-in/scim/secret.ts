import { createHash, randomBytes } from 'node:crypto';

const secretBytes = 32;
const shape = /^pgs_[\w-]{43}$/;

/** Like other tokens of the gate, so that it is kept out of logs like them. */
export function newScimSecret(): string {
  return `pgs_${randomBytes(secretBytes).toString('base64url')}`;
}

export function looksLikeScimSecret(text: string): boolean {
  return shape.test(text);
}

/** Lower-case hex SHA-256. Nobody guesses 256 bits, so a fast hash serves. */
export function hashScimSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
