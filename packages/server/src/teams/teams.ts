import { randomUUID } from 'node:crypto';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { AlreadyExists, InvalidInput, LimitReached, NotFound } from '../administration-error.ts';
import { changeMemberRole, checkRole } from '../organizations/member-role.ts';
import type { Member, MembershipStore } from '../organizations/members.ts';
import {
  type OrganizationAccount,
  type OrganizationStore,
  requireOrganization,
} from '../organizations/organizations.ts';
import type { Page } from '../organizations/page.ts';
import { requireMember } from '../organizations/require-member.ts';
import type { PersonStore } from '../people/people.ts';
import { isOwnersTeam, joinTeam, requireTeam } from './join-team.ts';
import type { Team, TeamChange, TeamMemberQuery, TeamStore, Teams } from './team.ts';
import { checkTeamName, teamKey } from './team-name.ts';

interface Stores {
  readonly organizations: OrganizationStore;
  readonly people: PersonStore;
  readonly memberships: MembershipStore;
  readonly teams: TeamStore;
}

const maxTeams = 1_000;
const maxDescriptionLength = 1_000;

export function createTeams(stores: Transactional<Stores>): Teams {
  const { organizations, people, teams } = stores.read;
  return {
    create: (organization, team, actor) => create(stores, organization, team, actor),
    async find(name, team) {
      return requireTeam(teams, await requireOrganization(organizations, name), team);
    },
    async page(name, { username, ...query }) {
      const { id } = await requireOrganization(organizations, name);
      if (username === undefined) return teams.page(id, query);
      const person = await people.byUsername(username.toLowerCase());
      return person ? teams.page(id, { ...query, personId: person.id }) : { items: [], total: 0 };
    },
    update: (organization, name, change, actor) => update(stores, organization, name, change, actor),
    delete: (organization, name, actor) => remove(stores, organization, name, actor),
    members: (organization, name, query) => members(stores.read, organization, name, query),
    addMember: (organization, name, person, actor) => addMember(stores, organization, name, person, actor),
    removeMember: (organization, name, person, actor) => removeMember(stores, organization, name, person, actor),
  };
}

async function create(
  stores: Transactional<Stores>,
  name: string,
  input: { name: string; description?: string },
  actor: Actor,
): Promise<Team> {
  checkTeamName(input.name);
  checkDescription(input.description);
  return stores.change(actor, async (writing) => {
    const organization = await requireOrganization(writing.organizations, name);
    return insertTeam(writing, organization, input);
  });
}

/**
 * Makes a team, in the transaction of a larger change. Its name must have been checked.
 *
 * @throws AlreadyExists, LimitReached
 */
export async function insertTeam(
  { teams, at, record }: Parameters<Parameters<Transactional<Stores>['change']>[1]>[0],
  organization: OrganizationAccount,
  { name, description = '' }: { readonly name: string; readonly description?: string },
): Promise<Team> {
  const { id: organizationId } = organization;
  await requireFreeName(teams, organization, name);
  const { total } = await teams.page(organizationId, { offset: 0, limit: 1 });
  if (total >= maxTeams) throw new LimitReached(`An organization has at most ${maxTeams} teams.`);
  const id = await teams.nextId();
  const team = { id, uuid: randomUUID(), organizationId, name, description, role: 'member', createdAt: at } as const;
  await teams.insert(team);
  await record({ organizationId, action: 'org.team.create', subject: name, after: { id, description } });
  return { ...team, memberCount: 0 };
}

async function update(
  stores: Transactional<Stores>,
  name: string,
  teamName: string,
  change: TeamChange,
  actor: Actor,
): Promise<Team> {
  if (change.name !== undefined) checkTeamName(change.name);
  if (change.role !== undefined) checkRole(change.role);
  checkDescription(change.description);
  return stores.change(actor, async ({ organizations, teams, record }) => {
    const organization = await requireOrganization(organizations, name);
    const team = await requireTeam(teams, organization, teamName);
    const next = { ...team, ...change };
    const [before, after] = [told(team), told(next)];
    if (JSON.stringify(before) === JSON.stringify(after)) return team;
    if (isOwnersTeam(team) && (next.name !== team.name || next.role !== team.role)) throw ownersStay();
    if (teamKey(next.name) !== teamKey(team.name)) await requireFreeName(teams, organization, next.name);
    await teams.update(organization.id, team.id, change);
    await record({ organizationId: organization.id, action: 'org.team.update', subject: team.name, before, after });
    return next;
  });
}

function remove(stores: Transactional<Stores>, name: string, teamName: string, actor: Actor): Promise<void> {
  return stores.change(actor, async ({ organizations, teams, record }) => {
    const organization = await requireOrganization(organizations, name);
    const team = await requireTeam(teams, organization, teamName);
    if (isOwnersTeam(team)) throw ownersStay();
    await teams.delete(organization.id, team.id);
    const before = { ...told(team), id: team.id, members: team.memberCount };
    await record({ organizationId: organization.id, action: 'org.team.delete', subject: team.name, before });
  });
}

async function members(
  { organizations, memberships, teams }: Stores,
  name: string,
  teamName: string,
  query: TeamMemberQuery,
): Promise<Page<Member>> {
  const organization = await requireOrganization(organizations, name);
  const team = await requireTeam(teams, organization, teamName);
  const which = isOwnersTeam(team) ? ({ role: 'owner' } as const) : { teamId: team.id };
  return memberships.page(organization.id, { ...query, ...which });
}

function addMember(
  stores: Transactional<Stores>,
  name: string,
  teamName: string,
  person: string,
  actor: Actor,
): Promise<Member> {
  return stores.change(actor, async (writing) => {
    const organization = await requireOrganization(writing.organizations, name);
    const team = await requireTeam(writing.teams, organization, teamName);
    const member = await requireMember(writing.memberships, organization, person);
    await joinTeam(writing, organization, member, team);
    return requireMember(writing.memberships, organization, member.username);
  });
}

function removeMember(
  stores: Transactional<Stores>,
  name: string,
  teamName: string,
  person: string,
  actor: Actor,
): Promise<void> {
  return stores.change(actor, async (writing) => {
    const organization = await requireOrganization(writing.organizations, name);
    const team = await requireTeam(writing.teams, organization, teamName);
    const member = await requireMember(writing.memberships, organization, person);
    const [{ id: organizationId }, { personId, username: subject }] = [organization, member];
    if (!(await isMemberOf(writing.teams, team, member))) {
      throw new NotFound(`The member ${JSON.stringify(person)} was not found in the team ${team.name}.`);
    }
    if (isOwnersTeam(team)) await changeMemberRole(writing, organization, member, 'member');
    else await writing.teams.removeMember(organizationId, team.id, personId);
    await writing.record({
      organizationId,
      action: 'org.team.member.remove',
      subject,
      before: { team: team.name },
    });
  });
}

async function isMemberOf(teams: TeamStore, team: Team, { role, personId }: Member): Promise<boolean> {
  return isOwnersTeam(team) ? role === 'owner' : teams.hasMember(team.organizationId, team.id, personId);
}

async function requireFreeName(teams: TeamStore, organization: OrganizationAccount, name: string): Promise<void> {
  if (!(await teams.byName(organization.id, name))) return;
  throw new AlreadyExists(`${organization.name} has a team named ${name} already. Choose another name.`);
}

function ownersStay(): InvalidInput {
  return new InvalidInput('name', 'The team owners is how an organization names its owners, and stays as it is.');
}

function told({ name, description, role }: Team) {
  return { name, description, role };
}

function checkDescription(description = ''): void {
  if (description.length <= maxDescriptionLength) return;
  throw new InvalidInput('description', `A team's description has at most ${maxDescriptionLength} characters.`);
}
