import { canonicalRegistry, dockerHub, InvalidReference } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { AlreadyExists, InvalidInput, NotFound } from '../administration-error.ts';
import { type OrganizationStore, requireOrganization } from './organizations.ts';

/** The first part of repository names on a registry: `acme` on `docker.io`. */
interface Namespace {
  /** Host of the registry, in any spelling: `index.docker.io` is `docker.io`. */
  readonly registry: string;
  readonly namespace: string;
}

/** A namespace whose images are the organization's own. The registry is canonical. */
export interface NamespaceClaim extends Namespace {
  readonly organizationId: string;
  /** Milliseconds since 1970. */
  readonly claimedAt: number;
  /** Name of the actor. */
  readonly claimedBy: string;
}

export interface NamespaceStore {
  insert(claim: NamespaceClaim): Promise<void>;
  delete(organizationId: string, namespace: Namespace): Promise<void>;
  find(namespace: Namespace): Promise<NamespaceClaim | undefined>;
  /** Sorted by registry and namespace. */
  list(organizationId: string): Promise<readonly NamespaceClaim[]>;
}

/** Organizations are given by their names. */
export interface Namespaces {
  /**
   * Opens the namespace to the organization's members for good: the caller makes sure that the actor may do so.
   *
   * @throws NotFound, AlreadyExists when any organization has claimed it, InvalidInput
   */
  claim(organization: string, namespace: Namespace, actor: Actor): Promise<NamespaceClaim>;
  /** @throws NotFound */
  release(organization: string, namespace: Namespace, actor: Actor): Promise<void>;
  /** @throws NotFound */
  list(organization: string): Promise<readonly NamespaceClaim[]>;
}

interface Stores {
  readonly organizations: OrganizationStore;
  readonly namespaces: NamespaceStore;
}

export function createNamespaces(stores: Transactional<Stores>): Namespaces {
  return {
    claim: async (name, input, actor) => {
      const namespace = claimable(input);
      return stores.change(actor, async ({ organizations, namespaces, at, record }) => {
        const { id: organizationId } = await requireOrganization(organizations, name);
        const subject = `${namespace.registry}/${namespace.namespace}`;
        const holder = await namespaces.find(namespace);
        // Whose it is is not said: an owner of one organization learns nothing about another.
        if (holder) {
          const by = holder.organizationId === organizationId ? name : 'another organization';
          throw new AlreadyExists(`${subject} is claimed by ${by} already.`);
        }
        const claim = { ...namespace, organizationId, claimedAt: at, claimedBy: actor.name };
        await namespaces.insert(claim);
        await record({ organizationId, action: 'namespace.claim', subject, after: { ...namespace } });
        return claim;
      });
    },
    release: async (name, input, actor) => {
      const namespace = canonical(input);
      return stores.change(actor, async ({ organizations, namespaces, record }) => {
        const { id: organizationId } = await requireOrganization(organizations, name);
        const subject = `${namespace.registry}/${namespace.namespace}`;
        const claim = await namespaces.find(namespace);
        if (claim?.organizationId !== organizationId) throw new NotFound(`${name} has not claimed ${subject}.`);
        await namespaces.delete(organizationId, namespace);
        await record({ organizationId, action: 'namespace.release', subject, before: { ...namespace } });
      });
    },
    async list(name) {
      const organization = await requireOrganization(stores.read.organizations, name);
      return stores.read.namespaces.list(organization.id);
    },
  };
}

/** One path component of the OCI distribution-spec's `<name>` grammar; unambiguous, so it cannot backtrack. */
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const maxLength = 128;

function canonical({ registry, namespace }: Namespace): Namespace {
  if (namespace.length > maxLength || !component.test(namespace)) {
    throw new InvalidInput(
      'namespace',
      'A namespace is the first part of a repository name, such as acme in acme/web.',
    );
  }
  return { registry: canonicalHost(registry), namespace };
}

function canonicalHost(registry: string): string {
  try {
    return canonicalRegistry(registry);
  } catch (error) {
    if (error instanceof InvalidReference) throw new InvalidInput('registry', error.message);
    throw error;
  }
}

/** Claiming `library` would let one organization pass official images off as its own. */
function claimable(input: Namespace): Namespace {
  const namespace = canonical(input);
  if (namespace.registry === dockerHub && namespace.namespace === 'library') {
    throw new InvalidInput(
      'namespace',
      'The official images (docker.io/library) belong to nobody and cannot be claimed.',
    );
  }
  return namespace;
}
