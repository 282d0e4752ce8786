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

/** What would come of the same pull now, by the viewer. */
const check = (org: string, reference: string, signal: AbortSignal) =>
  client.checkImageAccess({ params: { org }, query: { reference } }, { signal });

const mostListed = 5;

/** What the viewer may pull in place of a refused image: full names, the nearest first. */
export const insteadQuery = (org: string, decision: PullDecisionBody) =>
  queryOptions({
    queryKey: ['decision', decision.id, 'instead', org],
    async queryFn({ signal }): Promise<Instead> {
      const { repository } = decision;
      const name = repository.slice(repository.lastIndexOf('/') + 1);
      const official = `docker.io/library/${name}`;
      const [now, ofOfficial, access] = await Promise.all([
        check(org, imageName(decision), signal),
        check(org, official, signal),
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
  /** The policy has changed since, or the viewer may pull more than whoever was refused. */
  readonly isAllowedNow: boolean;
  /** Full names of repositories that are called alike. */
  readonly repositories: readonly string[];
}
