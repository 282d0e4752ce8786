import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { inOrganization } from './params.ts';
import { administratorChanges, memberReads, ownerChanges } from './permission.ts';
import { secret } from './secret.ts';
import { time } from './time.ts';

const group = 'Namespaces';

const namespace = z
  .object({
    registry: z.string().describe('Host: `docker.io`.'),
    namespace: z.string(),
    claimed_at: time,
    claimed_by: z.string(),
  })
  .meta({ id: 'Namespace' });
export type NamespaceBody = z.output<typeof namespace>;

const inPath = z.object({
  ...inOrganization.shape,
  registry: z.string().min(1).max(300).describe('Host: `docker.io`.'),
  namespace: z.string().min(1).max(128),
});

export const listNamespaces = endpoint({
  name: 'listNamespaces',
  method: 'GET',
  path: '/v2/orgs/{org}/namespaces',
  summary: 'List the namespaces whose images are the own images of the organization.',
  group,
  permission: memberReads,
  params: inOrganization,
  success: { status: 200, schema: z.object({ results: z.array(namespace) }) },
  since: '0.1.0',
});

export const claimNamespace = endpoint({
  name: 'claimNamespace',
  method: 'POST',
  path: '/v2/orgs/{org}/namespaces',
  summary: 'Claim a namespace by proving that one may push there.',
  description:
    'The credential is tried once at the registry and then forgotten. An administrator of the installation assigns namespaces without proof.',
  group,
  permission: ownerChanges,
  params: inOrganization,
  body: z.object({
    registry: z.string().min(1).max(300).default('docker.io'),
    namespace: z.string().min(1).max(128),
    proof: z.object({
      repository: z
        .string()
        .min(1)
        .max(255)
        .describe('A repository below the namespace that the credential may push to.'),
      username: z.string().min(1).max(254),
      password: secret(z.string().min(1).max(4096).describe('Password or access token at that registry.')),
    }),
  }),
  success: { status: 201, schema: namespace },
  since: '0.1.0',
});

export const assignNamespace = endpoint({
  name: 'assignNamespace',
  method: 'PUT',
  path: '/v2/orgs/{org}/namespaces/{registry}/{namespace}',
  summary: 'Assign a namespace to an organization, as administrator of the installation.',
  group,
  permission: administratorChanges,
  params: inPath,
  success: { status: 200, schema: namespace },
  since: '0.1.0',
});

export const releaseNamespace = endpoint({
  name: 'releaseNamespace',
  method: 'DELETE',
  path: '/v2/orgs/{org}/namespaces/{registry}/{namespace}',
  summary: 'Give a namespace up: its images count by their category again.',
  group,
  permission: ownerChanges,
  params: inPath,
  success: { status: 204 },
  since: '0.1.0',
});

export const namespaceEndpoints = [listNamespaces, claimNamespace, assignNamespace, releaseNamespace] as const;
