import { randomFillSync } from 'node:crypto';

/** Crockford's base 32, lower case: no `i`, `l`, `o`, `u`, so that an id survives being read out loud or typed again. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** Characters of the millisecond in which the id is made. They come round again after a year, which harms nothing. */
const timeLength = 7;
const randomLength = 11;

/** One call of the kernel's generator for some 600 ids: asking it for each would cost more than the rest of a record. */
const pool = Buffer.allocUnsafe(randomLength * 600);
let position = pool.length;

let millisecond = Number.NaN;
let prefix = '';

/**
 * A new id of a decision: the time, then 55 random bits. Whoever has the link of a refusal may read why, so an id must
 * not be guessed from another one. Ids that grow with time make an index of them grow at its end, which is half the cost
 * of storing a record: ids that begin alike, in any order behind that, have each transaction change most of its pages.
 *
 * @param now milliseconds since 1970
 */
export function newDecisionId(now: number = Date.now()): string {
  return timePrefix(now) + randomPart();
}

function timePrefix(now: number): string {
  if (now !== millisecond) {
    millisecond = now;
    prefix = '';
    for (let rest = now; prefix.length < timeLength; rest = Math.floor(rest / 32)) {
      prefix = alphabet.charAt(rest % 32) + prefix;
    }
  }
  return prefix;
}

function randomPart(): string {
  if (position === pool.length) {
    randomFillSync(pool);
    position = 0;
  }
  let text = '';
  for (const end = position + randomLength; position < end; position++) {
    text += alphabet.charAt((pool[position] ?? 0) & 31);
  }
  return text;
}

/** Older ones, which begin with the second, have two characters less. */
const shape = /^[0-9a-hjkmnp-tv-z]{16}(?:[0-9a-hjkmnp-tv-z]{2})?$/;

/** Tells whether a string can be an id, so that a look-up of anything else costs nothing. */
export function isDecisionId(text: string): boolean {
  return shape.test(text);
}
