/** What an address has behind its `?`, before anybody looked at it. */
export type RawSearch = Readonly<Record<string, unknown>>;

const mostCharacters = 1100;

/** A text; undefined for what is empty, too long or no text. The router reads `7` as a number, which is a text here. */
export function textIn(search: RawSearch, name: string): string | undefined {
  const value = search[name];
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= mostCharacters ? text : undefined;
}

/** One of the values that are known; undefined for anything else. */
export function oneOf<const Value extends string>(
  search: RawSearch,
  name: string,
  known: readonly Value[],
): Value | undefined {
  return known.find((value) => value === search[name]);
}

/** A time as RFC 3339 writes it; undefined for anything else. */
export function timeIn(search: RawSearch, name: string): string | undefined {
  const text = textIn(search, name);
  return text === undefined || Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString();
}
