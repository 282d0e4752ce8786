import { randomBytes } from 'node:crypto';
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
      const mayPush = (path: string) => pushProof.mayPush(registry, path, { username, password });
      // Claiming opens the namespace's images for good, so whoever cannot change them may not.
      if (!(await mayPush(repository))) throw mayNotPush(registry, repository);
      // Somebody who was given one repository of a shared namespace must not get all of it: a name that nobody could
      // have been given tells them from who may create repositories there.
      const unheardOf = `${namespace}/pullgate-proof-${randomBytes(8).toString('hex')}`;
      if (!(await mayPush(unheardOf))) throw mayNotCreate(registry, repository, namespace);
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

function mayNotPush(registry: string, repository: string): ApiError {
  return forbidden(`${registry} does not let this credential push to ${repository}, so nothing was claimed.`);
}

function mayNotCreate(registry: string, repository: string, namespace: string): ApiError {
  return forbidden(
    `${registry} lets this credential push to ${repository}, but not to a new repository of ${namespace}, so nothing was ` +
      'claimed. Use an account that may create repositories there, or ask who administers this installation to assign it.',
  );
}

function namespaceBody({ registry, namespace, claimedAt, claimedBy }: NamespaceClaim): NamespaceBody {
  return { registry, namespace, claimed_at: formatTime(claimedAt), claimed_by: claimedBy };
}
