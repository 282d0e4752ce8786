import { type RawSearch, textIn } from '../app/search-values.ts';
import { parseTimeSearch, rangeOf, type TimeSearch } from '../components/time-search.ts';

/** Which rows of the activity. Everything that is given must hold. */
export interface ActivityFilter extends TimeSearch {
  /** User name, name of a token or of a part of the gate, whole. */
  readonly actor?: string | undefined;
  /** Such as `org.member.add`; those that are part of it are found too. */
  readonly action?: string | undefined;
  /** What was changed, whole. */
  readonly name?: string | undefined;
}

/** What the address of the Activity page says behind its `?`. */
export interface ActivitySearch extends ActivityFilter {
  /** Of the page that is shown; the newest when absent. */
  readonly cursor?: string | undefined;
  /** What the deliveries are searched for. */
  readonly deliveries?: string | undefined;
}

/** What cannot be meant is left out: an address that somebody changed still shows the page. */
export function parseActivitySearch(search: RawSearch): ActivitySearch {
  return {
    ...parseTimeSearch(search),
    actor: textIn(search, 'actor'),
    action: textIn(search, 'action'),
    name: textIn(search, 'name'),
    cursor: textIn(search, 'cursor'),
    deliveries: textIn(search, 'deliveries'),
  };
}

/** As the API asks for it. @param now milliseconds since 1970, where the last hour ends */
export function activityQueryOf({ actor, action, name, ...search }: ActivityFilter, now: number) {
  return { actor, action, name, ...rangeOf(search, now) };
}
