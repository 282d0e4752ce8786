import { sentences } from '@pullgate/contract';
import type { Role } from '@pullgate/policy';
import type { Administration } from '../administration.ts';
import { isOwnersTeam } from '../teams/join-team.ts';
import type { Team } from '../teams/team.ts';
import type { OrganizationTokenCaller, PersonCaller } from './authenticate.ts';
import { forbidden } from './errors.ts';

type Caller = PersonCaller | OrganizationTokenCaller;

const allTeams = { offset: 0, limit: Number.MAX_SAFE_INTEGER };

/**
 * Keeps the role `owner` from organization access tokens. Automation that sorts people into teams would otherwise make
 * owners, who may do all that its scopes leave out, and take the role from those who could stop it.
 */
export function createOwnerRoleGuard({ members, teams }: Pick<Administration, 'members' | 'teams'>) {
  function requireRole({ kind }: Caller, role: Role | undefined): void {
    if (kind === 'organization-token' && role === 'owner') throw forbidden(sentences.organizationTokenRefused);
  }

  return {
    /** For a role that is to be given. @throws ApiError */
    requireRole,

    /** For a team that is to be changed, or whose members are. @throws ApiError, NotFound */
    async requireTeam(caller: Caller, organization: string, name: string | null | undefined): Promise<void> {
      if (caller.kind !== 'organization-token' || name === null || name === undefined) return;
      requireRole(caller, roleBy(await teams.find(organization, name)));
    },

    /** For a member who is to be changed or removed. @throws ApiError, NotFound */
    async requireMember(caller: Caller, organization: string, person: string): Promise<void> {
      if (caller.kind !== 'organization-token') return;
      const { role, username } = await members.find(organization, person);
      requireRole(caller, role);
      const { items } = await teams.page(organization, { ...allTeams, username });
      for (const team of items) requireRole(caller, roleBy(team));
    },
  };
}

/** What a team makes of its members. */
function roleBy(team: Team): Role {
  return isOwnersTeam(team) ? 'owner' : team.role;
}
