import { type RawSearch, textIn } from '../app/search-values.ts';

/** What the address of the Image access page says behind its `?`. */
export interface ImageAccessSearch {
  /** Full name of a repository that an owner came here to allow: it is in the draft, and counts when that is saved. */
  readonly allow?: string | undefined;
  /** What the versions are searched for. */
  readonly versions?: string | undefined;
}

export function parseImageAccessSearch(search: RawSearch): ImageAccessSearch {
  return { allow: textIn(search, 'allow'), versions: textIn(search, 'versions') };
}
