import { MutationCache, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { client, isApiError, isSignedOut } from './client.ts';

const retries = 2;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: leaveIfSignedOut }),
  mutationCache: new MutationCache({ onError: leaveIfSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // The server said what is wrong: asking again changes nothing. Anything else may have been the network.
      retry: (count, error) => count < retries && !(isApiError(error) && error.status < 500),
    },
  },
});

/** Most organizations of one person that are shown. */
const mostOrganizations = 100;

export const callerQuery = queryOptions({
  queryKey: ['caller'],
  queryFn: ({ signal }) => client.getCaller({}, { signal }),
  staleTime: 60_000,
});

export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: async ({ signal }) =>
    (await client.listOwnOrganizations({ query: { page_size: mostOrganizations } }, { signal })).results,
  staleTime: 60_000,
});

export const setUpQuery = queryOptions({
  queryKey: ['set-up'],
  queryFn: ({ signal }) => client.getSetUp({}, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Leads whoever was signed in, and is no more, to the sign-in, and from there back to the page that they were on. */
function leaveIfSignedOut(error: unknown): void {
  if (!isSignedOut(error) || queryClient.getQueryData(callerQuery.queryKey) === undefined) return;
  const next = location.pathname + location.search;
  location.assign(`/console/sign-in?${new URLSearchParams({ next, error: 'SESSION_ENDED' })}`);
}
