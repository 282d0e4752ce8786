import { oneOf, type RawSearch, textIn } from '../app/search-values.ts';
import { pageIn } from '../components/page-number.ts';

const tabs = ['mine', 'organization', 'members', 'rules'] as const;
export type Tab = (typeof tabs)[number];

export interface AccessTokensSearch {
  /** One's own tokens when absent. */
  readonly tab?: Tab | undefined;
  /** In labels, and in what else the list tells. */
  readonly search?: string | undefined;
  /** From 1, which is left out. */
  readonly page?: number | undefined;
}

/** Names each key, also those without a value: the router keeps what an address says of keys that are left out. */
export function parseAccessTokensSearch(raw: RawSearch): AccessTokensSearch {
  const tab = oneOf(raw, 'tab', tabs);
  return {
    tab: tab === 'mine' ? undefined : tab,
    search: tab === 'rules' ? undefined : textIn(raw, 'search'),
    page: pageIn(raw),
  };
}
