import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { pageOf, pageQuery } from './paging.ts';
import { inOrganization, inOrganizationWithId } from './params.ts';
import { memberReads, ownerChanges, ownerReads, ownerSignedIn } from './permission.ts';
import { personalToken } from './personal-tokens.ts';

const group = 'Tokens of members';

const memberToken = z
  .object({ ...personalToken.omit({ token: true }).shape, username: z.string() })
  .meta({ id: 'MemberAccessToken' });
export type MemberTokenBody = z.output<typeof memberToken>;

export const listMemberTokens = endpoint({
  name: 'listMemberTokens',
  method: 'GET',
  path: '/v2/orgs/{org}/member-tokens',
  summary: 'List the personal access tokens with which members of the organization can pull.',
  group,
  permission: ownerReads,
  params: inOrganization,
  query: pageQuery({
    username: z.string().optional().describe('Only those of this member.'),
    search: z.string().max(200).optional().describe('In user names and labels.'),
  }),
  success: { status: 200, schema: pageOf(memberToken) },
  since: '0.1.0',
});

export const revokeMemberToken = endpoint({
  name: 'revokeMemberToken',
  method: 'DELETE',
  path: '/v2/orgs/{org}/member-tokens/{id}',
  summary: "Revoke a member's personal access token: it stops working at once, for good.",
  group,
  permission: ownerChanges,
  params: inOrganizationWithId,
  success: { status: 204 },
  since: '0.1.0',
});

const tokenRules = z
  .object({
    maximum_days: z
      .int()
      .min(1)
      .max(3650)
      .nullable()
      .describe('No token may be valid for longer, nor is any older one; null leaves it to whoever creates the token.'),
    allow_password_login: z
      .boolean()
      .describe('Whether `docker login` also takes the password of a member without a second factor.'),
  })
  .meta({ id: 'TokenRules' });
export type TokenRulesBody = z.output<typeof tokenRules>;

export const getTokenRules = endpoint({
  name: 'getTokenRules',
  method: 'GET',
  path: '/v2/orgs/{org}/settings/access-tokens',
  summary: 'Show what the organization asks of access tokens.',
  group,
  permission: memberReads,
  params: inOrganization,
  success: { status: 200, schema: tokenRules },
  since: '0.1.0',
});

export const setTokenRules = endpoint({
  name: 'setTokenRules',
  method: 'PUT',
  path: '/v2/orgs/{org}/settings/access-tokens',
  summary: 'Set what the organization asks of access tokens.',
  group,
  permission: ownerSignedIn,
  params: inOrganization,
  body: tokenRules,
  success: { status: 200, schema: tokenRules },
  since: '0.1.0',
});

export const memberTokenEndpoints = [listMemberTokens, revokeMemberToken, getTokenRules, setTokenRules] as const;
