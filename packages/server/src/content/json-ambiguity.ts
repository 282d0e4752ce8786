/** Deeper than any manifest of a known type, and shallow enough for every parser. */
const maxDepth = 32;

/** An object or a list whose end was not seen yet. */
interface Open {
  /** So far; none in a list. */
  readonly keys: Set<string>;
  lastKey: string | undefined;
  /** Annotations are a map with keys of the author's choice. */
  readonly isMap: boolean;
}

/**
 * Tells in what way parsers could disagree about a text that `JSON.parse` has accepted, as the end of a sentence that
 * begins with "it". JSON leaves open which of two equal keys counts, and Go, in which clients are written, also takes
 * `LAYERS` for `layers`: what was inspected here must be what they read. `names` may be spelled in one way only.
 */
export function findAmbiguity(json: string, names: ReadonlySet<string>): string | undefined {
  const folded = new Map([...names].map((name) => [fold(name), name]));
  const open: Open[] = [];
  for (const token of tokensOf(json)) {
    const inner = open.at(-1);
    if (token === '}' || token === ']') open.pop();
    else if (token === '{' || token === '[') {
      if (open.length === maxDepth) return 'is nested too deeply';
      open.push({ keys: new Set(), lastKey: undefined, isMap: inner?.lastKey === 'annotations' });
    } else if (inner !== undefined) {
      const key = keyOf(token);
      if (inner.keys.has(key)) return 'holds a key twice';
      if (!inner.isMap && (folded.get(fold(key)) ?? key) !== key) return 'holds a key in an unusual spelling';
      inner.keys.add(key);
      inner.lastKey = key;
    }
  }
  return undefined;
}

function keyOf(token: string): string {
  return token.includes('\\') ? JSON.parse(token) : token.slice(1, -1);
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openingBracket = 0x5b;
const brackets = new Map([...'{}[]'].map((bracket) => [bracket.charCodeAt(0), bracket]));

/** Brackets, and keys with their quotes. By character codes: a manifest may have four million of them. */
function* tokensOf(json: string): Generator<string, void> {
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) {
      const end = endOfString(json, at);
      if (isKey(json, end)) yield json.slice(at, end);
      at = end - 1;
    } else if (code >= openingBracket) {
      const bracket = brackets.get(code);
      if (bracket !== undefined) yield bracket;
    }
  }
}

/** The index after the closing quote of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  for (let code = json.charCodeAt(at); code !== quote; code = json.charCodeAt(at)) at += code === backslash ? 2 : 1;
  return at + 1;
}

function isKey(json: string, end: number): boolean {
  let at = end;
  while (json.charCodeAt(at) <= 0x20) at++;
  return json.charCodeAt(at) === colon;
}

/** Go's `encoding/json` folds as Unicode does: the long s and the Kelvin sign are among its s and k. */
function fold(key: string): string {
  return key.toUpperCase().toLowerCase();
}
