import type { Actor } from '../activity/activity.ts';
import type { ChangeContext, Transactional } from '../activity/transactional.ts';
import { InvalidInput, LimitReached, NotFound } from '../administration-error.ts';
import { type AdmissionStores, admit } from '../organizations/admission.ts';
import { checkRole } from '../organizations/member-role.ts';
import {
  type OrganizationAccount,
  type OrganizationStore,
  requireOrganization,
  requireOrganizationById,
} from '../organizations/organizations.ts';
import { insertPerson, type NameStore, type PersonAccount, type PersonStore, requirePerson } from '../people/people.ts';
import { requireTeam } from '../teams/join-team.ts';
import { hashToken, newToken } from '../tokens/secret.ts';
import type {
  Accepted,
  Accepting,
  BulkInvitation,
  Invitation,
  InvitationPreview,
  InvitationResult,
  InvitationStore,
  Invitations,
  IssuedInvitation,
} from './invitation.ts';
import { inviteOne, lifetimeMs, type Offer } from './invite-one.ts';

interface Stores extends AdmissionStores {
  readonly organizations: OrganizationStore;
  readonly people: PersonStore;
  readonly names: NameStore;
}

/** People in one request. */
const maxInvitees = 1_000;
const maxPending = 5_000;

/** @param now gives milliseconds since 1970. */
export function createInvitations(stores: Transactional<Stores>, now: () => number): Invitations {
  const { organizations, invitations } = stores.read;
  return {
    invite: (name, bulk, actor) => invite(stores, name, bulk, actor, now),
    list: async (name) => invitations.list((await requireOrganization(organizations, name)).id),
    async organizationOf(id) {
      const organizationId = await invitations.locate(id);
      if (organizationId === undefined) throw notFound();
      return (await requireOrganizationById(organizations, organizationId)).name;
    },
    resend: (name, id, actor) => resend(stores, name, id, actor),
    cancel: (name, id, actor) =>
      stores.change(actor, async (writing) => {
        const organization = await requireOrganization(writing.organizations, name);
        const { invitee: subject, role, team } = await requireInvitation(writing.invitations, organization, id);
        await writing.invitations.delete(organization.id, id);
        const before = { id, role, team };
        await writing.record({
          organizationId: organization.id,
          action: 'org.member.invite.cancel',
          subject,
          before,
        });
      }),
    preview: (secret) => preview(stores.read, secret, now()),
    accept: (secret, accepting, address) => accept(stores, secret, accepting, address),
  };
}

async function invite(
  stores: Transactional<Stores>,
  name: string,
  bulk: BulkInvitation,
  actor: Actor,
  now: () => number,
): Promise<readonly InvitationResult[]> {
  const { invitees, role = 'member', dryRun = false } = bulk;
  checkRole(role);
  if (invitees.length < 1 || invitees.length > maxInvitees) {
    throw new InvalidInput('invitees', `1 to ${maxInvitees} people can be invited at once.`);
  }
  const inviteAll = async (writing: Stores & ChangeContext) => {
    const organization = await requireOrganization(writing.organizations, name);
    const team = bulk.team === undefined ? undefined : await requireTeam(writing.teams, organization, bulk.team);
    const offer: Offer = { organization, role, team, invitedBy: actor.name, dryRun };
    const results: InvitationResult[] = [];
    for (const invitee of invitees) results.push(await inviteOne(writing, offer, invitee));
    if ((await writing.invitations.list(organization.id)).length > maxPending) {
      throw new LimitReached(`At most ${maxPending} invitations can be pending. Cancel some that are not needed.`);
    }
    return results;
  };
  if (dryRun) return inviteAll({ ...stores.read, at: now(), record: async () => undefined });
  return stores.change(actor, inviteAll);
}

function resend(stores: Transactional<Stores>, name: string, id: string, actor: Actor): Promise<IssuedInvitation> {
  const secret = newToken('invitation');
  return stores.change(actor, async ({ organizations, invitations, at, record }) => {
    const organization = await requireOrganization(organizations, name);
    const invitation = await requireInvitation(invitations, organization, id);
    const expiresAt = at + lifetimeMs;
    await invitations.update(organization.id, id, { secretHash: hashToken(secret), expiresAt });
    const { invitee: subject, role, team } = invitation;
    const after = { id, role, team, again: true };
    await record({ organizationId: organization.id, action: 'org.member.invite.send', subject, after });
    return { invitation: { ...invitation, expiresAt }, secret };
  });
}

async function preview(
  { invitations, organizations, people }: Stores,
  secret: string,
  now: number,
): Promise<InvitationPreview> {
  const invitation = await requireOpen(invitations, secret, now);
  const { name, fullName } = await requireOrganizationById(organizations, invitation.organizationId);
  const person = invitation.personId === null ? undefined : await people.byId(invitation.personId);
  return { invitation, organization: { name, fullName }, username: person?.username };
}

async function accept(
  stores: Transactional<Stores>,
  secret: string,
  accepting: Accepting,
  address: string | undefined,
): Promise<Accepted> {
  const known = 'username' in accepting ? await requirePerson(stores.read.people, accepting.username) : undefined;
  const name = 'username' in accepting ? accepting.username : accepting.newPerson.username;
  const actor: Actor = {
    kind: 'person',
    name,
    ...(known && { id: known.id }),
    ...(address !== undefined && { address }),
  };
  return stores.change(actor, async (writing) => {
    const invitation = await requireOpen(writing.invitations, secret, writing.at);
    if (invitation.personId !== null && invitation.personId !== known?.id) throw otherPerson();
    const organization = await requireOrganizationById(writing.organizations, invitation.organizationId);
    const person = await acceptingPerson(writing, accepting, invitation);
    const team =
      invitation.team === null ? {} : { team: await requireTeam(writing.teams, organization, invitation.team) };
    const member = await admit(writing, organization, person, { role: invitation.role, ...team });
    await writing.invitations.delete(organization.id, invitation.id);
    return { organization: organization.name, person, member };
  });
}

async function acceptingPerson(
  stores: Stores & ChangeContext,
  accepting: Accepting,
  { email }: Invitation,
): Promise<PersonAccount> {
  if ('username' in accepting) return requirePerson(stores.people, accepting.username);
  const { username, name } = accepting.newPerson;
  // The address stays unverified: whoever invited may have handed the link over, or kept it. So it is nobody's proof
  // against an account that has the address already, which keeps it.
  const isFree = email !== null && !(await stores.people.byEmail(email));
  return insertPerson(stores, { username, ...(name !== undefined && { name }), ...(isFree && { email }) });
}

async function requireInvitation(
  invitations: InvitationStore,
  organization: OrganizationAccount,
  id: string,
): Promise<Invitation> {
  const invitation = await invitations.find(organization.id, id);
  if (invitation === undefined) throw notFound();
  return invitation;
}

/** By the secret alone: it says which organization. */
async function requireOpen(invitations: InvitationStore, secret: string, now: number): Promise<Invitation> {
  const invitation = await invitations.bySecretHash(hashToken(secret));
  if (invitation !== undefined && now < invitation.expiresAt) return invitation;
  throw new NotFound('The invitation was not found: it was used, cancelled or has expired. Ask for a new link.');
}

function notFound(): NotFound {
  return new NotFound('The invitation was not found. It may have been accepted or cancelled meanwhile.');
}

function otherPerson(): InvalidInput {
  return new InvalidInput('username', 'This invitation is for another account. Sign in with the one that was invited.');
}
