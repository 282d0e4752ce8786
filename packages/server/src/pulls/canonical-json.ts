import type { PullRecord } from './pull-record.ts';

/**
 * The one text of a record, as RFC 8785 (JSON Canonicalization Scheme) has it: members sorted, no white space. It is what
 * the hash chain covers, so it never depends on how a record object was put together.
 */
export function canonicalJson(record: PullRecord): string {
  const json = sortedJson(record);
  return json.includes('\\u') ? sortedJson(storable(record)) : json;
}

function sortedJson(record: PullRecord): string {
  return JSON.stringify({
    address: record.address,
    at: record.at,
    category: record.category,
    client: record.client,
    digest: record.digest,
    id: record.id,
    method: record.method,
    operation: record.operation,
    organizationId: record.organizationId,
    person: record.person,
    personId: record.personId,
    policyVersion: record.policyVersion,
    repository: record.repository,
    rule: record.rule,
    stale: record.stale,
    tag: record.tag,
    tokenId: record.tokenId,
    verdict: record.verdict,
  } satisfies PullRecord);
}

/**
 * The record with replacement characters for what JSON escapes with `\u`: a lone surrogate or NUL cannot be stored as
 * text by every database, and what comes back would break the chain.
 */
export function storable(record: PullRecord): PullRecord {
  const text = (value: string) => value.toWellFormed().replaceAll('\0', '\ufffd');
  const optional = (value: string | null) => (value === null ? null : text(value));
  return {
    ...record,
    person: optional(record.person),
    address: text(record.address),
    client: text(record.client),
    method: text(record.method),
    repository: text(record.repository),
    tag: optional(record.tag),
    digest: optional(record.digest),
  };
}
