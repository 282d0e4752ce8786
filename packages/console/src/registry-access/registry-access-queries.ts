import type { RegistryAccessBody } from '@pullgate/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, messageOf } from '../app/client.ts';
import { useNotice } from '../components/notice.tsx';
import type { RegistryAccessEdit } from './registries.ts';

export const registryAccessQuery = (org: string) =>
  queryOptions({
    queryKey: ['registry-access', org],
    queryFn: ({ signal }) => client.getRegistryAccess({ params: { org } }, { signal }),
  });

/** Whether the gate pulls from a registry at all, which its configuration says. A check of any image there tells. */
export const knownRegistryQuery = (org: string, host: string) =>
  queryOptions({
    queryKey: ['registry-access', org, 'known', host],
    async queryFn({ signal }) {
      const query = { reference: `${host}/any/image` };
      const { rule } = await client.checkImageAccess({ params: { org }, query }, { signal });
      return rule !== 'registry-unknown';
    },
    staleTime: 60_000,
  });

interface Change {
  readonly edit: RegistryAccessEdit;
  /** What takes it back. */
  readonly undo: RegistryAccessEdit;
  /** Said when it is done. */
  readonly told: string;
}

/** Changes what is in force, at once on the page and then at the server, with a way back. */
export function useRegistryAccessChange(org: string) {
  const queries = useQueryClient();
  const notify = useNotice();
  const { queryKey } = registryAccessQuery(org);

  // From what is there now, not from what the page showed: somebody else may have changed another entry.
  async function save(edit: RegistryAccessEdit): Promise<RegistryAccessBody> {
    const params = { org };
    return client.setRegistryAccess({ params, body: edit(await client.getRegistryAccess({ params })) });
  }

  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey, exact: true }),
      queries.invalidateQueries({ queryKey: ['image-access', org] }),
    ]);

  async function takeBack(edit: RegistryAccessEdit): Promise<void> {
    try {
      await save(edit);
      notify({ text: 'It is as it was before.' });
    } catch (error) {
      notify({ text: messageOf(error), severity: 'error' });
    }
    await refresh();
  }

  return useMutation({
    mutationFn: ({ edit }: Change) => save(edit),
    async onMutate({ edit }) {
      await queries.cancelQueries({ queryKey, exact: true });
      const before = queries.getQueryData(queryKey);
      if (before) queries.setQueryData(queryKey, edit(before));
      return { before };
    },
    onSuccess: (_saved, { undo, told }) => notify({ text: told, undo: () => void takeBack(undo) }),
    onError(error, _change, context) {
      queries.setQueryData(queryKey, context?.before);
      notify({ text: messageOf(error), severity: 'error' });
    },
    onSettled: refresh,
  });
}
