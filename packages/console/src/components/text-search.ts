import { type RawSearch, textIn } from '../app/search-values.ts';

/** What the only list of a page is searched for, in the page's address. */
export interface TextSearch {
  readonly search?: string | undefined;
}

/** Reads it from an address, which anybody may have written: the key is named even if there is nothing good in it. */
export function parseTextSearch(raw: RawSearch): TextSearch {
  return { search: textIn(raw, 'search') };
}
