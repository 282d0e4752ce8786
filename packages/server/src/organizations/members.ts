import { type Role, roles } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { AlreadyExists, InvalidInput, LastOwner, NotFound } from '../administration-error.ts';
import { type PersonStore, requirePerson } from '../people/people.ts';
import { type OrganizationAccount, type OrganizationStore, requireOrganization } from './organizations.ts';

/** A person in an organization. */
export interface Member {
  readonly personId: string;
  readonly username: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  /** Whether the person can sign in at all. */
  readonly isActive: boolean;
  /** When the person joined: milliseconds since 1970. */
  readonly createdAt: number;
}

export interface MembershipStore {
  insert(organizationId: string, personId: string, role: Role, at: number): Promise<void>;
  setRole(organizationId: string, personId: string, role: Role): Promise<void>;
  delete(organizationId: string, personId: string): Promise<void>;
  byUsername(organizationId: string, username: string): Promise<Member | undefined>;
  /** Sorted by user name. */
  list(organizationId: string): Promise<readonly Member[]>;
  /** Ids of the owners who can sign in. */
  activeOwners(organizationId: string): Promise<readonly string[]>;
}

/** Organizations and people are given by their names. */
export interface Members {
  /** @throws NotFound, AlreadyExists, InvalidInput */
  add(organization: string, member: { username: string; role: Role }, actor: Actor): Promise<Member>;
  /** @throws NotFound, LastOwner */
  remove(organization: string, username: string, actor: Actor): Promise<void>;
  /** @throws NotFound, LastOwner, InvalidInput */
  changeRole(organization: string, username: string, role: Role, actor: Actor): Promise<Member>;
  /** @throws NotFound */
  list(organization: string): Promise<readonly Member[]>;
}

interface Stores {
  readonly organizations: OrganizationStore;
  readonly people: PersonStore;
  readonly memberships: MembershipStore;
}

export function createMembers(stores: Transactional<Stores>): Members {
  return {
    add: (organization, member, actor) => add(stores, organization, member, actor),
    remove: (organization, username, actor) => remove(stores, organization, username, actor),
    changeRole: (organization, username, role, actor) => changeRole(stores, organization, username, role, actor),
    async list(name) {
      const organization = await requireOrganization(stores.read.organizations, name);
      return stores.read.memberships.list(organization.id);
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
  return stores.change(actor, async ({ organizations, people, memberships, at, record }) => {
    const organization = await requireOrganization(organizations, name);
    const person = await requirePerson(people, username);
    if (await memberships.byUsername(organization.id, username)) {
      throw new AlreadyExists(`${username} is a member of ${name} already. Change the role instead.`);
    }
    await memberships.insert(organization.id, person.id, role, at);
    await record({ organizationId: organization.id, action: 'org.member.add', subject: username, after: { role } });
    const { id: personId, name: fullName, email, isActive } = person;
    return { personId, username, name: fullName, email, role, isActive, createdAt: at };
  });
}

function remove(stores: Transactional<Stores>, name: string, username: string, actor: Actor): Promise<void> {
  return stores.change(actor, async ({ organizations, memberships, record }) => {
    const organization = await requireOrganization(organizations, name);
    const member = await requireMember(memberships, organization, username);
    if (member.role === 'owner') await requireOtherOwner(memberships, organization, member);
    await memberships.delete(organization.id, member.personId);
    const before = { role: member.role };
    await record({ organizationId: organization.id, action: 'org.member.remove', subject: username, before });
  });
}

async function changeRole(
  stores: Transactional<Stores>,
  name: string,
  username: string,
  role: Role,
  actor: Actor,
): Promise<Member> {
  checkRole(role);
  return stores.change(actor, async ({ organizations, memberships, record }) => {
    const organization = await requireOrganization(organizations, name);
    const member = await requireMember(memberships, organization, username);
    if (member.role === role) return member;
    if (member.role === 'owner') await requireOtherOwner(memberships, organization, member);
    await memberships.setRole(organization.id, member.personId, role);
    const [before, after] = [{ role: member.role }, { role }];
    await record({
      organizationId: organization.id,
      action: 'org.member.role.change',
      subject: username,
      before,
      after,
    });
    return { ...member, role };
  });
}

async function requireMember(
  memberships: MembershipStore,
  organization: OrganizationAccount,
  username: string,
): Promise<Member> {
  const member = await memberships.byUsername(organization.id, username);
  if (member) return member;
  throw new NotFound(`There is no member of ${organization.name} with the user name ${JSON.stringify(username)}.`);
}

/** An owner who cannot sign in does not count: nobody would be left to let others in. */
async function requireOtherOwner(memberships: MembershipStore, organization: OrganizationAccount, member: Member) {
  const owners = await memberships.activeOwners(organization.id);
  if (owners.some((id) => id !== member.personId)) return;
  throw new LastOwner(
    `${member.username} is the last owner of ${organization.name}. Make somebody else an owner first.`,
  );
}

function checkRole(role: string): void {
  if ((roles as readonly string[]).includes(role)) return;
  throw new InvalidInput('role', `A role is one of ${roles.join(', ')}.`);
}
