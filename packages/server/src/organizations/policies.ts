import type { ImageAccessPolicy } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { PolicyConflict } from '../administration-error.ts';
import { type OrganizationStore, requireOrganization } from './organizations.ts';
import { checkPolicy, policyDifference } from './policy-rules.ts';

export interface PolicyVersion {
  /** Grows by one with each change, from 1. */
  readonly version: number;
  readonly policy: ImageAccessPolicy;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
  /** Name of the actor. */
  readonly changedBy: string;
}

export interface PolicyStore {
  insert(organizationId: string, version: PolicyVersion): Promise<void>;
  /** The newest. Every organization has one. */
  current(organizationId: string): Promise<PolicyVersion>;
  /** Newest first, at most `limit`. */
  list(organizationId: string, limit: number): Promise<readonly PolicyVersion[]>;
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
  /** Newest first. @throws NotFound */
  versions(organization: string, limit?: number): Promise<readonly PolicyVersion[]>;
}

interface Stores {
  readonly organizations: OrganizationStore;
  readonly policies: PolicyStore;
}

const defaultLimit = 20;

export function createPolicies(stores: Transactional<Stores>): Policies {
  return {
    async current(name) {
      const organization = await requireOrganization(stores.read.organizations, name);
      return stores.read.policies.current(organization.id);
    },
    set: (name, update, actor) => set(stores, name, update, actor),
    async versions(name, limit = defaultLimit) {
      const organization = await requireOrganization(stores.read.organizations, name);
      return stores.read.policies.list(organization.id, limit);
    },
  };
}

async function set(
  stores: Transactional<Stores>,
  name: string,
  { policy, expectedVersion }: PolicyUpdate,
  actor: Actor,
): Promise<PolicyVersion> {
  checkPolicy(policy);
  return stores.change(actor, async ({ organizations, policies, at, record }) => {
    const organization = await requireOrganization(organizations, name);
    const current = await policies.current(organization.id);
    if (current.version !== expectedVersion) throw new PolicyConflict(name, current.version);
    const difference = policyDifference(current.policy, policy);
    if (difference === undefined) return current;
    const next = { version: current.version + 1, policy, changedAt: at, changedBy: actor.name };
    await policies.insert(organization.id, next);
    await record({
      organizationId: organization.id,
      action: 'org.image_access.update',
      subject: name,
      before: { version: current.version, ...difference.before },
      after: { version: next.version, ...difference.after },
    });
    return next;
  });
}
