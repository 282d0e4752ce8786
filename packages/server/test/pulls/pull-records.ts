import { categories, rules } from '@pullgate/policy';
import fc from 'fast-check';
import { newDecisionId } from '../../src/pulls/decision-id.ts';
import type { PullRecord } from '../../src/pulls/pull-record.ts';

/** A refusal with an id of its own. */
export function pullRecord(changes: Partial<PullRecord> = {}): PullRecord {
  return {
    id: newDecisionId(),
    at: 1_790_000_000_000,
    verdict: 'deny',
    rule: 'category',
    organizationId: 'org-acme',
    policyVersion: 3,
    person: 'alice',
    personId: 'person-1',
    tokenId: 'token-1',
    address: '10.1.2.3',
    client: 'docker',
    operation: 'manifest',
    method: 'GET',
    repository: 'docker.io/evil/miner',
    tag: 'latest',
    digest: null,
    category: 'community',
    stale: false,
    ...changes,
  };
}

export function pullRecords(count: number, changes: (index: number) => Partial<PullRecord> = () => ({})): PullRecord[] {
  return Array.from({ length: count }, (_, index) => pullRecord(changes(index)));
}

const text = fc.string({ unit: 'binary' });
const optional = fc.option(text);

/** Any record at all, with text that no parser would have let through. */
export const anyPullRecord: fc.Arbitrary<PullRecord> = fc.record({
  id: fc.constant(undefined).map(() => newDecisionId()),
  at: fc.maxSafeNat(),
  verdict: fc.constantFrom('allow', 'deny'),
  rule: fc.constantFrom(...rules),
  organizationId: fc.option(fc.uuid()),
  policyVersion: fc.option(fc.nat()),
  person: optional,
  personId: fc.option(fc.uuid()),
  tokenId: fc.option(fc.uuid()),
  address: text,
  client: text,
  operation: fc.constantFrom('token', 'manifest', 'blob', 'tags', 'referrers'),
  method: text,
  repository: text,
  tag: optional,
  digest: optional,
  category: fc.constantFrom(...categories),
  stale: fc.boolean(),
});
