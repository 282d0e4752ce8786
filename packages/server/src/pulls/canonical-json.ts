import type { PullRecord } from './pull-record.ts';

/**
 * The one text of a record, as RFC 8785 (JSON Canonicalization Scheme) has it: members sorted, no white space. It is what
 * the hash chain covers, so it never depends on how a record object was put together.
 */
export function canonicalJson(record: PullRecord): string {
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
