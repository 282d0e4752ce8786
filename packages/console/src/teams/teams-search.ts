import { type RawSearch, textIn } from '../app/search-values.ts';
import { pageIn } from '../components/page-number.ts';

/** What a list of teams, or of one team's members, shows. */
export interface TeamsSearch {
  readonly search?: string | undefined;
  /** From 2; the first when absent. */
  readonly page?: number | undefined;
}

export function parseTeamsSearch(search: RawSearch): TeamsSearch {
  return { search: textIn(search, 'search'), page: pageIn(search) };
}
