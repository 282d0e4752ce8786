import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../app/client.ts';
import { pageWithin } from '../components/page-number.ts';
import { memberRow, organizationRow, pageSize, personalRow, type TokenPage } from './token-row.ts';

export const ownTokensKey = ['access-tokens', 'own'] as const;

/** All of them: the gate lets a person and an organization have a hundred each. */
const everything = { page_size: 1000 };

export const ownTokensQuery = queryOptions({
  queryKey: ownTokensKey,
  async queryFn({ signal }): Promise<TokenPage> {
    const { count, results } = await client.listPersonalTokens({ query: everything }, { signal });
    return { count, rows: results.map(personalRow) };
  },
});

export const organizationTokensKey = (org: string) => ['access-tokens', 'organization', org] as const;

export const organizationTokensQuery = (org: string) =>
  queryOptions({
    queryKey: organizationTokensKey(org),
    async queryFn({ signal }): Promise<TokenPage> {
      const { total, results } = await client.listOrganizationTokens(
        { params: { org }, query: everything },
        { signal },
      );
      return { count: total, rows: results.map(organizationRow) };
    },
  });

export const organizationTokenQuery = (org: string, id: string) =>
  queryOptions({
    queryKey: ['access-token', org, id],
    queryFn: ({ signal }) => client.getOrganizationToken({ params: { org, id } }, { signal }),
  });

export const memberTokensKey = (org: string) => ['access-tokens', 'members', org] as const;

/** The last page for one that there is not. */
export const memberTokensQuery = (org: string, search: string, page: number) =>
  queryOptions({
    queryKey: [...memberTokensKey(org), search, page],
    async queryFn({ signal }): Promise<TokenPage> {
      const ask = (wanted: number) => {
        const query = { page: wanted, page_size: pageSize, ...(search !== '' && { search }) };
        return client.listMemberTokens({ params: { org }, query }, { signal });
      };
      const asked = await ask(page);
      const shown = pageWithin(page, asked.count, pageSize);
      const { count, results } = shown === page ? asked : await ask(shown);
      return { count, rows: results.map(memberRow) };
    },
    placeholderData: keepPreviousData,
  });

export const tokenRulesQuery = (org: string) =>
  queryOptions({
    queryKey: ['token-rules', org],
    queryFn: ({ signal }) => client.getTokenRules({ params: { org } }, { signal }),
  });

/** What `docker login` is given. */
export const hostQuery = queryOptions({
  queryKey: ['host'],
  queryFn: async ({ signal }) => (await client.getStatus({}, { signal })).host,
  staleTime: Number.POSITIVE_INFINITY,
});
