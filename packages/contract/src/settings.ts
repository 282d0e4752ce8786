import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { inOrganization } from './params.ts';
import { memberReads, ownerChanges } from './permission.ts';

const group = 'Image access';

/** Docker's three switches. It has no field for the allowlist and for the switches of other categories. */
const settings = z
  .object({
    restricted_images: z.object({
      enabled: z.boolean().describe('Image Access Management as a whole.'),
      allow_official_images: z.boolean(),
      allow_verified_publishers: z.boolean(),
    }),
  })
  .meta({ id: 'OrganizationSettings' });
export type SettingsBody = z.output<typeof settings>;

export const getSettings = endpoint({
  name: 'getSettings',
  method: 'GET',
  path: '/v2/orgs/{org}/settings',
  summary: "Show the image access policy in Docker's shape of three switches.",
  group,
  permission: memberReads,
  params: inOrganization,
  success: { status: 200, schema: settings },
  since: '0.1.0',
});

export const setSettings = endpoint({
  name: 'setSettings',
  method: 'PUT',
  path: '/v2/orgs/{org}/settings',
  summary: "Set Docker's three switches and keep everything else of the image access policy as it is.",
  group,
  permission: ownerChanges,
  params: inOrganization,
  body: settings,
  success: { status: 200, schema: settings },
  since: '0.1.0',
});

export const settingsEndpoints = [getSettings, setSettings] as const;
