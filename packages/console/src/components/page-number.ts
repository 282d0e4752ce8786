import type { RawSearch } from '../app/search-values.ts';

/** The page of a list in an address; undefined for the first. */
export function pageIn({ page }: RawSearch): number | undefined {
  return typeof page === 'number' && Number.isSafeInteger(page) && page > 1 ? page : undefined;
}

/** For an address: the first page is not in it. */
export function pageForAddress(page: number): number | undefined {
  return page === 1 ? undefined : page;
}

/** The page that is asked for, or the last one where there are not so many: items may have gone. @param page from 1 */
export function pageWithin(page: number, count: number, pageSize: number): number {
  return Math.min(page, Math.max(1, Math.ceil(count / pageSize)));
}

/** What of a whole list is on a page that there is. @param page from 1 */
export function itemsOfPage<Item>(items: readonly Item[], page: number, pageSize: number): readonly Item[] {
  return items.slice((page - 1) * pageSize, page * pageSize);
}
