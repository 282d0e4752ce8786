import { type Role, roles } from '@pullgate/policy';
import { oneOf, type RawSearch, textIn } from '../app/search-values.ts';
import { pageIn } from '../components/page-number.ts';

/** What the Members page shows. */
export interface MembersSearch {
  /** Members when absent. */
  readonly show?: 'invitations' | undefined;
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
  /** From 2; the first when absent. */
  readonly page?: number | undefined;
}

export function parseMembersSearch(search: RawSearch): MembersSearch {
  return {
    show: oneOf(search, 'show', ['invitations']),
    search: textIn(search, 'search'),
    role: oneOf(search, 'role', roles),
    page: pageIn(search),
  };
}
