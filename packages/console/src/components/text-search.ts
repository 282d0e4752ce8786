/** What a list is searched for, in the page's address. */
export interface TextSearch {
  readonly search?: string;
}

const maxLength = 200;

/** Reads it from an address, which anybody may have written. */
export function parseTextSearch({ search }: Readonly<Record<string, unknown>>): TextSearch {
  return typeof search === 'string' && search !== '' ? { search: search.slice(0, maxLength) } : {};
}

/** For the address: an empty search is none. */
export function textSearch(search: string): TextSearch {
  return parseTextSearch({ search: search.trim() });
}
