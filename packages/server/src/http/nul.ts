/** In a JSON text, after an even number of backslashes: `\\u0000` is six letters. */
const escaped = /(?<!\\)(?:\\\\)*\\u0000/;

/** Whether a text of a JSON document holds a NUL, which PostgreSQL keeps in no text and nobody means. */
export function holdsNul(json: string): boolean {
  return escaped.test(json);
}

export const nulRefused = 'A text here holds a NUL character, which cannot be kept. Leave it out.';
