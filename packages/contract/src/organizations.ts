import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { pageOf, pageQuery } from './paging.ts';
import { inOrganization } from './params.ts';
import { profile } from './people.ts';
import { administratorChanges, administratorReads, memberReads, ownerChanges } from './permission.ts';

const group = 'Organizations';

const organization = z
  .object({
    ...profile,
    orgname: z.string(),
    type: z.literal('Organization'),
    badge: z.string(),
    is_active: z.boolean(),
  })
  .meta({ id: 'Organization' });
export type OrganizationBody = z.output<typeof organization>;

const words = z.string().max(200);
const fullName = words.min(1);

export const listOrganizations = endpoint({
  name: 'listOrganizations',
  method: 'GET',
  path: '/v2/orgs',
  summary: 'List all organizations of this installation.',
  group,
  permission: administratorReads,
  query: pageQuery({}),
  success: { status: 200, schema: pageOf(organization) },
  since: '0.1.0',
});

export const createOrganization = endpoint({
  name: 'createOrganization',
  method: 'POST',
  path: '/v2/orgs',
  summary: 'Create an organization and make its first owner.',
  group,
  permission: administratorChanges,
  body: z.object({
    orgname: z.string().min(1).max(40),
    full_name: fullName.optional().describe('The name when absent.'),
    owner: z.string().min(1).optional().describe('User name of the first owner; whoever creates it when absent.'),
  }),
  success: { status: 201, schema: organization },
  since: '0.1.0',
});

export const getOrganization = endpoint({
  name: 'getOrganization',
  method: 'GET',
  path: '/v2/orgs/{org}',
  summary: 'Tell of an organization.',
  description: 'Docker Hub shows every organization to everybody; here nobody sees whether a foreign one exists.',
  group,
  permission: { ...memberReads, organizationToken: 'any' },
  params: inOrganization,
  success: { status: 200, schema: organization },
  since: '0.1.0',
});

export const updateOrganization = endpoint({
  name: 'updateOrganization',
  method: 'PATCH',
  path: '/v2/orgs/{org}',
  summary: 'Change what is told of an organization. What is absent stays as it is.',
  group,
  permission: ownerChanges,
  params: inOrganization,
  body: z.object({ full_name: fullName.optional(), location: words.optional(), company: words.optional() }),
  success: { status: 200, schema: organization },
  since: '0.1.0',
});

export const organizationEndpoints = [
  listOrganizations,
  createOrganization,
  getOrganization,
  updateOrganization,
] as const;
