import type { Selectable } from 'kysely';
import type { Link } from '../pulls/chain.ts';
import type { PullRecord } from '../pulls/pull-record.ts';
import type { Tables } from './schema.ts';

export type PullRow = Selectable<Tables['pull_records']>;

export function rowOf(chain: string, { record, sequence, previousHash, hash }: Link): PullRow {
  return {
    id: record.id,
    at: record.at,
    verdict: record.verdict,
    rule: record.rule,
    organization_id: record.organizationId,
    policy_version: record.policyVersion,
    person: record.person,
    person_id: record.personId,
    token_id: record.tokenId,
    address: record.address,
    client: record.client,
    operation: record.operation,
    method: record.method,
    repository: record.repository,
    tag: record.tag,
    digest: record.digest,
    category: record.category,
    stale: record.stale ? 1 : 0,
    chain,
    sequence,
    previous_hash: previousHash,
    hash,
  };
}

export function recordOf(row: PullRow): PullRecord {
  return {
    id: row.id,
    at: row.at,
    verdict: row.verdict as PullRecord['verdict'],
    rule: row.rule as PullRecord['rule'],
    organizationId: row.organization_id,
    policyVersion: row.policy_version,
    person: row.person,
    personId: row.person_id,
    tokenId: row.token_id,
    address: row.address,
    client: row.client,
    operation: row.operation as PullRecord['operation'],
    method: row.method,
    repository: row.repository,
    tag: row.tag,
    digest: row.digest,
    category: row.category as PullRecord['category'],
    stale: row.stale === 1,
  };
}

export function linkOf(row: PullRow): Link {
  return { record: recordOf(row), sequence: row.sequence, previousHash: row.previous_hash, hash: row.hash };
}
