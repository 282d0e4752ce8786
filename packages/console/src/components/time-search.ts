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

/** Names each key, also those without a value: the router keeps what an address says of keys that are left out. */
export function parseTimeSearch(search: RawSearch): Required<TimeSearch> {
  const within = oneOf(search, 'within', Object.keys(spans) as Within[]);
  if (within !== undefined) return { within, from: undefined, to: undefined };
  return { within, from: timeIn(search, 'from'), to: timeIn(search, 'to') };
}

/** As the API asks for it. @param now milliseconds since 1970 */
export function rangeOf({ within, from, to }: TimeSearch, now: number): Pick<TimeSearch, 'from' | 'to'> {
  return within === undefined ? { from, to } : { from: new Date(now - spans[within]).toISOString() };
}
