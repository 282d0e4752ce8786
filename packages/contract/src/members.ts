import { roles } from '@pullgate/policy';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { flag, pageOf, pageQuery } from './paging.ts';
import { inOrganization, inOrganizationWithName } from './params.ts';
import { profile } from './people.ts';
import { memberReads, ownerChanges, ownerReads } from './permission.ts';
import { time } from './time.ts';

const group = 'Members';

/** Lower case in requests. */
export const role = z.enum(roles);
/** Capitalized in answers. */
const shownRole = z.enum(['Owner', 'Editor', 'Member', 'Invitee']);

const { uuid: _uuid, ...profileWithoutUuid } = profile;

const member = z
  .object({
    ...profileWithoutUuid,
    username: z.string().describe('Empty for who is only invited.'),
    email: z.string().describe('Empty for whoever may not manage members.'),
    primary_email: z.string(),
    role: shownRole,
    groups: z.array(z.string()),
    is_guest: z.boolean().describe('The organization has verified domains, and this address is outside of them.'),
    type: z.enum(['User', 'Invitee']),
    last_seen_at: time.nullable().optional().describe('The last sign-in or use of a token; only for owners.'),
    origin: z
      .object({
        connection: z.string().describe('Name of the single sign-on connection.'),
        by: z
          .enum(['scim', 'single-sign-on'])
          .describe('Provisioned by the identity provider, or only signed in there.'),
      })
      .nullable()
      .optional()
      .describe('The identity provider that the member comes through, null for none; only for owners.'),
  })
  .meta({ id: 'Member' });
export type MemberBody = z.output<typeof member>;

export const exportMembers = endpoint({
  name: 'exportMembers',
  method: 'GET',
  path: '/v2/orgs/{org}/members/export',
  summary: 'Export the members and who is invited as CSV.',
  group,
  permission: { ...ownerReads, organizationToken: 'scope-member-read' },
  params: inOrganization,
  success: { status: 200, mediaTypes: ['text/csv'] },
  since: '0.1.0',
});

export const listMembers = endpoint({
  name: 'listMembers',
  method: 'GET',
  path: '/v2/orgs/{org}/members',
  summary: 'List the members.',
  group,
  permission: { ...memberReads, organizationToken: 'scope-member-read' },
  params: inOrganization,
  query: pageQuery({
    search: z
      .string()
      .max(200)
      .optional()
      .describe('In user names and full names; for owners also in e-mail addresses.'),
    invites: flag.optional().describe('Also who is invited.'),
    type: z.enum(['all', 'invitee', 'member']).optional(),
    role: role.optional(),
  }),
  success: { status: 200, schema: pageOf(member) },
  since: '0.1.0',
});

export const updateMember = endpoint({
  name: 'updateMember',
  method: 'PUT',
  path: '/v2/orgs/{org}/members/{username}',
  summary: 'Change the role of a member.',
  description: 'The last owner keeps the role.',
  group,
  permission: { ...ownerChanges, organizationToken: 'scope-member-edit' },
  params: inOrganizationWithName,
  body: z.object({ role }),
  success: { status: 200, schema: member },
  since: '0.1.0',
});

export const removeMember = endpoint({
  name: 'removeMember',
  method: 'DELETE',
  path: '/v2/orgs/{org}/members/{username}',
  summary: 'Remove a member from the organization and from all its teams.',
  description: 'The last owner stays.',
  group,
  permission: { ...ownerChanges, organizationToken: 'scope-member-edit' },
  params: inOrganizationWithName,
  success: { status: 204 },
  since: '0.1.0',
});

export const memberEndpoints = [exportMembers, listMembers, updateMember, removeMember] as const;
