import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { pageQuery, totalPageOf } from './paging.ts';
import { inOrganization, inOrganizationWithId } from './params.ts';
import { ownerChanges, ownerReads } from './permission.ts';
import { expiry, time } from './time.ts';

const group = 'Organization access tokens';
const label = z.string().min(1).max(100);
const description = z.string().max(200);

const resource = z
  .object({
    type: z.enum(['TYPE_REPO', 'TYPE_ORG']),
    path: z.string().min(1).max(512).describe('`acme/web`, `acme/*`, `*/*/public`, or the name of the organization.'),
    scopes: z.array(z.string().min(1).max(100)).min(1).max(50),
  })
  .meta({ id: 'TokenResource' });
const resources = z.array(resource).min(1).max(50);

const tokenShape = {
  id: z.string(),
  label: z.string(),
  description: z.string(),
  is_active: z.boolean(),
  created_at: time,
  expires_at: z.string().nullable().describe('As it was sent, byte for byte; null never expires.'),
  last_used_at: time.nullable(),
  last_used_ip: z.string().nullable().describe('From where it was last used.'),
};

const listed = z.object({ ...tokenShape, created_by: z.string() }).meta({ id: 'ListedOrganizationAccessToken' });
const organizationToken = z
  .object({ ...tokenShape, created_by: z.string(), resources: z.array(resource) })
  .meta({ id: 'OrganizationAccessToken' });
const created = z
  .object({
    ...tokenShape,
    resources: z.array(resource),
    token: z.string().describe('The token itself: this is the only time that it is shown.'),
  })
  .meta({ id: 'CreatedOrganizationAccessToken' });
export type ListedOrganizationTokenBody = z.output<typeof listed>;
export type OrganizationTokenBody = z.output<typeof organizationToken>;
export type CreatedOrganizationTokenBody = z.output<typeof created>;

export const createOrganizationToken = endpoint({
  name: 'createOrganizationToken',
  method: 'POST',
  path: '/v2/orgs/{org}/access-tokens',
  summary: 'Create an organization access token and show it, once.',
  description: 'Organization access tokens cannot pull while Image Access Management is on.',
  group,
  permission: ownerChanges,
  params: inOrganization,
  body: z.object({ label, description: description.default(''), resources, expires_at: expiry }),
  success: { status: 201, schema: created },
  since: '0.1.0',
});

export const listOrganizationTokens = endpoint({
  name: 'listOrganizationTokens',
  method: 'GET',
  path: '/v2/orgs/{org}/access-tokens',
  summary: 'List the organization access tokens.',
  group,
  permission: ownerReads,
  params: inOrganization,
  query: pageQuery({}, { pageSize: 10 }),
  success: { status: 200, schema: totalPageOf(listed) },
  since: '0.1.0',
});

export const getOrganizationToken = endpoint({
  name: 'getOrganizationToken',
  method: 'GET',
  path: '/v2/orgs/{org}/access-tokens/{id}',
  summary: 'Show an organization access token, without the token itself.',
  group,
  permission: ownerReads,
  params: inOrganizationWithId,
  success: { status: 200, schema: organizationToken },
  since: '0.1.0',
});

export const updateOrganizationToken = endpoint({
  name: 'updateOrganizationToken',
  method: 'PATCH',
  path: '/v2/orgs/{org}/access-tokens/{id}',
  summary: 'Change what an organization access token is called and opens, or switch it off or on.',
  group,
  permission: ownerChanges,
  params: inOrganizationWithId,
  body: z.object({
    label: label.optional(),
    description: description.optional(),
    resources: resources.optional().describe('Replaces the list.'),
    is_active: z.boolean().optional(),
  }),
  success: { status: 200, schema: organizationToken },
  since: '0.1.0',
});

export const deleteOrganizationToken = endpoint({
  name: 'deleteOrganizationToken',
  method: 'DELETE',
  path: '/v2/orgs/{org}/access-tokens/{id}',
  summary: 'Delete an organization access token: it stops working at once.',
  group,
  permission: ownerChanges,
  params: inOrganizationWithId,
  success: { status: 204 },
  since: '0.1.0',
});

export const organizationTokenEndpoints = [
  createOrganizationToken,
  listOrganizationTokens,
  getOrganizationToken,
  updateOrganizationToken,
  deleteOrganizationToken,
] as const;
