import type { PullDecisionBody } from '@pullgate/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../app/client.ts';
import { queryClient } from '../app/queries.ts';
import { imageAccessQuery } from '../image-access/image-access-queries.ts';
import { imageName } from '../pulls/image-name.ts';

export const decisionQuery = (id: string) =>
  queryOptions({
    queryKey: ['decision', id],
    queryFn: ({ signal }) => client.getDecision({ params: { id } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

const mostListed = 5;

/**
 * What may be pulled now in place of a refused image.
 *
 * @param username for whom; only owners ask for others
 */
export const insteadQuery = (org: string, decision: PullDecisionBody, username: string) =>
  queryOptions({
    queryKey: ['decision', decision.id, 'instead', org, username],
    async queryFn({ signal }): Promise<Instead> {
      const check = (reference: string) =>
        client.checkImageAccess({ params: { org }, query: { reference, username } }, { signal });
      const { repository } = decision;
      const name = repository.slice(repository.lastIndexOf('/') + 1);
      const official = `docker.io/library/${name}`;
      const [now, ofOfficial, access] = await Promise.all([
        check(imageName(decision)),
        check(official),
        queryClient.ensureQueryData(imageAccessQuery(org)),
      ]);
      const { enabled, repositories } = access.allowlist;
      const listed = enabled ? repositories.filter((one) => one !== repository && one.endsWith(`/${name}`)) : [];
      const isOfficial =
        ofOfficial.verdict === 'allow' && ofOfficial.category === 'official' && official !== repository;
      return {
        isAllowedNow: now.verdict === 'allow',
        repositories: [...(isOfficial ? [official] : []), ...listed.slice(0, mostListed)],
      };
    },
  });

export interface Instead {
  /** The policy has changed since. */
  readonly isAllowedNow: boolean;
  /** Full names of repositories that are called alike, an official one first. */
  readonly repositories: readonly string[];
}
