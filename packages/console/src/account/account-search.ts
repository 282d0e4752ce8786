import { type RawSearch, textIn } from '../app/search-values.ts';

/** What the lists of the page are searched for, in its address. */
export interface AccountSearch {
  readonly passkeys?: string | undefined;
  readonly sessions?: string | undefined;
}

export function parseAccountSearch(raw: RawSearch): AccountSearch {
  return { passkeys: textIn(raw, 'passkeys'), sessions: textIn(raw, 'sessions') };
}
