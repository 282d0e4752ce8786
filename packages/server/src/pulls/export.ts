import type { PullRecord } from './pull-record.ts';

export const exportFormats = ['csv', 'jsonl'] as const;

/** `csv` as RFC 4180 has it, with a header; `jsonl` is one JSON document a line. Both have the members of `pullDocument`. */
export type ExportFormat = (typeof exportFormats)[number];

export const exportMediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
};

/** A record as it leaves the gate: the time is RFC 3339 in UTC. */
export function pullDocument(record: PullRecord) {
  return {
    id: record.id,
    at: new Date(record.at).toISOString().replace('Z', '000Z'),
    verdict: record.verdict,
    rule: record.rule,
    category: record.category,
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
  return format === 'csv' ? `${columns.join(',')}\r\n` : '';
}

/** One record, with the end of its line. */
export function exportLine(format: ExportFormat, record: PullRecord): string {
  const document = pullDocument(record);
  if (format === 'jsonl') return `${JSON.stringify(document)}\n`;
  return `${columns.map((column) => csvCell(document[column])).join(',')}\r\n`;
}

function csvCell(value: string | number | boolean | null): string {
  const text = harmless(value === null ? '' : String(value));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A spreadsheet runs a cell that begins like a formula, and a client can send a tag that does (OWASP: CSV injection). */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
