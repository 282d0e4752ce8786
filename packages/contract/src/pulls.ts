import { rules } from '@pullgate/policy';
import { z } from 'zod';
import { category } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { cursorPageOf, cursorQuery, exportFormat, exportMediaTypes } from './paging.ts';
import { inOrganization, inOrganizationWithId, withId } from './params.ts';
import { ownerReads, personReads } from './permission.ts';
import { instant, time } from './time.ts';

const group = 'Pulls';
const permission = { ...ownerReads, organizationToken: 'scope-report-read' } as const;
const verdict = z.enum(['allow', 'deny']);
const clientFamily = z.enum([
  'docker',
  'containerd',
  'buildkit',
  'podman',
  'skopeo',
  'buildah',
  'crane',
  'oras',
  'regctl',
  'nerdctl',
  'cri-o',
  'other',
]);
export type ClientFamily = z.output<typeof clientFamily>;

const pull = z
  .object({
    id: z.string().describe('The last part of the link in a refusal.'),
    at: time,
    verdict,
    rule: z.enum(rules),
    policy_version: z.int().nullable(),
    person: z
      .string()
      .nullable()
      .describe('User name; the name of the organization for its tokens; null: not signed in.'),
    token_id: z.string().nullable(),
    address: z.string(),
    client: z.string().describe('`docker`, `containerd`, `buildkit`, `podman`, … or `other`.'),
    operation: z.string().describe('`token`, `manifest`, `blob`, `tags` or `referrers`.'),
    method: z.string(),
    repository: z.string(),
    tag: z.string().nullable(),
    digest: z.string().nullable(),
    category,
    stale: z.boolean().describe('Served from the cache because the registry did not answer.'),
  })
  .meta({ id: 'Pull' });
export type PullBody = z.output<typeof pull>;

const filters = {
  person: z.string().max(254).optional().describe('User name.'),
  image: z
    .string()
    .max(320)
    .optional()
    .describe('Any part of the full repository name; with a final `*`, how it begins.'),
  category: category.optional(),
  verdict: verdict.optional(),
  client: clientFamily.optional().describe('By the User-Agent, which anybody can choose.'),
  from: instant.optional(),
  to: instant.optional(),
};

export const exportPulls = endpoint({
  name: 'exportPulls',
  method: 'GET',
  path: '/v2/orgs/{org}/pulls/export',
  summary: 'Export the pull records of an organization, newest first.',
  group,
  permission,
  params: inOrganization,
  query: z.object({ ...filters, format: exportFormat }),
  success: { status: 200, mediaTypes: exportMediaTypes },
  since: '0.1.0',
});

const interval = z.enum(['hour', 'day']);
const counts = { allowed: z.int(), refused: z.int() };

const statistics = z
  .object({
    from: time,
    to: time,
    interval,
    ...counts,
    stale: z.int().describe('Served from the cache because the registry did not answer; among the allowed.'),
    series: z
      .array(z.object({ at: time, ...counts }))
      .describe('Every hour or day (UTC), also where there was nothing.'),
    categories: z.array(z.object({ category, ...counts })),
    refused_images: z
      .array(z.object({ repository: z.string(), category, refused: z.int() }))
      .describe('The most refused first.'),
    refused_people: z
      .array(z.object({ username: z.string().nullable().describe('Null: nobody signed in.'), refused: z.int() }))
      .describe('The most refused first.'),
  })
  .meta({ id: 'PullStatistics' });
export type PullStatisticsBody = z.output<typeof statistics>;

export const getPullStatistics = endpoint({
  name: 'getPullStatistics',
  method: 'GET',
  path: '/v2/orgs/{org}/pulls/statistics',
  summary: 'Count pulls over time, by category, and the most refused images and people.',
  description: 'Counted in requests with which clients begin a pull: an image is one to three of them.',
  group,
  permission,
  params: inOrganization,
  query: z.object({
    from: instant.optional().describe('A week before `to` when absent.'),
    to: instant.optional().describe('Now when absent.'),
    interval: interval.default('day').describe('By the hour at most 31 days, by the day at most 366.'),
  }),
  success: { status: 200, schema: statistics },
  since: '0.1.0',
});

export const listPulls = endpoint({
  name: 'listPulls',
  method: 'GET',
  path: '/v2/orgs/{org}/pulls',
  summary: 'List recorded pulls, allowed and refused, newest first.',
  group,
  permission,
  params: inOrganization,
  query: cursorQuery(filters),
  success: { status: 200, schema: cursorPageOf(pull) },
  since: '0.1.0',
});

export const getPull = endpoint({
  name: 'getPull',
  method: 'GET',
  path: '/v2/orgs/{org}/pulls/{id}',
  summary: 'Show one recorded pull.',
  group,
  permission,
  params: inOrganizationWithId,
  success: { status: 200, schema: pull },
  since: '0.1.0',
});

const decision = z
  .object({
    ...pull.pick({
      id: true,
      at: true,
      verdict: true,
      rule: true,
      person: true,
      repository: true,
      tag: true,
      digest: true,
      category: true,
    }).shape,
    org: z.string().nullable().describe('The organization that decided; null when none did.'),
    alternatives: z.array(z.string()).describe('Which types of images may be pulled instead.'),
    owners: z.array(z.string()).describe('Whom to ask: user names.'),
  })
  .meta({ id: 'PullDecision' });
export type PullDecisionBody = z.output<typeof decision>;

export const getDecision = endpoint({
  name: 'getDecision',
  method: 'GET',
  path: '/v2/decisions/{id}',
  summary: 'Explain the decision behind the link in a refusal.',
  description: 'To members of the organization that decided, and to whoever was refused.',
  group,
  permission: personReads,
  params: withId,
  success: { status: 200, schema: decision },
  since: '0.1.0',
});

export const pullEndpoints = [exportPulls, getPullStatistics, listPulls, getPull, getDecision] as const;
