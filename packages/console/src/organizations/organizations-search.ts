import { type RawSearch, textIn } from '../app/search-values.ts';

/** What the address of the organizations page says behind its `?`. */
export interface OrganizationsSearch {
  /** Show the list also to who is in one organization only, and would be led there. */
  readonly all?: true | undefined;
  readonly search?: string | undefined;
}

export function parseOrganizationsSearch(raw: RawSearch): OrganizationsSearch {
  return { all: raw['all'] === true ? true : undefined, search: textIn(raw, 'search') };
}
