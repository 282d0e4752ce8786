import type { ImageAccessBody, ImageAccessPolicyBody, PolicyToPreviewBody } from '@pullgate/contract';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, messageOf } from '../app/client.ts';
import { useNotice } from '../components/notice.tsx';

export const imageAccessQuery = (org: string) =>
  queryOptions({
    queryKey: ['image-access', org],
    queryFn: ({ signal }) => client.getImageAccess({ params: { org } }, { signal }),
  });

/** Versions of one page. */
export const versionsOfPage = 20;

/** The newest first. @param search empty for all @param page from 1 */
export const versionsQuery = (org: string, search: string, page: number) =>
  queryOptions({
    queryKey: ['image-access', org, 'versions', search, page],
    queryFn: ({ signal }) => {
      const query = { search: search || undefined, page, page_size: versionsOfPage };
      return client.listImageAccessVersions({ params: { org }, query }, { signal });
    },
    placeholderData: keepPreviousData,
  });

/** One version, whole: with registry access, which is a part of the policy. */
export const versionQuery = (org: string, version: number) =>
  queryOptions({
    queryKey: ['image-access-version', org, version],
    queryFn: ({ signal }) => client.getImageAccessVersion({ params: { org, version } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What a policy would have meant for the recorded pulls of the last 30 days. */
export const previewQuery = (org: string, policy: PolicyToPreviewBody) =>
  queryOptions({
    queryKey: ['image-access', org, 'preview', policy],
    queryFn: ({ signal }) => client.previewImageAccess({ params: { org }, body: policy }, { signal }),
    gcTime: 0,
  });

/** The parts that a person sets, without who set them and when. */
export function policyOf(access: ImageAccessPolicyBody): ImageAccessPolicyBody {
  const { enabled, allow_official_images, allow_verified_publishers, allow_sponsored_open_source } = access;
  const { allow_community_images, allowlist } = access;
  return {
    enabled,
    allow_official_images,
    allow_verified_publishers,
    allow_sponsored_open_source,
    allow_community_images,
    allowlist,
  };
}

/** Puts a policy in force, unless somebody changed it meanwhile. What it was before can be had back with one click. */
export function useSavePolicy(org: string, current: ImageAccessBody) {
  return usePolicyChange(
    org,
    current,
    (policy: ImageAccessPolicyBody) =>
      client.setImageAccess({ params: { org }, body: policy, ifMatch: current.version }),
    'The policy is in force. It counts from the next request of every client.',
  );
}

/** Puts an earlier version in force again, registry access included. */
export function useRestoreVersion(org: string, current: ImageAccessBody, version: number) {
  return usePolicyChange(
    org,
    current,
    () => client.restoreImageAccessVersion({ params: { org, version }, ifMatch: current.version }),
    `The policy of version ${version} is in force again.`,
  );
}

/** @param told when it is done */
function usePolicyChange<Wanted>(
  org: string,
  current: ImageAccessBody,
  send: (wanted: Wanted) => Promise<ImageAccessBody>,
  told: string,
) {
  const queries = useQueryClient();
  const notify = useNotice();
  const refresh = () =>
    Promise.all(
      ['image-access', 'registry-access'].map((part) => queries.invalidateQueries({ queryKey: [part, org] })),
    );

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
    mutationFn: send,
    onSuccess(saved) {
      queries.setQueryData(imageAccessQuery(org).queryKey, saved);
      notify({ text: told, undo: () => void undo(saved.version) });
    },
    onSettled: refresh,
  });
}
