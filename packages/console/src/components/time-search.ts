import { oneOf, type RawSearch, timeIn } from '../app/search-values.ts';

/** Spans that end now, in milliseconds. */
const spans = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;

export type Within = keyof typeof spans;

/** A range of time in an address: the last so much, or from and to (RFC 3339), either of which may be open. */
export interface TimeSearch {
  readonly within?: Within | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function parseTimeSearch(search: RawSearch): TimeSearch {
  const within = oneOf(search, 'within', Object.keys(spans) as Within[]);
  return within === undefined ? { from: timeIn(search, 'from'), to: timeIn(search, 'to') } : { within };
}

/** As the API asks for it. @param now milliseconds since 1970 */
export function rangeOf({ within, from, to }: TimeSearch, now: number): Pick<TimeSearch, 'from' | 'to'> {
  return within === undefined ? { from, to } : { from: new Date(now - spans[within]).toISOString() };
}
