import { roles, rules } from '@pullgate/policy';
import { z } from 'zod';
import { category } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { inOrganization } from './params.ts';
import { memberReads, ownerChanges, ownerReads } from './permission.ts';
import { time } from './time.ts';

const group = 'Image access';

const maxAllowlist = 20_000;
const repositoryName = z.string().min(1).max(320);
const repositories = z
  .array(repositoryName)
  .max(maxAllowlist)
  .describe('Repositories without a tag. A short name such as `bitnami/redis` is stored as `docker.io/bitnami/redis`.');

const policyShape = {
  enabled: z.boolean().describe('Image Access Management as a whole.'),
  allow_official_images: z.boolean(),
  allow_verified_publishers: z.boolean(),
  allow_sponsored_open_source: z.boolean(),
  allow_community_images: z.boolean(),
};

export const imageAccessPolicy = z
  .object({ ...policyShape, allowlist: z.object({ enabled: z.boolean(), repositories }) })
  .meta({ id: 'ImageAccessPolicy' });
export type ImageAccessPolicyBody = z.output<typeof imageAccessPolicy>;

/** As a part of the policy: hosts, without the names that owners give them. */
export const registryAccessOfPolicy = z.object({
  enabled: z.boolean(),
  docker_hub: z.boolean(),
  registries: z.array(z.string().min(1).max(300)).max(100).describe('Hosts: `ghcr.io`.'),
});
export type RegistryAccessOfPolicyBody = z.output<typeof registryAccessOfPolicy>;

const policyToPreview = z.object({
  ...imageAccessPolicy.shape,
  registry_access: registryAccessOfPolicy.optional().describe('That in force when absent.'),
});
export type PolicyToPreviewBody = z.output<typeof policyToPreview>;

export const imageAccess = z
  .object({
    ...imageAccessPolicy.shape,
    version: z.int().describe('Grows by one with each change, from 1. In quotes, it is the `ETag`.'),
    changed_at: time,
    changed_by: z.string(),
  })
  .meta({ id: 'ImageAccess' });
export type ImageAccessBody = z.output<typeof imageAccess>;

export const getImageAccess = endpoint({
  name: 'getImageAccess',
  method: 'GET',
  path: '/v2/orgs/{org}/image-access',
  summary: 'Show the whole image access policy that is in force.',
  group,
  permission: memberReads,
  params: inOrganization,
  success: { status: 200, schema: imageAccess, etag: true },
  since: '0.1.0',
});

export const setImageAccess = endpoint({
  name: 'setImageAccess',
  method: 'PUT',
  path: '/v2/orgs/{org}/image-access',
  summary: 'Replace the whole image access policy.',
  description: 'It counts from the next request of every client.',
  group,
  permission: ownerChanges,
  params: inOrganization,
  body: imageAccessPolicy,
  ifMatch: true,
  success: { status: 200, schema: imageAccess, etag: true },
  since: '0.1.0',
});

export const updateImageAccess = endpoint({
  name: 'updateImageAccess',
  method: 'PATCH',
  path: '/v2/orgs/{org}/image-access',
  summary: 'Change parts of the image access policy and keep the rest.',
  group,
  permission: ownerChanges,
  params: inOrganization,
  body: z.object({
    ...z.object(policyShape).partial().shape,
    allowlist: z
      .object({
        enabled: z.boolean().optional(),
        repositories: repositories.optional(),
        add: repositories.optional().describe('Repositories to add to the list.'),
        remove: repositories.optional().describe('Repositories to take from the list.'),
      })
      .optional(),
  }),
  ifMatch: true,
  success: { status: 200, schema: imageAccess, etag: true },
  since: '0.1.0',
});

const step = z.object({
  org: z.string().nullable().describe('The organization that it is of; null for what is asked before any.'),
  rule: z.enum(rules),
  outcome: z.enum(['allow', 'deny', 'passed']),
  sentence: z.string(),
  won: z.boolean().describe('It was the first of its organization to answer: those after it did not count.'),
});

const check = z
  .object({
    repository: z.string().describe('Full name: `docker.io/library/nginx`.'),
    category,
    source: z.string().describe('Who says that it is of this category.'),
    as_of: time,
    username: z.string(),
    role: z.enum(roles).describe('In this organization.'),
    org: z.string().nullable().describe('The organization that decided; null when none did.'),
    verdict: z.enum(['allow', 'deny']),
    rule: z.enum(rules),
    sentence: z.string().describe('What decided, in words.'),
    steps: z.array(step).describe('Everything that is asked, in order, of one organization after the other.'),
    alternatives: z.array(z.string()).describe('Which types of images may be pulled instead.'),
  })
  .meta({ id: 'ImageAccessCheck' });
export type ImageAccessCheckBody = z.output<typeof check>;

export const checkImageAccess = endpoint({
  name: 'checkImageAccess',
  method: 'GET',
  path: '/v2/orgs/{org}/image-access/check',
  summary: 'Judge an image for a member without pulling it.',
  description:
    'Whoever asks for themselves is judged as when they pull: by every organization of theirs, and one refusal refuses. Owners ask for any member, whom only this organization judges here: what others say of them is not its affair.',
  group,
  permission: memberReads,
  params: inOrganization,
  query: z.object({
    reference: z.string().min(1).max(500).describe('As in `docker pull`: `nginx:1.29`, `ghcr.io/acme/web`.'),
    username: z.string().min(1).max(254).optional().describe('Whoever asks when absent.'),
  }),
  success: { status: 200, schema: check },
  since: '0.1.0',
});

const affected = z.object({
  requests: z.int(),
  people_count: z.int(),
  image_count: z.int(),
  people: z
    .array(z.object({ username: z.string().nullable().describe('Null: nobody signed in.'), requests: z.int() }))
    .describe('The most frequent.'),
  images: z.array(z.object({ repository: z.string(), category, requests: z.int() })).describe('The most frequent.'),
});

const preview = z
  .object({
    from: time,
    to: time,
    requests: z.int().describe('All that were recorded.'),
    not_judged: z.int().describe('Of people and tokens that are gone, and the rarest when there are very many.'),
    refused: affected.describe('Allowed by the policy in force, refused by this one.'),
    allowed: affected.describe('Refused by the policy in force, allowed by this one.'),
  })
  .meta({ id: 'ImageAccessPreview' });
export type ImageAccessPreviewBody = z.output<typeof preview>;

export const previewImageAccess = endpoint({
  name: 'previewImageAccess',
  method: 'POST',
  path: '/v2/orgs/{org}/image-access/preview',
  summary: 'Tell which recorded pulls of the last 30 days a policy would refuse or allow. Changes nothing.',
  group,
  permission: ownerReads,
  params: inOrganization,
  body: policyToPreview,
  success: { status: 200, schema: preview },
  since: '0.1.0',
});

export const imageAccessEndpoints = [
  getImageAccess,
  setImageAccess,
  updateImageAccess,
  checkImageAccess,
  previewImageAccess,
] as const;
