import type { Role } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { ChangeContext, Transactional } from '../activity/transactional.ts';
import { InvalidInput } from '../administration-error.ts';
import { accountNameLike, isAccountName } from '../people/account-name.ts';
import {
  insertPerson,
  isEmailAddress,
  type NameStore,
  type PersonAccount,
  type PersonStore,
} from '../people/people.ts';
import { joinTeam } from '../teams/join-team.ts';
import { checkTeamName, provisionedTeam } from '../teams/team-name.ts';
import { insertTeam } from '../teams/teams.ts';
import { type AdmissionStores, admit } from './admission.ts';
import { changeMemberRole, checkRole } from './member-role.ts';
import type { Member } from './members.ts';
import { type OrganizationAccount, type OrganizationStore, requireOrganization } from './organizations.ts';
import { requireMember } from './require-member.ts';

/** Somebody whom an identity provider vouches for. */
export interface ProvisionedPerson {
  readonly email: string;
  /** How the person is called. */
  readonly name?: string;
  /** What a new account is called; made from the address when absent or taken. */
  readonly username?: string;
  /** Of a new member: a plain one when absent. A member's role is changed only when it is given. */
  readonly role?: Role;
  /** Name of the team to join, made when it is missing; `company` when absent. */
  readonly team?: string;
}

export interface Provisioned {
  readonly person: PersonAccount;
  readonly member: Member;
  /** Whether the account is new. */
  readonly created: boolean;
}

/** What identity providers do: single sign-on on the first visit, and SCIM. */
export interface Provisioning {
  /**
   * Account, membership and team, whatever of them is missing, all or nothing.
   *
   * @throws NotFound, InvalidInput, LastOwner
   */
  provision(organization: string, person: ProvisionedPerson, actor: Actor): Promise<Provisioned>;
}

interface Stores extends AdmissionStores {
  readonly organizations: OrganizationStore;
  readonly people: PersonStore;
  readonly names: NameStore;
}

type Writing = Stores & ChangeContext;

export function createProvisioning(stores: Transactional<Stores>): Provisioning {
  return {
    async provision(name, input, actor) {
      const { team: teamName = provisionedTeam } = input;
      if (!isEmailAddress(input.email)) throw new InvalidInput('email', 'That is not an e-mail address.');
      if (input.role !== undefined) checkRole(input.role);
      checkTeamName(teamName);
      return stores.change(actor, async (writing) => {
        const organization = await requireOrganization(writing.organizations, name);
        const known = await writing.people.byEmail(input.email.toLowerCase());
        const person = known ?? (await createAccount(writing, input));
        const member = await settle(writing, organization, person, input);
        const team =
          (await writing.teams.byName(organization.id, teamName)) ??
          (await insertTeam(writing, organization, { name: teamName }));
        await joinTeam(writing, organization, member, team);
        return {
          person,
          member: await requireMember(writing.memberships, organization, person.username),
          created: !known,
        };
      });
    },
  };
}

async function settle(
  writing: Writing,
  organization: OrganizationAccount,
  person: PersonAccount,
  { role }: ProvisionedPerson,
): Promise<Member> {
  const member = await writing.memberships.find(organization.id, person.username);
  if (!member) return admit(writing, organization, person, { role: role ?? 'member' });
  if (role === undefined) return member;
  await changeMemberRole(writing, organization, member, role);
  return requireMember(writing.memberships, organization, person.username);
}

async function createAccount(writing: Writing, { email, name, username }: ProvisionedPerson): Promise<PersonAccount> {
  const free = await freeName(writing.names, username ?? email.slice(0, email.indexOf('@')));
  return insertPerson(writing, { username: free, email, ...(name !== undefined && { name }) });
}

/** The wanted name as far as the grammar of names allows it, with a number behind it when it is taken. */
async function freeName(names: NameStore, wanted: string): Promise<string> {
  const base = accountNameLike(wanted);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (isAccountName(name) && !(await names.isTaken(name))) return name;
  }
}
