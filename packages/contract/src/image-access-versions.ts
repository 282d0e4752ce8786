import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { imageAccess, registryAccessOfPolicy } from './image-access.ts';
import { pageOf, pageQuery, pathNumber } from './paging.ts';
import { inOrganization } from './params.ts';
import { memberReads, ownerChanges } from './permission.ts';
import { time } from './time.ts';

const group = 'Image access';
const version = pathNumber(1, 2_147_483_647);
const inPath = z.object({ ...inOrganization.shape, version });

/** What changed, named as in the policy: `allow_community_images`, `allowlist.repositories`, `registry_access.enabled`. */
const change = z.object({
  setting: z.string(),
  before: z.union([z.boolean(), z.array(z.string())]).describe('Of a list only what was taken out.'),
  after: z.union([z.boolean(), z.array(z.string())]).describe('Of a list only what was added.'),
});
export type ImageAccessChangeBody = z.output<typeof change>;

const listed = z
  .object({
    version: z.int(),
    changed_at: time,
    changed_by: z.string(),
    changes: z.array(change).describe('Against the version before; empty for the first.'),
  })
  .meta({ id: 'ImageAccessVersion' });
export type ImageAccessVersionBody = z.output<typeof listed>;

const whole = z
  .object({
    ...imageAccess.shape,
    registry_access: registryAccessOfPolicy,
  })
  .meta({ id: 'WholeImageAccessVersion' });
export type WholeImageAccessVersionBody = z.output<typeof whole>;

export const listImageAccessVersions = endpoint({
  name: 'listImageAccessVersions',
  method: 'GET',
  path: '/v2/orgs/{org}/image-access/versions',
  summary: 'List who changed the policy, what and when, newest first.',
  group,
  permission: memberReads,
  params: inOrganization,
  query: pageQuery(
    {
      search: z
        .string()
        .max(200)
        .optional()
        .describe(
          'In who changed it, and in what was changed: settings as the Admin Console calls them, repositories and registries, of one change the first 1,000. A number finds the version.',
        ),
    },
    { pageSize: 20, maxPageSize: 20 },
  ),
  success: { status: 200, schema: pageOf(listed) },
  since: '0.1.0',
});

export const getImageAccessVersion = endpoint({
  name: 'getImageAccessVersion',
  method: 'GET',
  path: '/v2/orgs/{org}/image-access/versions/{version}',
  summary: 'Show the whole policy as it was at a version.',
  group,
  permission: memberReads,
  params: inPath,
  success: { status: 200, schema: whole },
  since: '0.1.0',
});

export const diffImageAccessVersions = endpoint({
  name: 'diffImageAccessVersions',
  method: 'GET',
  path: '/v2/orgs/{org}/image-access/versions/{version}/diff',
  summary: 'Tell what differs between two versions.',
  group,
  permission: memberReads,
  params: inPath,
  query: z.object({ against: version.optional().describe('The version before when absent.') }),
  success: {
    status: 200,
    schema: z.object({ from: z.int(), to: z.int(), changes: z.array(change) }).meta({ id: 'ImageAccessDifference' }),
  },
  since: '0.1.0',
});

export const restoreImageAccessVersion = endpoint({
  name: 'restoreImageAccessVersion',
  method: 'POST',
  path: '/v2/orgs/{org}/image-access/versions/{version}/restore',
  summary: 'Put the policy of an earlier version in force again, as a new version.',
  group,
  permission: ownerChanges,
  params: inPath,
  ifMatch: true,
  success: { status: 200, schema: imageAccess, etag: true },
  since: '0.1.0',
});

export const imageAccessVersionEndpoints = [
  listImageAccessVersions,
  getImageAccessVersion,
  diffImageAccessVersions,
  restoreImageAccessVersion,
] as const;
