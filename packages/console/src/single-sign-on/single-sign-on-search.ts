import { type RawSearch, textIn } from '../app/search-values.ts';

/** What the lists of the page are searched for, in its address. */
export interface SingleSignOnSearch {
  readonly domains?: string | undefined;
  readonly providers?: string | undefined;
}

export function parseSingleSignOnSearch(raw: RawSearch): SingleSignOnSearch {
  return { domains: textIn(raw, 'domains'), providers: textIn(raw, 'providers') };
}
