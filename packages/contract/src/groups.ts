import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { role } from './members.ts';
import { pageOf, pageQuery } from './paging.ts';
import { inOrganization } from './params.ts';
import { person } from './people.ts';
import { memberReads, ownerChanges } from './permission.ts';

const group = 'Teams';
const reads = { ...memberReads, organizationToken: 'scope-group-read' } as const;
const changes = { ...ownerChanges, organizationToken: 'scope-group-edit' } as const;

const team = z
  .object({
    id: z.int(),
    uuid: z.string(),
    name: z.string(),
    description: z.string(),
    member_count: z.int(),
    role: z.string().describe('`owner`, `editor` or `member`.'),
  })
  .meta({ id: 'Team' });
export type TeamBody = z.output<typeof team>;

const teamMember = z
  .object({
    ...person.shape,
    email: z.string().describe('Empty for whoever may not manage members.'),
    primary_email: z.string(),
    role: z.string(),
    groups: z.array(z.string()),
    is_guest: z.boolean(),
  })
  .meta({ id: 'TeamMember' });
export type TeamMemberBody = z.output<typeof teamMember>;

const name = z
  .string()
  .regex(/^[A-Za-z0-9_-]{3,30}$/, 'A team is named by 3 to 30 letters, digits, hyphens and underscores.');
const description = z.string().max(1000);

const inPath = z.object({
  ...inOrganization.shape,
  team: z.string().min(1).describe('Name of the team; when it is renamed, the old one.'),
});
const memberInPath = z.object({ ...inPath.shape, username: z.string().min(1) });

export const listGroups = endpoint({
  name: 'listGroups',
  method: 'GET',
  path: '/v2/orgs/{org}/groups',
  summary: 'List the teams.',
  group,
  permission: reads,
  params: inOrganization,
  query: pageQuery({
    username: z.string().optional().describe('Only the teams of this person.'),
    search: z.string().max(200).optional().describe('In names.'),
  }),
  success: { status: 200, schema: pageOf(team) },
  since: '0.1.0',
});

export const createGroup = endpoint({
  name: 'createGroup',
  method: 'POST',
  path: '/v2/orgs/{org}/groups',
  summary: 'Create a team.',
  group,
  permission: changes,
  params: inOrganization,
  body: z.object({ name, description: description.default('') }),
  success: { status: 201, schema: team },
  since: '0.1.0',
});

export const getGroup = endpoint({
  name: 'getGroup',
  method: 'GET',
  path: '/v2/orgs/{org}/groups/{team}',
  summary: 'Tell of a team.',
  group,
  permission: reads,
  params: inPath,
  success: { status: 200, schema: team },
  since: '0.1.0',
});

export const replaceGroup = endpoint({
  name: 'replaceGroup',
  method: 'PUT',
  path: '/v2/orgs/{org}/groups/{team}',
  summary: 'Set the name and the description of a team.',
  group,
  permission: changes,
  params: inPath,
  body: z.object({ name, description: description.default('') }),
  success: { status: 200, schema: team },
  since: '0.1.0',
});

export const updateGroup = endpoint({
  name: 'updateGroup',
  method: 'PATCH',
  path: '/v2/orgs/{org}/groups/{team}',
  summary: 'Change the name, the description or the role of a team.',
  group,
  permission: changes,
  params: inPath,
  body: z.object({ name: name.optional(), description: description.optional(), role: role.optional() }),
  success: { status: 200, schema: team },
  since: '0.1.0',
});

export const deleteGroup = endpoint({
  name: 'deleteGroup',
  method: 'DELETE',
  path: '/v2/orgs/{org}/groups/{team}',
  summary: 'Delete a team. Its members stay in the organization.',
  group,
  permission: changes,
  params: inPath,
  success: { status: 204 },
  since: '0.1.0',
});

export const listGroupMembers = endpoint({
  name: 'listGroupMembers',
  method: 'GET',
  path: '/v2/orgs/{org}/groups/{team}/members',
  summary: 'List the members of a team.',
  group,
  permission: reads,
  params: inPath,
  query: pageQuery({ search: z.string().max(200).optional().describe('In user names and full names.') }),
  success: { status: 200, schema: pageOf(teamMember) },
  since: '0.1.0',
});

export const addGroupMember = endpoint({
  name: 'addGroupMember',
  method: 'POST',
  path: '/v2/orgs/{org}/groups/{team}/members',
  summary: 'Add a member of the organization to a team.',
  group,
  permission: changes,
  params: inPath,
  body: z.object({ member: z.string().min(1).max(254).describe('User name.') }),
  success: { status: 200, schema: teamMember },
  since: '0.1.0',
});

export const removeGroupMember = endpoint({
  name: 'removeGroupMember',
  method: 'DELETE',
  path: '/v2/orgs/{org}/groups/{team}/members/{username}',
  summary: 'Take somebody out of a team.',
  group,
  permission: changes,
  params: memberInPath,
  success: { status: 204 },
  since: '0.1.0',
});

export const groupEndpoints = [
  listGroups,
  createGroup,
  getGroup,
  replaceGroup,
  updateGroup,
  deleteGroup,
  listGroupMembers,
  addGroupMember,
  removeGroupMember,
] as const;
