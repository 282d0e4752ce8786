import { formatTime, type NamespaceBody } from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { NamespaceClaim } from '../organizations/namespaces.ts';
import type { PushProof } from '../organizations/push-proof.ts';
import type { Handlers } from './call.ts';
import { type ApiError, forbidden, invalidField } from './errors.ts';

export function namespaceHandlers({
  administration: { namespaces },
  pushProof,
}: {
  readonly administration: Administration;
  readonly pushProof: PushProof;
}) {
  return {
    async listNamespaces({ organization }) {
      return { results: (await namespaces.list(organization.name)).map(namespaceBody) };
    },

    async claimNamespace({ organization, body: { registry, namespace, proof }, actor }) {
      const { repository, username, password } = proof;
      if (!repository.startsWith(`${namespace}/`)) throw otherNamespace(namespace);
      // Claiming opens the namespace's images for good, so whoever cannot change them may not.
      if (!(await pushProof.mayPush(registry, repository, { username, password }))) {
        throw forbidden(`${registry} does not let this credential push to ${repository}, so nothing was claimed.`);
      }
      return namespaceBody(await namespaces.claim(organization.name, { registry, namespace }, await actor()));
    },

    async assignNamespace({ organization, params: { registry, namespace }, actor }) {
      const existing = (await namespaces.list(organization.name)).find(
        (claim) => claim.registry === registry && claim.namespace === namespace,
      );
      return namespaceBody(
        existing ?? (await namespaces.claim(organization.name, { registry, namespace }, await actor())),
      );
    },

    async releaseNamespace({ organization, params: { registry, namespace }, actor }) {
      await namespaces.release(organization.name, { registry, namespace }, await actor());
      return undefined;
    },
  } satisfies Partial<Handlers>;
}

function otherNamespace(namespace: string): ApiError {
  const message = `The proof is a repository below the namespace, such as ${namespace}/web.`;
  return invalidField('proof.repository', message);
}

function namespaceBody({ registry, namespace, claimedAt, claimedBy }: NamespaceClaim): NamespaceBody {
  return { registry, namespace, claimed_at: formatTime(claimedAt), claimed_by: claimedBy };
}
