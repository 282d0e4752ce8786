import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../app/client.ts';
import { mostRowsOfPage } from '../components/data-grid.tsx';
import { type PullsFilter, pullsQueryOf } from './pulls-search.ts';

export const pullsQuery = (org: string, filter: PullsFilter, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['pulls', org, filter, cursor],
    queryFn: ({ signal }) => {
      const query = { ...pullsQueryOf(filter, Date.now()), cursor, limit: mostRowsOfPage };
      return client.listPulls({ params: { org }, query }, { signal });
    },
    placeholderData: keepPreviousData,
  });

export const pullQuery = (org: string, id: string) =>
  queryOptions({
    queryKey: ['pull', org, id],
    queryFn: ({ signal }) => client.getPull({ params: { org, id } }, { signal }),
    // A record never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
