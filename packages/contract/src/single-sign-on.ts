import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { role } from './members.ts';
import { inOrganization, inOrganizationWithId } from './params.ts';
import { ownerReads, ownerSignedIn } from './permission.ts';
import { secret } from './secret.ts';
import { time } from './time.ts';

const group = 'Single sign-on';

const url = z.url({ protocol: /^https?$/ }).max(2000);
const claim = z.string().min(1).max(100);

/** What both protocols have. */
const settings = {
  name: z.string().min(1).max(100),
  domains: z
    .array(z.string().min(1).max(253))
    .min(1)
    .max(100)
    .describe('Verified domains of the organization: whoever has an address there signs in here.'),
  enforced: z.boolean().default(false).describe('Passwords of people with an address in these domains are refused.'),
  create_members: z.boolean().default(true).describe('Whoever signs in becomes a member.'),
  default_role: role.default('member'),
  groups_claim: claim.default('groups').describe('Which claim or attribute lists the groups.'),
  group_mappings: z
    .array(z.object({ group: z.string().min(1).max(300), team: z.string().min(1).max(30) }))
    .max(500)
    .default([])
    .describe('Members of a group become members of a team at each sign-in, and leave it when they left the group.'),
};

const oidc = {
  issuer: url,
  client_id: z.string().min(1).max(500),
  scopes: z.array(z.string().min(1).max(100)).max(20).default(['openid', 'email', 'profile']),
};
const clientSecret = secret(z.string().min(1).max(1000).describe('Never shown again.'));
const saml = {
  entry_point: url.describe('Where the browser is sent to sign in.'),
  entity_id: z.string().min(1).max(500).describe('Of the identity provider.'),
  certificate: z.string().min(1).max(20_000).describe('PEM, with which answers are signed.'),
};

const newConnection = z.discriminatedUnion('protocol', [
  z.object({
    ...settings,
    protocol: z.literal('oidc'),
    oidc: z.object({ ...oidc, client_secret: clientSecret }),
  }),
  z.object({ ...settings, protocol: z.literal('saml'), saml: z.object(saml) }),
]);

const connection = z
  .object({
    id: z.string(),
    protocol: z.enum(['oidc', 'saml']),
    name: z.string(),
    domains: z.array(z.string()),
    enforced: z.boolean(),
    create_members: z.boolean(),
    default_role: role,
    groups_claim: z.string(),
    group_mappings: z.array(z.object({ group: z.string(), team: z.string() })),
    oidc: z.object({ issuer: z.string(), client_id: z.string(), scopes: z.array(z.string()) }).optional(),
    saml: z.object({ entry_point: z.string(), entity_id: z.string(), certificate: z.string() }).optional(),
    callback_url: z.string().describe('To be entered at the identity provider.'),
    metadata_url: z.string().nullable().describe('Of SAML.'),
    scim: z.object({
      base_url: z.string(),
      enabled: z.boolean().describe('There is a token.'),
      created_at: time.nullable(),
      last_used_at: time.nullable(),
    }),
    created_at: time,
  })
  .meta({ id: 'SsoConnection' });
export type SsoConnectionBody = z.output<typeof connection>;

export const listConnections = endpoint({
  name: 'listConnections',
  method: 'GET',
  path: '/v2/orgs/{org}/sso/connections',
  summary: 'List the single sign-on connections.',
  group,
  permission: ownerReads,
  params: inOrganization,
  success: { status: 200, schema: z.object({ results: z.array(connection) }) },
  since: '0.1.0',
});

export const createConnection = endpoint({
  name: 'createConnection',
  method: 'POST',
  path: '/v2/orgs/{org}/sso/connections',
  summary: 'Connect an identity provider by OIDC or SAML.',
  group,
  permission: ownerSignedIn,
  params: inOrganization,
  body: newConnection,
  success: { status: 201, schema: connection },
  since: '0.1.0',
});

export const getConnection = endpoint({
  name: 'getConnection',
  method: 'GET',
  path: '/v2/orgs/{org}/sso/connections/{id}',
  summary: 'Show a single sign-on connection.',
  group,
  permission: ownerReads,
  params: inOrganizationWithId,
  success: { status: 200, schema: connection },
  since: '0.1.0',
});

/** Without the defaults of a new connection: what is absent stays as it is. */
const changes = {
  name: settings.name.optional(),
  domains: settings.domains.optional(),
  enforced: z.boolean().optional(),
  create_members: z.boolean().optional(),
  default_role: role.optional(),
  groups_claim: claim.optional(),
  group_mappings: settings.group_mappings.unwrap().optional(),
};

export const updateConnection = endpoint({
  name: 'updateConnection',
  method: 'PATCH',
  path: '/v2/orgs/{org}/sso/connections/{id}',
  summary: 'Change a single sign-on connection; its protocol stays.',
  group,
  permission: ownerSignedIn,
  params: inOrganizationWithId,
  body: z.object({
    ...changes,
    oidc: z
      .object({ ...oidc, scopes: oidc.scopes.unwrap(), client_secret: clientSecret })
      .partial()
      .optional(),
    saml: z.object(saml).partial().optional(),
  }),
  success: { status: 200, schema: connection },
  since: '0.1.0',
});

export const deleteConnection = endpoint({
  name: 'deleteConnection',
  method: 'DELETE',
  path: '/v2/orgs/{org}/sso/connections/{id}',
  summary: 'Remove a single sign-on connection and its SCIM token.',
  group,
  permission: ownerSignedIn,
  params: inOrganizationWithId,
  success: { status: 204 },
  since: '0.1.0',
});

export const createScimToken = endpoint({
  name: 'createScimToken',
  method: 'POST',
  path: '/v2/orgs/{org}/sso/connections/{id}/scim-token',
  summary: 'Make a SCIM token for the identity provider and show it, once. The one before stops working.',
  group,
  permission: ownerSignedIn,
  params: inOrganizationWithId,
  success: { status: 201, schema: z.object({ token: z.string(), base_url: z.string() }) },
  since: '0.1.0',
});

export const deleteScimToken = endpoint({
  name: 'deleteScimToken',
  method: 'DELETE',
  path: '/v2/orgs/{org}/sso/connections/{id}/scim-token',
  summary: 'End provisioning by SCIM.',
  group,
  permission: ownerSignedIn,
  params: inOrganizationWithId,
  success: { status: 204 },
  since: '0.1.0',
});

export const connectionEndpoints = [
  listConnections,
  createConnection,
  getConnection,
  updateConnection,
  deleteConnection,
  createScimToken,
  deleteScimToken,
] as const;
