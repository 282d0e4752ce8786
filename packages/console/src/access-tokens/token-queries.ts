import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../app/client.ts';
import { memberRow, organizationRow, personalRow, type TokenPage } from './token-row.ts';

export const pageSize = 25;

export const ownTokensKey = ['access-tokens', 'own'] as const;

export const ownTokensQuery = (page: number) =>
  queryOptions({
    queryKey: [...ownTokensKey, page],
    async queryFn({ signal }): Promise<TokenPage> {
      const query = { page, page_size: pageSize };
      const { count, results } = await client.listPersonalTokens({ query }, { signal });
      return { count, rows: results.map(personalRow) };
    },
    placeholderData: keepPreviousData,
  });

export const organizationTokensKey = (org: string) => ['access-tokens', 'organization', org] as const;

export const organizationTokensQuery = (org: string, page: number) =>
  queryOptions({
    queryKey: [...organizationTokensKey(org), page],
    async queryFn({ signal }): Promise<TokenPage> {
      const query = { page, page_size: pageSize };
      const { total, results } = await client.listOrganizationTokens({ params: { org }, query }, { signal });
      return { count: total, rows: results.map(organizationRow) };
    },
    placeholderData: keepPreviousData,
  });

export const organizationTokenQuery = (org: string, id: string) =>
  queryOptions({
    queryKey: ['access-token', org, id],
    queryFn: ({ signal }) => client.getOrganizationToken({ params: { org, id } }, { signal }),
  });

export const memberTokensKey = (org: string) => ['access-tokens', 'members', org] as const;

export const memberTokensQuery = (org: string, search: string, page: number) =>
  queryOptions({
    queryKey: [...memberTokensKey(org), search, page],
    async queryFn({ signal }): Promise<TokenPage> {
      const query = { page, page_size: pageSize, ...(search !== '' && { search }) };
      const { count, results } = await client.listMemberTokens({ params: { org }, query }, { signal });
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
