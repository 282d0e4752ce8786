import type { Actor } from '../activity/activity.ts';
import { LastOwner, NotFound } from '../administration-error.ts';
import type { Member } from '../organizations/members.ts';
import type { Teams } from '../teams/team.ts';
import type { StoredConnection } from './connection-store.ts';

export interface ToldGroups {
  readonly connection: Pick<StoredConnection, 'groupMappings'>;
  /** Undefined when the provider said nothing. */
  readonly groups: ReadonlySet<string> | undefined;
}

/** Puts a member into the teams of their groups, and out of those whose groups they left. Other teams stay as they are. */
export async function followGroups(
  teams: Pick<Teams, 'addMember' | 'removeMember'>,
  organization: string,
  member: Member,
  { connection, groups }: ToldGroups,
  actor: Actor,
): Promise<void> {
  if (groups === undefined) return;
  const wanted = new Set<string>();
  const mapped = new Set<string>();
  for (const { group, team } of connection.groupMappings) {
    mapped.add(team);
    if (groups.has(group)) wanted.add(team);
  }
  const present = new Set(member.teams);
  for (const team of mapped) {
    if (wanted.has(team) === present.has(team)) continue;
    const change = wanted.has(team) ? teams.addMember : teams.removeMember;
    try {
      await change(organization, team, member.username, actor);
    } catch (error) {
      // A team that was deleted is nobody's, and the last owner stays one whatever the provider says.
      if (!(error instanceof NotFound || error instanceof LastOwner)) throw error;
    }
  }
}
