import { oneOf, type RawSearch } from '../app/search-values.ts';

export const periods = ['day', 'week', 'month'] as const;

export type Period = (typeof periods)[number];

/** What the address of the overview says behind its `?`. */
export interface OverviewSearch {
  /** The last week when absent. */
  readonly period?: Period | undefined;
}

export function parseOverviewSearch(search: RawSearch): OverviewSearch {
  return { period: oneOf(search, 'period', periods) };
}
