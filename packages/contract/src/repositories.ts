import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { pageOf, pageQuery } from './paging.ts';
import { personReads } from './permission.ts';
import { time } from './time.ts';

const group = 'Repositories';
const permission = { ...personReads, organizationToken: 'any' } as const;
const pageSizes = { pageSize: 10, maxPageSize: 100 };

/** Facts of another registry: passed on as they come, with what clients need made sure of. */
const repository = z
  .looseObject({
    name: z.string(),
    namespace: z.string(),
    repository_type: z.string().nullable(),
    status: z.int(),
    status_description: z.string(),
    description: z.string(),
    is_private: z.boolean(),
    star_count: z.int(),
    pull_count: z.int(),
    last_updated: time.nullable(),
    last_modified: time.nullable(),
    date_registered: time.nullable(),
    affiliation: z.string(),
    media_types: z.array(z.string()),
    content_types: z.array(z.string()),
    categories: z.array(z.object({ name: z.string(), slug: z.string() })),
    storage_size: z.int().nullable(),
  })
  .meta({ id: 'Repository' });
export type RepositoryBody = z.output<typeof repository>;

const wholeRepository = z
  .looseObject({
    ...repository.shape,
    user: z.string(),
    hub_user: z.string(),
    is_automated: z.boolean(),
    collaborator_count: z.int(),
    has_starred: z.boolean(),
    full_description: z.string().nullable(),
    permissions: z.object({ read: z.boolean(), write: z.boolean(), admin: z.boolean() }),
    immutable_tags_settings: z.object({ enabled: z.boolean(), rules: z.array(z.string()) }),
    source: z.string().nullable(),
  })
  .meta({ id: 'WholeRepository' });
export type WholeRepositoryBody = z.output<typeof wholeRepository>;

const tagImage = z.looseObject({
  architecture: z.string(),
  features: z.string().nullable(),
  variant: z.string().nullable(),
  digest: z.string().nullable(),
  os: z.string(),
  os_features: z.string().nullable(),
  os_version: z.string().nullable(),
  size: z.int(),
  status: z.string(),
  last_pulled: time.nullable(),
  last_pushed: time.nullable(),
});

const tag = z
  .looseObject({
    id: z.int(),
    name: z.string(),
    repository: z.int(),
    creator: z.int(),
    last_updater: z.int().nullable(),
    last_updater_username: z.string().nullable(),
    last_updated: time.nullable(),
    full_size: z.int(),
    v2: z.boolean(),
    tag_status: z.string(),
    status: z.string(),
    tag_last_pulled: time.nullable(),
    tag_last_pushed: time.nullable(),
    media_type: z.string(),
    content_type: z.string(),
    digest: z.string(),
    image_id: z.string().nullable(),
    images: z.array(tagImage),
  })
  .meta({ id: 'Tag' });
export type TagBody = z.output<typeof tag>;

const namespace = z
  .string()
  .min(1)
  .max(128)
  .describe('A namespace on Docker Hub that an organization of the caller claims.');
const inNamespace = z.object({ namespace });
const inRepository = z.object({ namespace, repository: z.string().min(1).max(255) });
const withTag = z.object({ ...inRepository.shape, tag: z.string().min(1).max(128) });

export const listRepositoryNamespaces = endpoint({
  name: 'listRepositoryNamespaces',
  method: 'GET',
  path: '/v2/repositories/namespaces',
  summary: 'List the namespaces on Docker Hub whose repositories the caller may see.',
  group,
  permission,
  success: { status: 200, schema: z.object({ namespaces: z.array(z.string()) }) },
  since: '0.1.0',
});

export const listRepositories = endpoint({
  name: 'listRepositories',
  method: 'GET',
  path: '/v2/namespaces/{namespace}/repositories',
  aliases: [{ method: 'GET', path: '/v2/repositories/{namespace}' }],
  summary: 'List the repositories of a claimed namespace, as the registry tells.',
  group,
  permission,
  params: inNamespace,
  query: pageQuery(
    {
      name: z.string().max(255).optional().describe('Part of the name.'),
      ordering: z
        .enum(['name', '-name', 'last_updated', '-last_updated', 'pull_count', '-pull_count'])
        .optional()
        .describe('With a hyphen: the greatest first.'),
    },
    pageSizes,
  ),
  success: { status: 200, schema: pageOf(repository) },
  since: '0.1.0',
});

export const getRepository = endpoint({
  name: 'getRepository',
  method: 'GET',
  path: '/v2/namespaces/{namespace}/repositories/{repository}',
  aliases: [{ method: 'GET', path: '/v2/repositories/{namespace}/{repository}' }],
  summary: 'Tell of a repository of a claimed namespace.',
  group,
  permission,
  params: inRepository,
  success: { status: 200, schema: wholeRepository },
  since: '0.1.0',
});

export const listTags = endpoint({
  name: 'listTags',
  method: 'GET',
  path: '/v2/namespaces/{namespace}/repositories/{repository}/tags',
  aliases: [{ method: 'GET', path: '/v2/repositories/{namespace}/{repository}/tags' }],
  summary: 'List the tags of a repository of a claimed namespace.',
  group,
  permission,
  params: inRepository,
  query: pageQuery(
    {
      name: z.string().max(128).optional().describe('Part of the name.'),
      ordering: z.string().max(50).optional(),
      architecture: z.string().max(50).optional(),
      os: z.string().max(50).optional(),
    },
    pageSizes,
  ),
  success: { status: 200, schema: pageOf(tag) },
  since: '0.1.0',
});

export const getTag = endpoint({
  name: 'getTag',
  method: 'GET',
  path: '/v2/namespaces/{namespace}/repositories/{repository}/tags/{tag}',
  aliases: [{ method: 'GET', path: '/v2/repositories/{namespace}/{repository}/tags/{tag}' }],
  summary: 'Tell of a tag of a repository of a claimed namespace.',
  group,
  permission,
  params: withTag,
  success: { status: 200, schema: tag },
  since: '0.1.0',
});

export const listTagImages = endpoint({
  name: 'listTagImages',
  method: 'GET',
  path: '/v2/repositories/{namespace}/{repository}/tags/{tag}/images',
  summary: 'List the images, one per platform, that a tag stands for.',
  group,
  permission,
  params: withTag,
  success: { status: 200, schema: z.array(tagImage) },
  since: '0.1.0',
});

export const repositoryEndpoints = [
  listRepositoryNamespaces,
  listRepositories,
  getRepository,
  listTags,
  getTag,
  listTagImages,
] as const;
