import type { RawSearch } from '../app/search-values.ts';

/** What the address of the organizations page says behind its `?`. */
export interface OrganizationsSearch {
  /** Show the list also to who is in one organization only, and would be led there. */
  readonly all?: true | undefined;
}

export function parseOrganizationsSearch({ all }: RawSearch): OrganizationsSearch {
  return { all: all === true ? true : undefined };
}
