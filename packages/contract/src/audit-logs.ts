import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { pageQuery } from './paging.ts';
import { inOrganization } from './params.ts';
import { ownerReads } from './permission.ts';
import { instant, time } from './time.ts';

const group = 'Activity';
const permission = { ...ownerReads, organizationToken: 'scope-activity-read' } as const;

const auditLog = z
  .object({
    account: z.string(),
    action: z.string().describe('Such as `org.member.add`.'),
    name: z.string().describe('What the event is about: a person, a team, a repository, the organization.'),
    actor: z.string(),
    data: z.record(z.string(), z.string()),
    timestamp: time,
    action_description: z.string(),
  })
  .meta({ id: 'AuditLog' });
export type AuditLogBody = z.output<typeof auditLog>;

const actionGroup = z.object({
  label: z.string(),
  actions: z.array(z.object({ name: z.string(), label: z.string(), description: z.string() })),
});
export type ActionGroupBody = z.output<typeof actionGroup>;

/** What both ways to read the activity can be narrowed by. */
export const activityFilters = {
  action: z
    .string()
    .max(100)
    .optional()
    .describe(
      'Only this action and those that are part of it: `org.settings.update` also finds `image_access.update`.',
    ),
  name: z.string().max(300).optional().describe('Only events about this.'),
  actor: z.string().max(100).optional().describe('Only what this actor did.'),
  from: instant.optional(),
  to: instant.optional(),
};

export const listAuditLogs = endpoint({
  name: 'listAuditLogs',
  method: 'GET',
  path: '/v2/auditlogs/{org}',
  summary: "List the activity of an organization, newest first, in Docker Hub's shape.",
  description: 'There is no count and no link to the next page: read pages until one is short.',
  group,
  permission,
  params: inOrganization,
  query: pageQuery(activityFilters, { pageSize: 25 }),
  success: { status: 200, schema: z.object({ logs: z.array(auditLog) }) },
  since: '0.1.0',
});

export const listAuditActions = endpoint({
  name: 'listAuditActions',
  method: 'GET',
  path: '/v2/auditlogs/{org}/actions',
  summary: 'List the actions that the activity can tell of.',
  group,
  permission,
  params: inOrganization,
  success: { status: 200, schema: z.object({ actions: z.record(z.string(), actionGroup) }) },
  since: '0.1.0',
});

export const auditLogEndpoints = [listAuditLogs, listAuditActions] as const;
