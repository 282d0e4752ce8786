import type { OwnOrganizationBody } from '@pullgate/contract';
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

/** As many organizations as the API puts into one answer. */
const organizationsOfPage = 1000;

/** So that no answer makes the browser ask forever. */
const mostPages = 100;

export const callerQuery = queryOptions({
  queryKey: ['caller'],
  queryFn: ({ signal }) => client.getCaller({}, { signal }),
  staleTime: 60_000,
});

export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: ({ signal }) => allOwnOrganizations(signal),
  staleTime: 60_000,
});

export const setUpQuery = queryOptions({
  queryKey: ['set-up'],
  queryFn: ({ signal }) => client.getSetUp({}, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** All of them: whoever is in an organization must find it, be it the hundred and first. */
async function allOwnOrganizations(signal: AbortSignal): Promise<OwnOrganizationBody[]> {
  const all: OwnOrganizationBody[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const query = { page, page_size: organizationsOfPage };
    const { results, next } = await client.listOwnOrganizations({ query }, { signal });
    all.push(...results);
    if (next === null) break;
  }
  return all;
}

/** Leads whoever was signed in, and is no more, to the sign-in, and from there back to the page that they were on. */
function leaveIfSignedOut(error: unknown): void {
  if (!isSignedOut(error) || queryClient.getQueryData(callerQuery.queryKey) === undefined) return;
  const next = location.pathname + location.search;
  location.assign(`/console/sign-in?${new URLSearchParams({ next, error: 'SESSION_ENDED' })}`);
}
