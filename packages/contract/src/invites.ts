import { roles } from '@pullgate/policy';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { role } from './members.ts';
import { inOrganization, withId } from './params.ts';
import { everybody, ownerChanges, ownerReads } from './permission.ts';
import { secret } from './secret.ts';
import { time } from './time.ts';

const group = 'Invitations';
const changes = { ...ownerChanges, organizationToken: 'scope-invite-edit' } as const;

const invite = z
  .object({
    id: z.string(),
    inviter_username: z.string(),
    invitee: z.string().describe('E-mail address or user name, as it was given.'),
    org: z.string(),
    team: z.string().describe('Empty for none.'),
    role: z.string(),
    created_at: time,
    expires_at: time.optional(),
  })
  .meta({ id: 'Invite' });
export type InviteBody = z.output<typeof invite>;

const invited = z
  .object({
    invitee: z.string(),
    status: z.enum(['invited', 'existing_org_member', 'invalid_email_or_docker_id']),
    invite: invite.optional(),
    link: z
      .string()
      .optional()
      .describe('To hand to whoever is invited when no mail is sent. It is a secret, and is shown only here.'),
  })
  .meta({ id: 'Invited' });
export type InvitedBody = z.output<typeof invited>;

/** Terraform's provider writes what it does not set as an empty string. */
function absentWhenEmpty<S extends z.ZodType>(schema: S, error: string) {
  return z.union([z.literal('').transform(() => undefined), schema], error).optional();
}

export const inviteMembers = endpoint({
  name: 'inviteMembers',
  method: 'POST',
  path: '/v2/invites/bulk',
  summary: 'Invite people to an organization.',
  description:
    'The answer tells for each what came of it. Who is invited already keeps the invitation, so repeating it is safe.',
  group,
  permission: changes,
  body: z.object({
    org: z.string().min(1),
    invitees: z.array(z.string().min(1).max(254)).min(1).max(1000).describe('User names or e-mail addresses.'),
    team: absentWhenEmpty(z.string().max(30), 'The name of a team has at most 30 characters.'),
    role: absentWhenEmpty(role, `A role is one of ${roles.map((name) => `"${name}"`).join(', ')}.`),
    dry_run: z.boolean().default(false).describe('Answer the same, and change nothing.'),
  }),
  success: { status: 202, schema: z.object({ invitees: z.array(invited) }) },
  since: '0.1.0',
});

export const listInvites = endpoint({
  name: 'listInvites',
  method: 'GET',
  path: '/v2/orgs/{org}/invites',
  summary: 'List the pending invitations.',
  group,
  permission: { ...ownerReads, organizationToken: 'scope-invite-read' },
  params: inOrganization,
  success: { status: 200, schema: z.object({ data: z.array(invite) }) },
  since: '0.1.0',
});

export const resendInvite = endpoint({
  name: 'resendInvite',
  method: 'PATCH',
  path: '/v2/invites/{id}/resend',
  aliases: [{ method: 'POST', path: '/v2/invites/{id}/resend' }],
  summary: 'Send an invitation again.',
  group,
  permission: changes,
  params: withId,
  success: { status: 204 },
  since: '0.1.0',
});

export const createInviteLink = endpoint({
  name: 'createInviteLink',
  method: 'POST',
  path: '/v2/invites/{id}/link',
  summary: 'Make a new link of an invitation, to hand over without mail. The old one stops working.',
  group,
  permission: changes,
  params: withId,
  success: { status: 200, schema: z.object({ link: z.string() }) },
  since: '0.1.0',
});

export const cancelInvite = endpoint({
  name: 'cancelInvite',
  method: 'DELETE',
  path: '/v2/invites/{id}',
  summary: 'Cancel an invitation. One that was accepted is no longer there.',
  group,
  permission: changes,
  params: withId,
  success: { status: 204 },
  since: '0.1.0',
});

const token = secret(z.string().min(1).max(200).describe('From the link.'));

const invitation = z
  .object({
    org: z.string(),
    org_full_name: z.string(),
    inviter_username: z.string(),
    invitee: z.string(),
    role: z.string(),
    team: z.string(),
    expires_at: time,
    username: z.string().nullable().describe('Who has to sign in to accept; null when a new account may.'),
  })
  .meta({ id: 'Invitation' });
export type InvitationBody = z.output<typeof invitation>;

export const viewInvitation = endpoint({
  name: 'viewInvitation',
  method: 'POST',
  path: '/v2/invites/view',
  summary: 'Tell what a link invites to.',
  description: 'A POST, so that the token is in no address and in no log.',
  group,
  permission: everybody,
  body: z.object({ token }),
  success: { status: 200, schema: invitation },
  since: '0.1.0',
});

export const acceptInvitation = endpoint({
  name: 'acceptInvitation',
  method: 'POST',
  path: '/v2/invites/accept',
  summary: 'Accept an invitation, signed in or with a new account.',
  group,
  permission: everybody,
  body: z.object({
    token,
    account: z
      .object({
        username: z.string().min(1).max(40),
        full_name: z.string().max(200).default(''),
        password: secret(z.string().min(1).max(1024)),
      })
      .optional()
      .describe('For who has no account yet.'),
  }),
  success: { status: 200, schema: z.object({ org: z.string(), username: z.string(), role: z.string() }) },
  since: '0.1.0',
});

export const inviteEndpoints = [
  inviteMembers,
  listInvites,
  resendInvite,
  createInviteLink,
  cancelInvite,
  viewInvitation,
  acceptInvitation,
] as const;
