import { imageKindOf } from '@pullgate/policy';
import { csvRow, type ExportFormat } from '../http/export-format.ts';
import type { PullRecord } from './pull-record.ts';

/** A record as it leaves the gate: the time is RFC 3339 in UTC. */
export function pullDocument(record: PullRecord) {
  return {
    id: record.id,
    at: new Date(record.at).toISOString().replace('Z', '000Z'),
    verdict: record.verdict,
    rule: record.rule,
    category: imageKindOf(record),
    repository: record.repository,
    tag: record.tag,
    digest: record.digest,
    person: record.person,
    person_id: record.personId,
    token_id: record.tokenId,
    organization_id: record.organizationId,
    policy_version: record.policyVersion,
    operation: record.operation,
    method: record.method,
    client: record.client,
    address: record.address,
    stale: record.stale,
  };
}

type PullDocument = ReturnType<typeof pullDocument>;

const columns = [
  'id',
  'at',
  'verdict',
  'rule',
  'category',
  'repository',
  'tag',
  'digest',
  'person',
  'person_id',
  'token_id',
  'organization_id',
  'policy_version',
  'operation',
  'method',
  'client',
  'address',
  'stale',
] as const satisfies readonly (keyof PullDocument)[];

/** What comes before the first record. */
export function exportHead(format: ExportFormat): string {
  return format === 'csv' ? csvRow(columns) : '';
}

/** One record, with the end of its line. */
export function exportLine(format: ExportFormat, record: PullRecord): string {
  const document = pullDocument(record);
  if (format === 'jsonl') return `${JSON.stringify(document)}\n`;
  return csvRow(columns.map((column) => document[column]));
}
