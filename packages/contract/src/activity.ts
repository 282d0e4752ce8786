import { z } from 'zod';
import { activityFilters } from './audit-logs.ts';
import { endpoint } from './endpoint.ts';
import { cursorPageOf, cursorQuery, exportFormat, exportMediaTypes } from './paging.ts';
import { inOrganization } from './params.ts';
import { administratorReads, ownerReads } from './permission.ts';
import { time } from './time.ts';

const group = 'Activity';
const permission = { ...ownerReads, organizationToken: 'scope-activity-read' } as const;
const details = z.record(z.string(), z.unknown());

const activity = z
  .object({
    sequence: z.int().describe('Of the whole log of this installation.'),
    at: time,
    action: z.string(),
    action_description: z.string(),
    actor: z.object({
      kind: z.enum(['person', 'organization-token', 'provisioning', 'system', 'command-line']),
      name: z.string(),
      id: z.string().nullable(),
      via: z.string().nullable().describe('What a person acted with, if not with a browser: `pat:` and an id.'),
    }),
    address: z.string().nullable().describe('Where it was done from.'),
    name: z.string().describe('What was changed.'),
    before: details.nullable(),
    after: details.nullable(),
    hash: z.string().describe('SHA-256 over this row and the hash of the row before.'),
  })
  .meta({ id: 'Activity' });
export type ActivityBody = z.output<typeof activity>;

export const exportActivity = endpoint({
  name: 'exportActivity',
  method: 'GET',
  path: '/v2/orgs/{org}/activity/export',
  summary: 'Export the activity of an organization, oldest first.',
  group,
  permission,
  params: inOrganization,
  query: z.object({ ...activityFilters, format: exportFormat }),
  success: { status: 200, mediaTypes: exportMediaTypes },
  since: '0.1.0',
});

export const listActivity = endpoint({
  name: 'listActivity',
  method: 'GET',
  path: '/v2/orgs/{org}/activity',
  summary: 'List who changed what in an organization, with before and after, newest first.',
  group,
  permission,
  params: inOrganization,
  query: cursorQuery(activityFilters),
  success: { status: 200, schema: cursorPageOf(activity) },
  since: '0.1.0',
});

export const verifyActivity = endpoint({
  name: 'verifyActivity',
  method: 'GET',
  path: '/v2/activity/verify',
  summary: 'Recompute the chain of the whole activity log and report the first row that does not fit.',
  group,
  permission: administratorReads,
  success: {
    status: 200,
    schema: z
      .object({
        intact: z.boolean(),
        rows: z.int().describe('How many were computed anew.'),
        removed_by_retention: z.int().nullable().describe('Null when the chain is broken.'),
        head: z
          .object({ sequence: z.int(), hash: z.string() })
          .nullable()
          .describe('To be written down elsewhere: a later log that does not contain it was cut or rewritten.'),
        broken_at: z.int().nullable().describe('Sequence of the first row that does not fit.'),
        reason: z.string().nullable(),
      })
      .meta({ id: 'ActivityVerification' }),
  },
  since: '0.1.0',
});

const delivery = z
  .object({
    name: z.string().describe('As it is configured.'),
    kind: z.enum(['webhook', 'syslog']),
    target: z.string().describe('Host and port.'),
    delivered_sequence: z.int().describe('Sequence of the newest row that arrived.'),
    pending: z.int().describe('Rows that wait.'),
    last_success_at: time.nullable(),
    last_failure_at: time.nullable(),
    last_error: z.string().nullable(),
  })
  .meta({ id: 'ActivityDelivery' });
export type DeliveryBody = z.output<typeof delivery>;

export const listDeliveries = endpoint({
  name: 'listDeliveries',
  method: 'GET',
  path: '/v2/activity/deliveries',
  summary: 'Show where the activity is delivered to, and how far it got.',
  group,
  permission: administratorReads,
  success: { status: 200, schema: z.object({ results: z.array(delivery) }) },
  since: '0.1.0',
});

export const activityEndpoints = [exportActivity, listActivity, verifyActivity, listDeliveries] as const;
