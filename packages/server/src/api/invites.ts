import { formatTime, type InviteBody, type InvitedBody } from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { Invitation, InvitationResult } from '../invitations/invitation.ts';
import type { Authentication } from '../sign-in/authentication.ts';
import type { LimitedMail } from '../sign-in/limited-mail.ts';
import type { OrganizationTokenCaller, PersonCaller } from './authenticate.ts';
import type { Handlers } from './call.ts';
import { defined } from './defined.ts';
import { ApiError, forbidden, tooManyRequests } from './errors.ts';
import { createOwnerRoleGuard } from './owner-role.ts';

export interface InviteOptions {
  readonly administration: Administration;
  readonly authentication: Pick<Authentication, 'requireGoodPassword' | 'setFirstPassword'>;
  /** Undefined without a mail server: then whoever invites hands the links over. */
  readonly mail: Pick<LimitedMail, 'invitation' | 'invitationDelay'> | undefined;
  /** A letter that could not be sent. */
  readonly onMailError: (error: unknown) => void;
  /** What a link to the console begins with: `https://gate.acme.dev/console`. */
  readonly consoleUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function inviteHandlers(options: InviteOptions) {
  const { administration, authentication, mail, consoleUrl, now } = options;
  const { invitations, people } = administration;
  const ownerRole = createOwnerRoleGuard(administration);

  /** The secret is behind the `#`, which no browser sends to anybody. */
  function linkOf(secret: string): string {
    return `${consoleUrl}/invitation#${secret}`;
  }

  async function addressOf({ email, personId }: Invitation): Promise<string | null> {
    return email ?? (personId === null ? null : (await people.byId(personId)).email);
  }

  /** Nobody waits for the mail server. */
  function send(organization: string, { invitedBy }: Invitation, to: string, secret: string): void {
    void mail?.invitation({ to, organization, invitedBy, link: linkOf(secret) }).catch(options.onMailError);
  }

  async function tell(organization: string, result: InvitationResult): Promise<InvitedBody> {
    const { invitee } = result;
    if (result.outcome !== 'invited') return { invitee, status: refusedStatus[result.outcome] };
    const { invitation, secret } = result;
    const body = { invitee, status: 'invited', invite: inviteBody(organization, invitation) } as const;
    if (secret === undefined) return body;
    const to = await addressOf(invitation);
    if (to !== null) send(organization, invitation, to, secret);
    return { ...body, link: linkOf(secret) };
  }

  /** A link makes an owner of whoever has it, so it is as good as the role. @throws ApiError */
  async function requireChangeable(caller: PersonCaller | OrganizationTokenCaller, organization: string, id: string) {
    if (caller.kind !== 'organization-token') return;
    const invitation = (await invitations.list(organization)).find((one) => one.id === id);
    ownerRole.requireRole(caller, invitation?.role);
    await ownerRole.requireTeam(caller, organization, invitation?.team);
  }

  return {
    async inviteMembers({ caller, organization: { name }, body, actor }) {
      const { invitees, team, role, dry_run: dryRun } = body;
      ownerRole.requireRole(caller, role);
      await ownerRole.requireTeam(caller, name, team);
      const results = await invitations.invite(name, { invitees, dryRun, ...defined({ team, role }) }, await actor());
      return { invitees: await Promise.all(results.map((result) => tell(name, result))) };
    },

    async listInvites({ organization: { name } }) {
      return { data: (await invitations.list(name)).map((invitation) => inviteBody(name, invitation)) };
    },

    async resendInvite({ caller, organization: { name }, params: { id }, actor }) {
      await requireChangeable(caller, name, id);
      const by = await actor();
      const invitation = (await invitations.list(name)).find((one) => one.id === id);
      const to = invitation && (await addressOf(invitation));
      // A new link that reaches nobody would only end the old one.
      if (invitation && (mail === undefined || !to)) throw new ApiError(400, cannotSend);
      const delay = to && mail?.invitationDelay(to);
      if (delay) throw tooManyRequests(enoughLetters, delay, now());
      const { invitation: renewed, secret } = await invitations.resend(name, id, by);
      if (to) send(name, renewed, to, secret);
      return undefined;
    },

    async createInviteLink({ caller, organization: { name }, params: { id }, actor }) {
      await requireChangeable(caller, name, id);
      const { secret } = await invitations.resend(name, id, await actor());
      return { link: linkOf(secret) };
    },

    async cancelInvite({ caller, organization: { name }, params: { id }, actor }) {
      await requireChangeable(caller, name, id);
      await invitations.cancel(name, id, await actor());
      return undefined;
    },

    async viewInvitation({ body: { token } }) {
      const { invitation, organization, username } = await invitations.preview(token);
      return {
        org: organization.name,
        org_full_name: organization.fullName,
        inviter_username: invitation.invitedBy,
        invitee: invitation.invitee,
        role: invitation.role,
        team: invitation.team ?? '',
        expires_at: formatTime(invitation.expiresAt),
        username: username ?? null,
      };
    },

    async acceptInvitation({ caller, body: { token, account }, remote }) {
      if (account === undefined) {
        if (caller.kind !== 'person' || caller.by.kind !== 'session') throw forbidden(acceptSignedIn);
        const accepting = { username: caller.person.username };
        const { organization: org, person, member } = await invitations.accept(token, accepting, remote.address);
        return { org, username: person.username, role: member.role };
      }
      authentication.requireGoodPassword(account.password);
      const newPerson = { username: account.username, ...(account.full_name !== '' && { name: account.full_name }) };
      const { organization: org, person, member } = await invitations.accept(token, { newPerson }, remote.address);
      await authentication.setFirstPassword(person.id, account.password, remote);
      return { org, username: person.username, role: member.role };
    },
  } satisfies Partial<Handlers>;
}

const refusedStatus = {
  'already-member': 'existing_org_member',
  invalid: 'invalid_email_or_docker_id',
} as const satisfies Record<string, InvitedBody['status']>;

const cannotSend = 'There is no mail server, or no address to send to. Make a new link and hand it over instead.';
const enoughLetters = 'This address was sent enough letters for now. Wait, or make a new link and hand it over.';
const acceptSignedIn = 'Sign in with your browser to accept, or choose a user name and a password for a new account.';

function inviteBody(organization: string, invitation: Invitation): InviteBody {
  return {
    id: invitation.id,
    inviter_username: invitation.invitedBy,
    invitee: invitation.invitee,
    org: organization,
    team: invitation.team ?? '',
    role: invitation.role,
    created_at: formatTime(invitation.createdAt),
    expires_at: formatTime(invitation.expiresAt),
  };
}
