const tabs = ['mine', 'organization', 'members', 'rules'] as const;
export type Tab = (typeof tabs)[number];

export interface AccessTokensSearch {
  /** One's own tokens when absent. */
  readonly tab?: Tab;
  /** Of members' tokens: in user names and labels. */
  readonly search?: string;
  /** From 1, which is left out. */
  readonly page?: number;
}

export function parseAccessTokensSearch({ tab, search, page }: Record<string, unknown>): AccessTokensSearch {
  const known = tabs.find((one) => one === tab && one !== 'mine');
  const number = Math.trunc(Number(page));
  return {
    ...(known && { tab: known }),
    ...(known === 'members' && typeof search === 'string' && search !== '' && { search: search.slice(0, 200) }),
    ...(number > 1 && { page: number }),
  };
}
