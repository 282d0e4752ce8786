import { csvRow, type ExportFormat } from '../http/export-format.ts';
import type { Activity } from './activity.ts';

/**
 * A row as it leaves the gate. The time is RFC 3339 in UTC. With the actor and the details as they were written, it is all
 * that the hash is over, so that whoever keeps rows elsewhere can compute the chain.
 */
export function activityDocument(row: Activity) {
  return {
    sequence: row.sequence,
    at: new Date(row.at).toISOString().replace('Z', '000Z'),
    organization_id: row.organizationId,
    action: row.action,
    actor: row.actor,
    address: row.address,
    name: row.subject,
    before: row.before,
    after: row.after,
    previous_hash: row.previousHash,
    hash: row.hash,
  };
}

const columns = [
  'sequence',
  'at',
  'organization_id',
  'action',
  'actor_kind',
  'actor',
  'actor_id',
  'via',
  'address',
  'name',
  'before',
  'after',
  'previous_hash',
  'hash',
] as const;

/** What comes before the first row. */
export function activityHead(format: ExportFormat): string {
  return format === 'csv' ? csvRow(columns) : '';
}

/** One row, with the end of its line. */
export function activityLine(format: ExportFormat, row: Activity): string {
  const document = activityDocument(row);
  if (format === 'jsonl') return `${JSON.stringify(document)}\n`;
  const { kind, name, id = null, via = null } = row.actor;
  const cells: Readonly<Record<(typeof columns)[number], string | number | null>> = {
    ...document,
    actor_kind: kind,
    actor: name,
    actor_id: id,
    via,
    before: row.before && JSON.stringify(row.before),
    after: row.after && JSON.stringify(row.after),
  };
  return csvRow(columns.map((column) => cells[column]));
}

/** The whole file in pieces, read from the log as they are consumed. */
export async function* exportActivity(rows: AsyncIterable<Activity>, format: ExportFormat): AsyncGenerator<string> {
  yield activityHead(format);
  for await (const row of rows) yield activityLine(format, row);
}
