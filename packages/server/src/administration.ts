import { type ActivityLog, type ActivityStore, createActivityLog } from './activity/activity-log.ts';
import type { Transactional } from './activity/transactional.ts';
import type { InvitationStore, Invitations } from './invitations/invitation.ts';
import { createInvitations } from './invitations/invitations.ts';
import { createMembers, type Members, type MembershipStore } from './organizations/members.ts';
import { createNamespaces, type NamespaceStore, type Namespaces } from './organizations/namespaces.ts';
import { createOrganizations, type OrganizationStore, type Organizations } from './organizations/organizations.ts';
import { createPolicies, type Policies, type PolicyStore } from './organizations/policies.ts';
import { createProvisioning, type Provisioning } from './organizations/provisioning.ts';
import { createSettings, type Settings } from './organizations/settings.ts';
import { createPeople, type NameStore, type People, type PersonStore } from './people/people.ts';
import type { ConnectionStore, DomainStore } from './sign-in/connection-store.ts';
import type { SignInStore } from './sign-in/sign-in-store.ts';
import type { TeamStore, Teams } from './teams/team.ts';
import { createTeams } from './teams/teams.ts';
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
  readonly teams: TeamStore;
  readonly invitations: InvitationStore;
  readonly namespaces: NamespaceStore;
  readonly policies: PolicyStore;
  readonly people: PersonStore;
  readonly names: NameStore;
  readonly personalTokens: PersonalTokenStore;
  readonly organizationTokens: OrganizationTokenStore;
  readonly signIn: SignInStore;
  readonly connections: ConnectionStore;
  readonly domains: DomainStore;
  readonly activity: ActivityStore;
}

/**
 * Everything that runs an installation, for the command line and the API alike. Whether the actor may do it is for the
 * caller to decide; every failure that a person can mend is an `AdministrationError`.
 */
export interface Administration {
  readonly organizations: Organizations;
  readonly members: Members;
  readonly teams: Teams;
  readonly invitations: Invitations;
  readonly provisioning: Provisioning;
  readonly settings: Settings;
  readonly namespaces: Namespaces;
  readonly policies: Policies;
  readonly people: People;
  readonly personalTokens: PersonalTokens;
  readonly organizationTokens: OrganizationTokens;
  readonly activity: ActivityLog;
}

/** @param now gives milliseconds since 1970. */
export function createAdministration(
  stores: Transactional<AdministrationStores>,
  now: () => number = Date.now,
): Administration {
  return {
    organizations: createOrganizations(stores),
    members: createMembers(stores),
    teams: createTeams(stores),
    invitations: createInvitations(stores, now),
    provisioning: createProvisioning(stores),
    settings: createSettings(stores),
    namespaces: createNamespaces(stores),
    policies: createPolicies(stores),
    people: createPeople(stores),
    personalTokens: createPersonalTokens(stores),
    organizationTokens: createOrganizationTokens(stores),
    activity: createActivityLog(stores.read.activity),
  };
}
