import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { inOrganization } from './params.ts';
import { memberReads, ownerChanges } from './permission.ts';

const group = 'Registry access';

const maxRegistries = 100;

const registryAccess = z
  .object({
    enabled: z.boolean(),
    standard_registries: z
      .array(z.object({ id: z.literal('DockerHub'), allowed: z.boolean() }))
      .max(1)
      .describe('Docker Hub, which is the only one that is known.'),
    custom_registries: z
      .array(
        z.object({
          address: z.string().min(1).max(300).describe('With or without `https://`; given back as it was sent.'),
          friendly_name: z.string().max(100),
          allowed: z.boolean(),
        }),
      )
      .max(maxRegistries),
  })
  .meta({ id: 'RegistryAccess' });
export type RegistryAccessBody = z.output<typeof registryAccess>;

export const getRegistryAccess = endpoint({
  name: 'getRegistryAccess',
  method: 'GET',
  path: '/v2/orgs/{org}/settings/registry-access-management',
  summary: 'Show which registries members may pull from.',
  group,
  permission: { ...memberReads, organizationToken: 'scope-ram-read' },
  params: inOrganization,
  success: { status: 200, schema: registryAccess },
  since: '0.1.0',
});

export const setRegistryAccess = endpoint({
  name: 'setRegistryAccess',
  method: 'PUT',
  path: '/v2/orgs/{org}/settings/registry-access-management',
  summary: 'Set which registries members may pull from.',
  group,
  permission: { ...ownerChanges, organizationToken: 'scope-ram-write' },
  params: inOrganization,
  body: registryAccess,
  success: { status: 200, schema: registryAccess },
  since: '0.1.0',
});

export const registryAccessEndpoints = [getRegistryAccess, setRegistryAccess] as const;
