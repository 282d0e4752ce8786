import { randomUUID } from 'node:crypto';
import type { Role } from '@pullgate/policy';
import type { ChangeContext } from '../activity/transactional.ts';
import type { MembershipStore } from '../organizations/members.ts';
import type { OrganizationAccount } from '../organizations/organizations.ts';
import { isEmailAddress, type PersonStore } from '../people/people.ts';
import type { Team } from '../teams/team.ts';
import { hashToken, newToken } from '../tokens/secret.ts';
import type { Invitation, InvitationResult, InvitationStore } from './invitation.ts';

/** How long a link is good. */
export const lifetimeMs = 14 * 24 * 60 * 60 * 1000;

/** What somebody is invited to. */
export interface Offer {
  readonly organization: OrganizationAccount;
  readonly role: Role;
  readonly team: Team | undefined;
  /** Name of the actor. */
  readonly invitedBy: string;
  readonly dryRun: boolean;
}

interface Stores extends ChangeContext {
  readonly people: PersonStore;
  readonly memberships: MembershipStore;
  readonly invitations: InvitationStore;
}

interface Addressee {
  readonly personId: string | null;
  readonly email: string | null;
}

/** Invites one of many: what cannot be done is told in the result, and the others go on. */
export async function inviteOne(stores: Stores, offer: Offer, invitee: string): Promise<InvitationResult> {
  const { organization } = offer;
  const person = await findPerson(stores.people, invitee);
  if (person && (await stores.memberships.find(organization.id, person.username))) {
    return { outcome: 'already-member', invitee };
  }
  const isAddress = isEmailAddress(invitee);
  if (!person && !isAddress) return { outcome: 'invalid', invitee };
  const to = { personId: person?.id ?? null, email: isAddress ? invitee.toLowerCase() : null };
  const pending = await stores.invitations.pendingFor(organization.id, to);
  // Whoever made an account with somebody's address beforehand must not be taken for them (account pre-hijacking).
  const isProved = !isAddress || person?.emailVerified === true;
  if (pending) return inviteAgain(stores, offer, pending, invitee);
  return inviteFirst(stores, offer, isProved ? to : { ...to, personId: null }, invitee);
}

function findPerson(people: PersonStore, invitee: string) {
  const key = invitee.toLowerCase();
  return key.includes('@') ? people.byEmail(key) : people.byUsername(key);
}

async function inviteFirst(stores: Stores, offer: Offer, to: Addressee, invitee: string): Promise<InvitationResult> {
  const { organization, role, team, invitedBy } = offer;
  const invitation: Invitation = {
    id: randomUUID(),
    organizationId: organization.id,
    invitee,
    ...to,
    role,
    team: team?.name ?? null,
    invitedBy,
    createdAt: stores.at,
    expiresAt: stores.at + lifetimeMs,
  };
  if (offer.dryRun) return { outcome: 'invited', invitee, invitation };
  const secret = newToken('invitation');
  await stores.invitations.insert(invitation, team?.id ?? null, hashToken(secret));
  await tell(stores, invitation);
  return { outcome: 'invited', invitee, invitation, secret };
}

/**
 * The same again leaves the link as it is: a repeated request takes nothing from who has it. Something else makes a new
 * one, for the old one was handed over, and perhaps handed on, as one to what was offered then.
 */
async function inviteAgain(
  stores: Stores,
  { role, team, dryRun }: Offer,
  pending: Invitation,
  invitee: string,
): Promise<InvitationResult> {
  const offered = { role, team: team?.name ?? null };
  const isSame = offered.role === pending.role && offered.team === pending.team;
  if (isSame && stores.at < pending.expiresAt) return { outcome: 'invited', invitee, invitation: pending };
  const invitation = { ...pending, ...offered, expiresAt: stores.at + lifetimeMs };
  if (dryRun) return { outcome: 'invited', invitee, invitation };
  const secret = newToken('invitation');
  const { organizationId, id, expiresAt } = invitation;
  const change = { role, teamId: team?.id ?? null, secretHash: hashToken(secret), expiresAt };
  await stores.invitations.update(organizationId, id, change);
  await tell(stores, invitation);
  return { outcome: 'invited', invitee, invitation, secret };
}

async function tell({ record }: Stores, { id, organizationId, invitee: subject, role, team }: Invitation) {
  await record({ organizationId, action: 'org.member.invite.send', subject, after: { id, role, team } });
}
