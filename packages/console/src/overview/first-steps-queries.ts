import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { client } from '../app/client.ts';

/** What a fresh organization has not done yet. */
export interface StepsDone {
  readonly namespace: boolean;
  readonly token: boolean;
  readonly login: boolean;
  readonly pull: boolean;
  readonly policy: boolean;
  readonly people: boolean;
}

const refetchMilliseconds = 5000;

/** Asks for each step until it is done, so that it ticks itself while somebody does it elsewhere. */
export function useStepsDone(org: string): { readonly done: StepsDone | undefined; readonly error: Error | null } {
  const params = { org };
  const namespaces = useStep(['namespaces', org, 'any'], async (signal) => {
    const { results } = await client.listNamespaces({ params }, { signal });
    return results.length > 0;
  });
  const tokens = useStep(['access-tokens', 'any'], async (signal) => {
    const { count } = await client.listPersonalTokens({ query: { page_size: 1 } }, { signal });
    return count > 0;
  });
  const pulls = useStep(['pulls', org, 'any'], async (signal) => {
    const { results } = await client.listPulls({ params, query: { limit: 1 } }, { signal });
    return results.length > 0;
  });
  const logins = useStep(['access-tokens', 'any', 'used'], async (signal) => {
    const { results } = await client.listPersonalTokens({ query: { page_size: 100 } }, { signal });
    return results.some(({ last_used }) => last_used !== null);
  });
  const policy = useStep(['image-access', org, 'on'], async (signal) => {
    const { enabled } = await client.getImageAccess({ params }, { signal });
    return enabled;
  });
  const people = useStep(['members', org, 'any'], async (signal) => {
    const [members, invites] = await Promise.all([
      client.listMembers({ params, query: { page_size: 1 } }, { signal }),
      client.listInvites({ params }, { signal }),
    ]);
    return members.count > 1 || invites.data.length > 0;
  });

  const all = [namespaces, tokens, pulls, logins, policy, people];
  const error = all.find((step) => step.error)?.error ?? null;
  if (all.some(({ data }) => data === undefined)) return { done: undefined, error };
  // Whoever pulled has signed in, be it with a token that is gone by now.
  const hasPulled = pulls.data === true;
  return {
    error,
    done: {
      namespace: namespaces.data === true,
      token: hasPulled || tokens.data === true,
      login: hasPulled || logins.data === true,
      pull: hasPulled,
      policy: policy.data === true,
      people: people.data === true,
    },
  };
}

function useStep(
  queryKey: readonly string[],
  isDone: (signal: AbortSignal) => Promise<boolean>,
): UseQueryResult<boolean, Error> {
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => isDone(signal),
    refetchInterval: ({ state }) => (state.data === true ? false : refetchMilliseconds),
  });
}
