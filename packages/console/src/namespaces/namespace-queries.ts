import type { NamespaceBody } from '@pullgate/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, messageOf } from '../app/client.ts';
import { useNotice } from '../components/notice.tsx';

/** A registry's host and the first part of repository names there. */
export type Namespace = Pick<NamespaceBody, 'registry' | 'namespace'>;

export const namespacesQuery = (org: string) =>
  queryOptions({
    queryKey: ['namespaces', org],
    queryFn: async ({ signal }) => (await client.listNamespaces({ params: { org } }, { signal })).results,
  });

/** `docker.io/acme` */
export function nameOf({ registry, namespace }: Namespace): string {
  return `${registry}/${namespace}`;
}

/** Gives a namespace up, and refreshes the list. */
export function useRelease(org: string, onDone: () => void = () => undefined) {
  const queries = useQueryClient();
  const notify = useNotice();
  return useMutation({
    mutationFn: ({ registry, namespace }: Namespace) =>
      client.releaseNamespace({ params: { org, registry, namespace } }),
    onSuccess(_nothing, namespace) {
      notify({ text: `${nameOf(namespace)} was given up.` });
      onDone();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['namespaces', org] }),
  });
}

/** A way to bring a namespace to the organization, which owners can take back at once. */
export function useClaim(org: string, isOwner: boolean, send: () => Promise<NamespaceBody>, onDone: () => void) {
  const queries = useQueryClient();
  const notify = useNotice();
  const release = useRelease(org);

  function undo(claimed: NamespaceBody): void {
    release.mutate(claimed, { onError: (error) => notify({ text: messageOf(error), severity: 'error' }) });
  }

  return useMutation({
    mutationFn: () => send(),
    onSuccess(claimed) {
      const text = `${nameOf(claimed)} belongs to ${org}: its members may pull everything in it.`;
      notify({ text, ...(isOwner && { undo: () => undo(claimed) }) });
      onDone();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['namespaces', org] }),
  });
}
