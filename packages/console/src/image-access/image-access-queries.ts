import type { ImageAccessBody, ImageAccessPolicyBody } from '@pullgate/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, messageOf } from '../app/client.ts';
import { useNotice } from '../components/notice.tsx';

export const imageAccessQuery = (org: string) =>
  queryOptions({
    queryKey: ['image-access', org],
    queryFn: ({ signal }) => client.getImageAccess({ params: { org } }, { signal }),
  });

export const versionsQuery = (org: string) =>
  queryOptions({
    queryKey: ['image-access', org, 'versions'],
    queryFn: ({ signal }) => client.listImageAccessVersions({ params: { org } }, { signal }),
  });

/** The parts that a person sets, without who set them and when. */
export function policyOf(access: ImageAccessBody): ImageAccessPolicyBody {
  const { version: _version, changed_at: _at, changed_by: _by, ...policy } = access;
  return policy;
}

/** Puts a policy in force, unless somebody changed it meanwhile. What it was before can be had back with one click. */
export function useSavePolicy(org: string, current: ImageAccessBody) {
  const queries = useQueryClient();
  const notify = useNotice();
  const refresh = () => queries.invalidateQueries({ queryKey: ['image-access', org] });

  async function undo(version: number): Promise<void> {
    const params = { org, version: current.version };
    try {
      await client.restoreImageAccessVersion({ params, ifMatch: version });
      notify({ text: 'The policy from before is in force again.' });
    } catch (error) {
      notify({ text: messageOf(error), severity: 'error' });
    }
    await refresh();
  }

  return useMutation({
    mutationFn: (policy: ImageAccessPolicyBody) =>
      client.setImageAccess({ params: { org }, body: policy, ifMatch: current.version }),
    onSuccess(saved) {
      queries.setQueryData(imageAccessQuery(org).queryKey, saved);
      const text = 'The policy is in force. It counts from the next request of every client.';
      notify({ text, undo: () => void undo(saved.version) });
    },
    onSettled: refresh,
  });
}
