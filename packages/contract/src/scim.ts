import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { withId } from './params.ts';
import { provisioning as permission } from './permission.ts';

// RFC 7643 and 7644. Attributes that are not named here are accepted and ignored, as section 3.3 of RFC 7644 allows.

const group = 'Provisioning (SCIM 2.0)';
const mediaTypes = ['application/scim+json'] as const;

const schemas = z.array(z.string().max(200)).min(1).max(20);
const text = z.string().max(1000);

export const dockerExtension = 'urn:ietf:params:scim:schemas:extension:docker:2.0:User';

const meta = z.object({
  resourceType: z.string(),
  location: z.string(),
  created: z.string(),
  lastModified: z.string(),
});

const user = z
  .object({
    schemas: z.array(z.string()),
    id: z.string(),
    externalId: z.string().optional(),
    userName: z.string().describe('The e-mail address.'),
    name: z.object({ givenName: z.string(), familyName: z.string() }),
    displayName: z.string().describe('The user name here.'),
    active: z.boolean(),
    emails: z.array(z.object({ value: z.string(), display: z.string(), primary: z.boolean() })),
    groups: z.array(z.object({ value: z.string(), display: z.string() })),
    meta,
  })
  .meta({ id: 'ScimUser' });
export type ScimUserBody = z.output<typeof user>;

const scimGroup = z
  .object({
    schemas: z.array(z.string()),
    id: z.string(),
    externalId: z.string().optional(),
    displayName: z.string().describe('The name of the team.'),
    members: z.array(z.object({ value: z.string(), display: z.string() })),
    meta,
  })
  .meta({ id: 'ScimGroup' });
export type ScimGroupBody = z.output<typeof scimGroup>;

function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    schemas: z.tuple([z.literal('urn:ietf:params:scim:api:messages:2.0:ListResponse')]),
    totalResults: z.int(),
    startIndex: z.int(),
    itemsPerPage: z.int(),
    Resources: z.array(item),
  });
}

const listQuery = z.object({
  startIndex: z.coerce.number<number | string>().int().default(1).describe('From 1; what is less counts as 1.'),
  count: z.coerce.number<number | string>().int().default(200).describe('0 to 200; what is more counts as 200.'),
  filter: z.string().max(2000).optional().describe('`userName eq "bob@acme.dev"`'),
  attributes: z.string().max(1000).optional().describe('`userName,active`: only these, and the id. All when absent.'),
  sortBy: z.string().max(100).optional(),
  sortOrder: z.enum(['ascending', 'descending']).optional(),
});

/** Some identity providers write flags as text. */
const active = z.preprocess(
  (given: boolean | string) => (typeof given === 'string' ? { true: true, false: false }[given.toLowerCase()] : given),
  z.boolean(),
);

const name = z.object({ givenName: text.optional(), familyName: text.optional(), formatted: text.optional() });
const extension = z.object({
  dockerRole: z.enum(['member', 'editor', 'owner']).optional(),
  dockerOrg: text.optional(),
  dockerTeam: text.optional(),
});

const userShape = {
  schemas,
  externalId: text.optional(),
  name: name.optional(),
  displayName: text.optional(),
  emails: z
    .array(z.object({ value: z.string().max(254), primary: z.boolean().optional() }))
    .max(20)
    .optional(),
  active: active.optional(),
  enabled: active.optional().describe("Docker's document calls `active` so in one place."),
  [dockerExtension]: extension.optional(),
};
const newUser = z.object({ ...userShape, userName: z.string().min(1).max(254) });
const changedUser = z.object({ ...userShape, userName: z.string().min(1).max(254).optional() });

const members = z.array(z.object({ value: z.string().max(100) })).max(10_000);
const groupInput = z.object({
  schemas,
  externalId: text.optional(),
  displayName: z.string().min(1).max(300),
  members: members.default([]),
});

const patch = z.object({
  schemas,
  Operations: z
    .array(
      z.object({
        op: z
          .string()
          .transform((op) => op.toLowerCase())
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().max(500).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(1000),
});

const base = '/v2/scim/2.0';
/** What the descriptions of the service say is for machines that follow the RFC. */
const described = z.looseObject({ schemas: z.array(z.string()) });

export const getScimConfiguration = endpoint({
  name: 'getScimConfiguration',
  method: 'GET',
  path: `${base}/ServiceProviderConfig`,
  summary: 'Tell what of SCIM is supported.',
  group,
  permission,
  success: { status: 200, schema: described, mediaTypes },
  since: '0.1.0',
});

export const listScimResourceTypes = endpoint({
  name: 'listScimResourceTypes',
  method: 'GET',
  path: `${base}/ResourceTypes`,
  summary: 'List the types of resources.',
  group,
  permission,
  success: { status: 200, schema: listOf(described), mediaTypes },
  since: '0.1.0',
});

export const getScimResourceType = endpoint({
  name: 'getScimResourceType',
  method: 'GET',
  path: `${base}/ResourceTypes/{id}`,
  summary: 'Describe a type of resource.',
  group,
  permission,
  params: withId,
  success: { status: 200, schema: described, mediaTypes },
  since: '0.1.0',
});

export const listScimSchemas = endpoint({
  name: 'listScimSchemas',
  method: 'GET',
  path: `${base}/Schemas`,
  summary: 'List the schemas.',
  group,
  permission,
  success: { status: 200, schema: listOf(z.looseObject({ id: z.string() })), mediaTypes },
  since: '0.1.0',
});

export const getScimSchema = endpoint({
  name: 'getScimSchema',
  method: 'GET',
  path: `${base}/Schemas/{id}`,
  summary: 'Describe a schema.',
  group,
  permission,
  params: withId,
  success: { status: 200, schema: z.looseObject({ id: z.string() }), mediaTypes },
  since: '0.1.0',
});

export const listScimUsers = endpoint({
  name: 'listScimUsers',
  method: 'GET',
  path: `${base}/Users`,
  summary: 'List people of the organization.',
  group,
  permission,
  query: listQuery,
  success: { status: 200, schema: listOf(user), mediaTypes },
  since: '0.1.0',
});

export const createScimUser = endpoint({
  name: 'createScimUser',
  method: 'POST',
  path: `${base}/Users`,
  summary: 'Create a person, or take who is known by that address into the organization.',
  group,
  permission,
  body: newUser,
  success: { status: 201, schema: user, mediaTypes },
  since: '0.1.0',
});

export const getScimUser = endpoint({
  name: 'getScimUser',
  method: 'GET',
  path: `${base}/Users/{id}`,
  summary: 'Show a person.',
  group,
  permission,
  params: withId,
  success: { status: 200, schema: user, mediaTypes },
  since: '0.1.0',
});

export const replaceScimUser = endpoint({
  name: 'replaceScimUser',
  method: 'PUT',
  path: `${base}/Users/{id}`,
  summary: 'Change the name of a person, or whether they may sign in. What is absent stays as it is.',
  group,
  permission,
  params: withId,
  body: changedUser,
  success: { status: 200, schema: user, mediaTypes },
  since: '0.1.0',
});

export const patchScimUser = endpoint({
  name: 'patchScimUser',
  method: 'PATCH',
  path: `${base}/Users/{id}`,
  summary: 'Change some attributes of a person, such as `active`.',
  group,
  permission,
  params: withId,
  body: patch,
  success: { status: 200, schema: user, mediaTypes },
  since: '0.1.0',
});

export const deleteScimUser = endpoint({
  name: 'deleteScimUser',
  method: 'DELETE',
  path: `${base}/Users/{id}`,
  summary: 'Take a person out of the organization.',
  group,
  permission,
  params: withId,
  success: { status: 204 },
  since: '0.1.0',
});

export const listScimGroups = endpoint({
  name: 'listScimGroups',
  method: 'GET',
  path: `${base}/Groups`,
  summary: 'List the teams of the organization.',
  group,
  permission,
  query: listQuery,
  success: { status: 200, schema: listOf(scimGroup), mediaTypes },
  since: '0.1.0',
});

export const createScimGroup = endpoint({
  name: 'createScimGroup',
  method: 'POST',
  path: `${base}/Groups`,
  summary: 'Create a team.',
  group,
  permission,
  body: groupInput,
  success: { status: 201, schema: scimGroup, mediaTypes },
  since: '0.1.0',
});

export const getScimGroup = endpoint({
  name: 'getScimGroup',
  method: 'GET',
  path: `${base}/Groups/{id}`,
  summary: 'Show a team.',
  group,
  permission,
  params: withId,
  success: { status: 200, schema: scimGroup, mediaTypes },
  since: '0.1.0',
});

export const replaceScimGroup = endpoint({
  name: 'replaceScimGroup',
  method: 'PUT',
  path: `${base}/Groups/{id}`,
  summary: 'Set the name and the members of a team.',
  group,
  permission,
  params: withId,
  body: groupInput,
  success: { status: 200, schema: scimGroup, mediaTypes },
  since: '0.1.0',
});

export const patchScimGroup = endpoint({
  name: 'patchScimGroup',
  method: 'PATCH',
  path: `${base}/Groups/{id}`,
  summary: 'Rename a team, or add and remove members.',
  group,
  permission,
  params: withId,
  body: patch,
  success: { status: 200, schema: scimGroup, mediaTypes },
  since: '0.1.0',
});

export const deleteScimGroup = endpoint({
  name: 'deleteScimGroup',
  method: 'DELETE',
  path: `${base}/Groups/{id}`,
  summary: 'Delete a team.',
  group,
  permission,
  params: withId,
  success: { status: 204 },
  since: '0.1.0',
});

export const scimEndpoints = [
  getScimConfiguration,
  listScimResourceTypes,
  getScimResourceType,
  listScimSchemas,
  getScimSchema,
  listScimUsers,
  createScimUser,
  getScimUser,
  replaceScimUser,
  patchScimUser,
  deleteScimUser,
  listScimGroups,
  createScimGroup,
  getScimGroup,
  replaceScimGroup,
  patchScimGroup,
  deleteScimGroup,
] as const;
