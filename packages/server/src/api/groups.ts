import type { TeamBody, TeamMemberBody } from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { Member } from '../organizations/members.ts';
import type { Domains } from '../sign-in/single-sign-on.ts';
import type { Team } from '../teams/team.ts';
import type { Standing } from './authorize.ts';
import { type Handlers, pageBody } from './call.ts';
import { defined } from './defined.ts';
import { createGuestCheck } from './members.ts';
import { createOwnerRoleGuard } from './owner-role.ts';
import { pageRequest } from './paging.ts';
import { profileBody } from './profile.ts';

/** Teams, which Docker Hub calls groups. */
export function groupHandlers({
  administration: { teams, members },
  domains,
}: {
  readonly administration: Administration;
  readonly domains: Pick<Domains, 'list'>;
}) {
  const guests = createGuestCheck(domains);
  const ownerRole = createOwnerRoleGuard({ teams, members });

  return {
    async listGroups(call) {
      const { organization, query } = call;
      const { username, search } = query;
      const wanted = { ...pageRequest(query), ...defined({ username, search }) };
      return pageBody(call, await teams.page(organization.name, wanted), teamBody);
    },

    async createGroup({ organization, body, actor }) {
      return teamBody(await teams.create(organization.name, body, await actor()));
    },

    async getGroup({ organization, params: { team } }) {
      return teamBody(await teams.find(organization.name, team));
    },

    async replaceGroup({ caller, organization, params: { team }, body, actor }) {
      await ownerRole.requireTeam(caller, organization.name, team);
      return teamBody(await teams.update(organization.name, team, body, await actor()));
    },

    async updateGroup({ caller, organization, params: { team }, body, actor }) {
      ownerRole.requireRole(caller, body.role);
      await ownerRole.requireTeam(caller, organization.name, team);
      return teamBody(await teams.update(organization.name, team, defined(body), await actor()));
    },

    async deleteGroup({ caller, organization, params: { team }, actor }) {
      await ownerRole.requireTeam(caller, organization.name, team);
      await teams.delete(organization.name, team, await actor());
      return undefined;
    },

    async listGroupMembers(call) {
      const { organization, asOwner, params, query } = call;
      const { search } = query;
      const isGuest = await guests(organization.name);
      const wanted = { ...pageRequest(query), searchEmail: asOwner, ...defined({ search }) };
      const page = await teams.members(organization.name, params.team, wanted);
      return pageBody(call, page, (member) => teamMemberBody(member, { asOwner, isGuest: isGuest(member.email) }));
    },

    async addGroupMember({ caller, organization, asOwner, params: { team }, body: { member: name }, actor }) {
      await ownerRole.requireTeam(caller, organization.name, team);
      const isGuest = await guests(organization.name);
      const member = await teams.addMember(organization.name, team, name, await actor());
      return teamMemberBody(member, { asOwner, isGuest: isGuest(member.email) });
    },

    async removeGroupMember({ caller, organization, params: { team, username }, actor }) {
      await ownerRole.requireTeam(caller, organization.name, team);
      await teams.removeMember(organization.name, team, username, await actor());
      return undefined;
    },
  } satisfies Partial<Handlers>;
}

function teamBody({ id, uuid, name, description, memberCount, role }: Team): TeamBody {
  return { id, uuid, name, description, member_count: memberCount, role };
}

function teamMemberBody(
  member: Member,
  { asOwner, isGuest }: Pick<Standing, 'asOwner'> & { readonly isGuest: boolean },
): TeamMemberBody {
  const email = asOwner ? (member.email ?? '') : '';
  return {
    ...profileBody({ ...member, id: member.personId }, member.name),
    username: member.username,
    type: 'User',
    email,
    primary_email: email,
    role: member.role,
    groups: [...member.teams],
    is_guest: isGuest,
  };
}
