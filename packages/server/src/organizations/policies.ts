import type { ImageAccessPolicy } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { ChangeContext, Transactional } from '../activity/transactional.ts';
import { NotFound, PolicyConflict } from '../administration-error.ts';
import { type OrganizationAccount, type OrganizationStore, requireOrganization } from './organizations.ts';
import type { Page, PageRequest } from './page.ts';
import { checkPolicy, type PolicyDifference, policyDifference, registryChanges } from './policy-rules.ts';

export interface PolicyVersion {
  /** Grows by one with each change, from 1. */
  readonly version: number;
  readonly policy: ImageAccessPolicy;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
  /** Name of the actor. */
  readonly changedBy: string;
}

/** A version by what it changed. */
export interface PolicyChange extends Omit<PolicyVersion, 'policy'> {
  /** Against the version before; undefined for the first. */
  readonly difference: PolicyDifference | undefined;
}

export interface HistoryRequest extends PageRequest {
  /** In who changed it, in what was changed, and a number of a version; everything when absent. */
  readonly search?: string;
}

export interface PolicyStore {
  /** @param difference against the version before; undefined for the first */
  insert(organizationId: string, version: PolicyVersion, difference: PolicyDifference | undefined): Promise<void>;
  /** The newest. Every organization has one. */
  current(organizationId: string): Promise<PolicyVersion>;
  /** Newest first. */
  page(organizationId: string, wanted: HistoryRequest): Promise<Page<PolicyChange>>;
  find(organizationId: string, version: number): Promise<PolicyVersion | undefined>;
}

interface PolicyUpdate {
  readonly policy: ImageAccessPolicy;
  /** The version that the update was made from, so that nobody overwrites what they have not seen. */
  readonly expectedVersion: number;
}

/** Organizations are given by their names. */
export interface Policies {
  /** @throws NotFound */
  current(organization: string): Promise<PolicyVersion>;
  /** @throws NotFound, PolicyConflict, InvalidInput */
  set(organization: string, update: PolicyUpdate, actor: Actor): Promise<PolicyVersion>;
  /** Newest first, each with what it changed. @throws NotFound */
  history(organization: string, wanted: HistoryRequest): Promise<Page<PolicyChange>>;
  /** @throws NotFound */
  version(organization: string, version: number): Promise<PolicyVersion>;
  /** What differs between two versions; undefined when nothing does. @throws NotFound */
  difference(organization: string, from: number, to: number): Promise<PolicyDifference | undefined>;
  /**
   * Puts an earlier policy in force again, as a new version. Without `expectedVersion` it replaces whatever is in force.
   *
   * @throws NotFound, PolicyConflict
   */
  restore(
    organization: string,
    restoration: { readonly version: number; readonly expectedVersion?: number },
    actor: Actor,
  ): Promise<PolicyVersion>;
}

interface Stores {
  readonly organizations: OrganizationStore;
  readonly policies: PolicyStore;
}

export function createPolicies(stores: Transactional<Stores>): Policies {
  const { organizations, policies } = stores.read;
  const idOf = async (name: string) => (await requireOrganization(organizations, name)).id;
  return {
    current: async (name) => policies.current(await idOf(name)),
    set: (name, update, actor) => set(stores, name, update, actor),
    history: async (name, wanted) => policies.page(await idOf(name), wanted),
    version: async (name, version) => requireVersion(policies, await idOf(name), version),
    async difference(name, from, to) {
      const id = await idOf(name);
      const [before, after] = [await requireVersion(policies, id, from), await requireVersion(policies, id, to)];
      return policyDifference(before.policy, after.policy);
    },
    restore: (name, { version, expectedVersion }, actor) =>
      stores.change(actor, async (writing) => {
        const organization = await requireOrganization(writing.organizations, name);
        const { policy } = await requireVersion(writing.policies, organization.id, version);
        return putPolicy(writing, organization, { policy, expectedVersion }, actor);
      }),
  };
}

async function set(
  stores: Transactional<Stores>,
  name: string,
  update: PolicyUpdate,
  actor: Actor,
): Promise<PolicyVersion> {
  checkPolicy(update.policy);
  return stores.change(actor, async (writing) => {
    const organization = await requireOrganization(writing.organizations, name);
    return putPolicy(writing, organization, update, actor);
  });
}

async function requireVersion(policies: PolicyStore, organizationId: string, version: number): Promise<PolicyVersion> {
  const found = await policies.find(organizationId, version);
  if (found) return found;
  throw new NotFound(`Version ${version} of the policy was not found.`);
}

/**
 * Puts a policy in force as the next version, and tells of it; one that changes nothing makes no version. The policy must
 * have been checked.
 *
 * @throws PolicyConflict when another version than the expected one is in force
 */
export async function putPolicy(
  { policies, at, record }: Stores & ChangeContext,
  { id: organizationId, name: subject }: OrganizationAccount,
  update: { readonly policy: ImageAccessPolicy; readonly expectedVersion: number | undefined },
  actor: Actor,
): Promise<PolicyVersion> {
  const current = await policies.current(organizationId);
  const { policy, expectedVersion = current.version } = update;
  if (current.version !== expectedVersion) throw new PolicyConflict(subject, current.version);
  const difference = policyDifference(current.policy, policy);
  if (difference === undefined) return current;
  const next = { version: current.version + 1, policy, changedAt: at, changedBy: actor.name };
  await policies.insert(organizationId, next, difference);
  const before = { version: current.version, ...difference.before };
  const after = { version: next.version, ...difference.after };
  await record({ organizationId, action: 'image_access.update', subject, before, after });
  for (const change of registryChanges(current.policy, policy)) {
    await record({ organizationId, subject: change.registry ?? subject, action: change.action });
  }
  return next;
}
