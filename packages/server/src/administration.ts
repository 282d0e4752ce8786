import { type ActivityLog, type ActivityStore, createActivityLog } from './activity/activity-log.ts';
import type { Transactional } from './activity/transactional.ts';
import { createMembers, type Members, type MembershipStore } from './organizations/members.ts';
import { createNamespaces, type NamespaceStore, type Namespaces } from './organizations/namespaces.ts';
import { createOrganizations, type OrganizationStore, type Organizations } from './organizations/organizations.ts';
import { createPolicies, type Policies, type PolicyStore } from './organizations/policies.ts';
import { createPeople, type NameStore, type People, type PersonStore } from './people/people.ts';
import {
  createOrganizationTokens,
  type OrganizationTokenStore,
  type OrganizationTokens,
} from './tokens/organization-tokens.ts';
import { createPersonalTokens, type PersonalTokenStore, type PersonalTokens } from './tokens/personal-tokens.ts';

/** What the administration keeps its state in. */
export interface AdministrationStores {
  readonly organizations: OrganizationStore;
  readonly memberships: MembershipStore;
  readonly namespaces: NamespaceStore;
  readonly policies: PolicyStore;
  readonly people: PersonStore;
  readonly names: NameStore;
  readonly personalTokens: PersonalTokenStore;
  readonly organizationTokens: OrganizationTokenStore;
  readonly activity: ActivityStore;
}

/**
 * Everything that runs an installation, for the command line and the API alike. Whether the actor may do it is for the
 * caller to decide; every failure that a person can mend is an `AdministrationError`.
 */
export interface Administration {
  readonly organizations: Organizations;
  readonly members: Members;
  readonly namespaces: Namespaces;
  readonly policies: Policies;
  readonly people: People;
  readonly personalTokens: PersonalTokens;
  readonly organizationTokens: OrganizationTokens;
  readonly activity: ActivityLog;
}

export function createAdministration(stores: Transactional<AdministrationStores>): Administration {
  return {
    organizations: createOrganizations(stores),
    members: createMembers(stores),
    namespaces: createNamespaces(stores),
    policies: createPolicies(stores),
    people: createPeople(stores),
    personalTokens: createPersonalTokens(stores),
    organizationTokens: createOrganizationTokens(stores),
    activity: createActivityLog(stores.read.activity),
  };
}
