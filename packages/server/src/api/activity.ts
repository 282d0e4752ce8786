import {
  type ActionGroupBody,
  type ActivityBody,
  type AuditLogBody,
  type DeliveryBody,
  formatTime,
} from '@pullgate/contract';
import { describeAction, listActions } from '../activity/actions.ts';
import type { Activity } from '../activity/activity.ts';
import type { ActivityFilter, ActivityLog } from '../activity/activity-log.ts';
import type { DeliveryState } from '../activity/delivery/deliveries.ts';
import { detailsAsText } from '../activity/details-as-text.ts';
import { exportActivity } from '../activity/export.ts';
import { exportMediaTypes } from '../http/export-format.ts';
import { Download, type Handlers } from './call.ts';
import { defined } from './defined.ts';
import { invalidField } from './errors.ts';
import { pageRequest } from './paging.ts';
import { timeOrNull } from './profile.ts';

export interface ActivityOptions {
  readonly activity: ActivityLog;
  readonly deliveries: () => Promise<readonly DeliveryState[]>;
}

export function activityHandlers({ activity, deliveries }: ActivityOptions) {
  return {
    async listAuditLogs({ organization, query }) {
      const rows = await activity.list({ ...filterOf(organization.id, query), ...pageRequest(query) });
      return { logs: rows.map((row) => auditLogBody(organization.name, row)) };
    },

    async listAuditActions() {
      const groups = Object.entries(listActions());
      return { actions: Object.fromEntries(groups.map(([name, group]) => [name, actionGroupBody(group)])) };
    },

    async listActivity({ organization, query }) {
      const { limit, cursor } = query;
      const before = cursor === undefined ? undefined : sequenceOf(cursor);
      // One more than wanted tells whether there is a next page.
      const wanted = { ...filterOf(organization.id, query), limit: limit + 1, ...defined({ before }) };
      const rows = await activity.list(wanted);
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return { results: shown.map(activityBody), next_cursor: last ? String(last.sequence) : null };
    },

    async exportActivity({ organization, query }) {
      const chunks = exportActivity(activity.walk(filterOf(organization.id, query)), query.format);
      return new Download(chunks, exportMediaTypes[query.format], `${organization.name}-activity.${query.format}`);
    },

    async verifyActivity() {
      const result = await activity.verify();
      return result.intact
        ? {
            intact: true,
            rows: result.rows,
            removed_by_retention: result.removedByRetention,
            head: { sequence: result.head.sequence, hash: result.head.hash },
            broken_at: null,
            reason: null,
          }
        : {
            intact: false,
            rows: result.rows,
            removed_by_retention: null,
            head: null,
            broken_at: result.sequence,
            reason: result.reason,
          };
    },

    async listDeliveries() {
      return { results: (await deliveries()).map(deliveryBody) };
    },
  } satisfies Partial<Handlers>;
}

interface Filters {
  readonly action?: string | undefined;
  readonly name?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

function filterOf(organizationId: string, { action, name: subject, actor, from, to }: Filters): ActivityFilter {
  return { organizationId, ...defined({ action, subject, actor, from, to }) };
}

function sequenceOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  const message = 'The cursor is not valid: pass the one that the last page gave, or start again without one.';
  throw invalidField('cursor', message);
}

function actionGroupBody({ label, actions }: ReturnType<typeof listActions>[string]): ActionGroupBody {
  return { label, actions: actions.map((action) => ({ ...action })) };
}

function auditLogBody(account: string, row: Activity): AuditLogBody {
  return {
    account,
    action: row.action,
    name: row.subject,
    actor: row.actor.name,
    data: { ...detailsAsText(row) },
    timestamp: formatTime(row.at),
    action_description: describeAction(row.action),
  };
}

function activityBody(row: Activity): ActivityBody {
  const { kind, name, id = null, via = null } = row.actor;
  return {
    sequence: row.sequence,
    at: formatTime(row.at),
    action: row.action,
    action_description: describeAction(row.action),
    actor: { kind, name, id, via },
    address: row.address,
    name: row.subject,
    before: row.before,
    after: row.after,
    hash: row.hash,
  };
}

function deliveryBody(state: DeliveryState): DeliveryBody {
  return {
    name: state.name,
    kind: state.kind,
    target: state.address,
    delivered_sequence: state.deliveredSequence,
    pending: state.pending,
    last_success_at: timeOrNull(state.lastSuccessAt),
    last_failure_at: timeOrNull(state.lastFailureAt),
    last_error: state.lastError,
  };
}
