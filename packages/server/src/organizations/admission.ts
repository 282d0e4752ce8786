import type { Role } from '@pullgate/policy';
import type { ChangeContext } from '../activity/transactional.ts';
import { AlreadyExists } from '../administration-error.ts';
import type { InvitationStore } from '../invitations/invitation.ts';
import type { PersonAccount } from '../people/people.ts';
import { joinTeam } from '../teams/join-team.ts';
import type { Team, TeamStore } from '../teams/team.ts';
import type { Member, MembershipStore } from './members.ts';
import type { OrganizationAccount } from './organizations.ts';
import { requireMember } from './require-member.ts';

export interface AdmissionStores {
  readonly memberships: MembershipStore;
  readonly teams: TeamStore;
  readonly invitations: InvitationStore;
}

/**
 * Makes a person a member, by whichever way they come, and tells of it. Invitations of theirs are settled by it: one that
 * stayed could be accepted after they were removed.
 *
 * @throws AlreadyExists
 */
export async function admit(
  stores: AdmissionStores & ChangeContext,
  organization: OrganizationAccount,
  person: PersonAccount,
  { role, team }: { readonly role: Role; readonly team?: Team },
): Promise<Member> {
  const { memberships, invitations, at, record } = stores;
  const { id: organizationId, name } = organization;
  if (await memberships.find(organizationId, person.username)) {
    throw new AlreadyExists(`${person.username} is a member of ${name} already. Change the role instead.`);
  }
  await memberships.insert(organizationId, person.id, role, at);
  await invitations.deleteFor(organizationId, person);
  await record({ organizationId, action: 'org.member.add', subject: person.username, after: { role } });
  const member = await requireMember(memberships, organization, person.username);
  if (team === undefined) return member;
  await joinTeam(stores, organization, member, team);
  return requireMember(memberships, organization, person.username);
}
