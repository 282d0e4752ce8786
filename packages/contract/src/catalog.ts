import { imageKinds } from '@pullgate/policy';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { personReads } from './permission.ts';
import { time } from './time.ts';

const group = 'Catalog';

export const category = z.enum(imageKinds);

export const knownCategory = z
  .object({
    registry: z.string(),
    repository: z.string().describe('Without the registry: `library/nginx`.'),
    category: category.describe(
      '`organization` for images of an organization of whoever asks, `other-registry` for those of a registry other than Docker Hub, which no category is about.',
    ),
    source: z
      .string()
      .describe('`official-list`, `official-list-retired`, `hub`, `operator`, `other-registry`, `claim` or `unknown`.'),
    as_of: time,
  })
  .meta({ id: 'KnownCategory' });
export type KnownCategoryBody = z.output<typeof knownCategory>;

export const getCategory = endpoint({
  name: 'getCategory',
  method: 'GET',
  path: '/v2/catalog/{registry}/{repository+}',
  summary: 'Tell which type of image a repository holds, who says so and since when.',
  group,
  permission: personReads,
  params: z.object({
    registry: z.string().min(1).max(300).describe('Host: `docker.io`.'),
    repository: z.string().min(1).max(255).describe('`library/nginx`'),
  }),
  success: { status: 200, schema: knownCategory },
  since: '0.1.0',
});

export const catalogEndpoints = [getCategory] as const;
