import { randomFillSync } from 'node:crypto';

/** Crockford's base 32, lower case: no `i`, `l`, `o`, `u`, so that an id survives being read out loud or typed again. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 13;

/** One call of the kernel's generator for some 600 ids: asking it for each would cost more than the rest of a record. */
const pool = Buffer.allocUnsafe(length * 630);
let position = pool.length;

/**
 * A new id of a decision: 13 characters, 65 random bits. Whoever has the link of a refusal may read why, so an id must
 * not be guessed from another one.
 */
export function newDecisionId(): string {
  if (position === pool.length) {
    randomFillSync(pool);
    position = 0;
  }
  let id = '';
  for (const end = position + length; position < end; position++) {
    id += alphabet.charAt((pool[position] ?? 0) & 31);
  }
  return id;
}

const shape = /^[0-9a-hjkmnp-tv-z]{13}$/;

/** Tells whether a string can be an id, so that a look-up of anything else costs nothing. */
export function isDecisionId(text: string): boolean {
  return shape.test(text);
}
