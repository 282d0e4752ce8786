import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../app/client.ts';
import { mostRowsOfPage } from '../components/data-grid.tsx';
import { type ActivityFilter, activityQueryOf } from './activity-search.ts';

export const activityQuery = (org: string, filter: ActivityFilter, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['activity', org, filter, cursor],
    queryFn: ({ signal }) => {
      const query = { ...activityQueryOf(filter, Date.now()), cursor, limit: mostRowsOfPage };
      return client.listActivity({ params: { org }, query }, { signal });
    },
    placeholderData: keepPreviousData,
  });

export const actionsQuery = (org: string) =>
  queryOptions({
    queryKey: ['actions', org],
    queryFn: async ({ signal }) => (await client.listAuditActions({ params: { org } }, { signal })).actions,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const deliveriesQuery = queryOptions({
  queryKey: ['deliveries'],
  queryFn: async ({ signal }) => (await client.listDeliveries({}, { signal })).results,
});
