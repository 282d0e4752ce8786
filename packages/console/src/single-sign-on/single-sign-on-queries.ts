import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../app/client.ts';
import { useNotice } from '../components/notice.tsx';

export const domainsQuery = (org: string) =>
  queryOptions({
    queryKey: ['single-sign-on', org, 'domains'],
    queryFn: async ({ signal }) => (await client.listDomains({ params: { org } }, { signal })).results,
  });

export const connectionsQuery = (org: string) =>
  queryOptions({
    queryKey: ['single-sign-on', org, 'connections'],
    queryFn: async ({ signal }) => (await client.listConnections({ params: { org } }, { signal })).results,
  });

interface Step<Input, Output> {
  readonly send: (input: Input) => Promise<Output>;
  /** Said when it is done. */
  readonly told: (output: Output, input: Input) => string;
  readonly onDone?: (output: Output) => void;
}

/** A change of domains or connections, after which both are asked for anew: each tells of the other. */
export function useStep<Input, Output>(org: string, { send, told, onDone }: Step<Input, Output>) {
  const queries = useQueryClient();
  const notify = useNotice();
  return useMutation({
    mutationFn: send,
    onSuccess(output, input) {
      notify({ text: told(output, input) });
      onDone?.(output);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['single-sign-on', org] }),
  });
}
