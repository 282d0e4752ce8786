import type { ChangeContext } from '../activity/transactional.ts';
import { NotFound } from '../administration-error.ts';
import { changeMemberRole } from '../organizations/member-role.ts';
import type { Member, MembershipStore } from '../organizations/members.ts';
import type { OrganizationAccount } from '../organizations/organizations.ts';
import type { Team, TeamStore } from './team.ts';
import { ownersTeam, teamKey } from './team-name.ts';

type Stores = ChangeContext & { readonly memberships: MembershipStore; readonly teams: TeamStore };

export function isOwnersTeam({ name }: Pick<Team, 'name'>): boolean {
  return teamKey(name) === ownersTeam;
}

/** @throws NotFound */
export async function requireTeam(teams: TeamStore, organization: OrganizationAccount, name: string): Promise<Team> {
  const team = await teams.byName(organization.id, name);
  if (team) return team;
  throw new NotFound(`The team ${JSON.stringify(name)} was not found in ${organization.name}.`);
}

/** Puts a member into a team, and tells of it. Who is in it already stays. */
export async function joinTeam(
  stores: Stores,
  organization: OrganizationAccount,
  member: Member,
  team: Team,
): Promise<void> {
  const { teams, at, record } = stores;
  if (isOwnersTeam(team)) {
    if (member.role === 'owner') return;
    await changeMemberRole(stores, organization, member, 'owner');
  } else {
    if (await teams.hasMember(organization.id, team.id, member.personId)) return;
    await teams.addMember(organization.id, team.id, member.personId, at);
  }
  const after = { team: team.name };
  await record({ organizationId: organization.id, action: 'org.team.member.add', subject: member.username, after });
}
