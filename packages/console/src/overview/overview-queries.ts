import { queryOptions } from '@tanstack/react-query';
import { client } from '../app/client.ts';

const refetchMilliseconds = 60_000;

/** @param from RFC 3339 */
export const statisticsQuery = (org: string, from: string) =>
  queryOptions({
    queryKey: ['pull-statistics', org, from],
    queryFn: ({ signal }) =>
      client.getPullStatistics({ params: { org }, query: { from, interval: 'hour' } }, { signal }),
    refetchInterval: refetchMilliseconds,
  });

/** @param from RFC 3339: hits and misses of the cache are counted from then on */
export const statusQuery = (from: string) =>
  queryOptions({
    queryKey: ['status', from],
    queryFn: ({ signal }) => client.getStatus({ query: { from } }, { signal }),
    refetchInterval: refetchMilliseconds,
  });

export const lastPolicyChangeQuery = (org: string) =>
  queryOptions({
    queryKey: ['image-access', org, 'versions', 'last'],
    queryFn: async ({ signal }) => {
      const page = await client.listImageAccessVersions({ params: { org }, query: { page_size: 1 } }, { signal });
      return page.results[0] ?? null;
    },
  });

/** What `docker login` is given. */
export const hostQuery = queryOptions({
  queryKey: ['status', 'host'],
  queryFn: async ({ signal }) => (await client.getStatus({}, { signal })).host,
  staleTime: Number.POSITIVE_INFINITY,
});
