import type { Role } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { type PersonStore, requirePerson } from '../people/people.ts';
import { type AdmissionStores, admit } from './admission.ts';
import { changeMemberRole, checkRole, requireOtherOwner } from './member-role.ts';
import { type OrganizationStore, requireOrganization } from './organizations.ts';
import type { Page, PageRequest } from './page.ts';
import { requireMember } from './require-member.ts';

/** A person in an organization. */
export interface Member {
  readonly personId: string;
  readonly username: string;
  readonly name: string;
  readonly email: string | null;
  readonly location: string;
  readonly company: string;
  /** The person's own; a team can give a higher one. */
  readonly role: Role;
  /** Names, sorted; `owners` among them for owners. */
  readonly teams: readonly string[];
  /** Whether the person can sign in at all. */
  readonly isActive: boolean;
  /** When the person joined: milliseconds since 1970. */
  readonly createdAt: number;
}

/** What is known of how a member comes here. */
export interface MemberTrace {
  /** The last sign-in or use of a token, in whichever organization: milliseconds since 1970. */
  readonly lastSeenAt: number | null;
  /** The single sign-on connection of the organization that the person comes through; null for none. */
  readonly origin: MemberOrigin | null;
}

export interface MemberOrigin {
  /** The connection's name. */
  readonly connection: string;
  /** Whether the identity provider keeps the account (SCIM), or the person only signs in there. */
  readonly by: 'scim' | 'single-sign-on';
}

export interface MemberQuery extends PageRequest {
  /** Part of the user name or the name, in any case. */
  readonly search?: string;
  /** Whether `search` looks at e-mail addresses too, which only who may see them should do. */
  readonly searchEmail?: boolean;
  readonly role?: Role;
}

export interface MembershipStore {
  insert(organizationId: string, personId: string, role: Role, at: number): Promise<void>;
  setRole(organizationId: string, personId: string, role: Role): Promise<void>;
  delete(organizationId: string, personId: string): Promise<void>;
  /** By user name or e-mail address, in lower case. */
  find(organizationId: string, person: string): Promise<Member | undefined>;
  /** Sorted by user name. Only those in one team when `teamId` is given. */
  page(organizationId: string, query: MemberQuery & { readonly teamId?: number }): Promise<Page<Member>>;
  /** By the ids of people; whoever left no trace is not among them. */
  traces(organizationId: string, people: readonly string[]): Promise<ReadonlyMap<string, MemberTrace>>;
  /** Organizations that the person is in. */
  ofPerson(personId: string): Promise<readonly { readonly organizationId: string; readonly role: Role }[]>;
  /** Sorted by user name. */
  list(organizationId: string): Promise<readonly Member[]>;
  /** Ids of the owners who can sign in. */
  activeOwners(organizationId: string): Promise<readonly string[]>;
}

/** Organizations are given by their names, members by user name or e-mail address. */
export interface Members {
  /** @throws NotFound, AlreadyExists, InvalidInput */
  add(organization: string, member: { username: string; role: Role }, actor: Actor): Promise<Member>;
  /** From all teams as well. @throws NotFound, LastOwner */
  remove(organization: string, person: string, actor: Actor): Promise<void>;
  /** @throws NotFound, LastOwner, InvalidInput */
  changeRole(organization: string, person: string, role: Role, actor: Actor): Promise<Member>;
  /** @throws NotFound */
  find(organization: string, person: string): Promise<Member>;
  /** All, sorted by user name. @throws NotFound */
  list(organization: string): Promise<readonly Member[]>;
  /** Sorted by user name. @throws NotFound */
  page(organization: string, query: MemberQuery): Promise<Page<Member>>;
  /** By the ids of people; whoever left no trace is not among them. @throws NotFound */
  traces(organization: string, people: readonly string[]): Promise<ReadonlyMap<string, MemberTrace>>;
}

interface Stores extends AdmissionStores {
  readonly organizations: OrganizationStore;
  readonly people: PersonStore;
}

export function createMembers(stores: Transactional<Stores>): Members {
  const { organizations, memberships } = stores.read;
  return {
    add: (organization, member, actor) => add(stores, organization, member, actor),
    remove: (organization, person, actor) => remove(stores, organization, person, actor),
    changeRole: (organization, person, role, actor) => changeRole(stores, organization, person, role, actor),
    async find(name, person) {
      return requireMember(memberships, await requireOrganization(organizations, name), person);
    },
    async list(name) {
      return memberships.list((await requireOrganization(organizations, name)).id);
    },
    async page(name, query) {
      return memberships.page((await requireOrganization(organizations, name)).id, query);
    },
    async traces(name, people) {
      return memberships.traces((await requireOrganization(organizations, name)).id, people);
    },
  };
}

async function add(
  stores: Transactional<Stores>,
  name: string,
  { username, role }: { username: string; role: Role },
  actor: Actor,
): Promise<Member> {
  checkRole(role);
  return stores.change(actor, async (writing) => {
    const organization = await requireOrganization(writing.organizations, name);
    return admit(writing, organization, await requirePerson(writing.people, username), { role });
  });
}

function remove(stores: Transactional<Stores>, name: string, person: string, actor: Actor): Promise<void> {
  return stores.change(actor, async ({ organizations, memberships, teams, record }) => {
    const organization = await requireOrganization(organizations, name);
    const member = await requireMember(memberships, organization, person);
    if (member.role === 'owner') await requireOtherOwner(memberships, organization, member);
    await teams.leaveAll(organization.id, member.personId);
    await memberships.delete(organization.id, member.personId);
    const [subject, before] = [member.username, { role: member.role, teams: member.teams }];
    await record({ organizationId: organization.id, action: 'org.member.remove', subject, before });
  });
}

async function changeRole(
  stores: Transactional<Stores>,
  name: string,
  person: string,
  role: Role,
  actor: Actor,
): Promise<Member> {
  checkRole(role);
  return stores.change(actor, async (writing) => {
    const organization = await requireOrganization(writing.organizations, name);
    const member = await requireMember(writing.memberships, organization, person);
    await changeMemberRole(writing, organization, member, role);
    return requireMember(writing.memberships, organization, member.username);
  });
}
