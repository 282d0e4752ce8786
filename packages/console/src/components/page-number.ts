import type { RawSearch } from '../app/search-values.ts';

/** The page of a list in an address; undefined for the first. */
export function pageIn({ page }: RawSearch): number | undefined {
  return typeof page === 'number' && Number.isSafeInteger(page) && page > 1 ? page : undefined;
}

/** For an address: the first page is not in it. */
export function pageForAddress(page: number): number | undefined {
  return page === 1 ? undefined : page;
}
