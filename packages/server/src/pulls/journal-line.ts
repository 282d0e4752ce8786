import { categories, rules } from '@pullgate/policy';
import { z } from 'zod';
import { storable } from './canonical-json.ts';
import type { PullRecord } from './pull-record.ts';

const shape = z.strictObject({
  address: z.string(),
  at: z.int(),
  category: z.enum(categories),
  client: z.string(),
  digest: z.string().nullable(),
  id: z.string(),
  method: z.string(),
  operation: z.enum(['token', 'manifest', 'blob', 'tags', 'referrers']),
  organizationId: z.string().nullable(),
  person: z.string().nullable(),
  personId: z.string().nullable(),
  policyVersion: z.int().nullable(),
  repository: z.string(),
  rule: z.enum(rules),
  stale: z.boolean(),
  tag: z.string().nullable(),
  tokenId: z.string().nullable(),
  verdict: z.enum(['allow', 'deny']),
}) satisfies z.ZodType<PullRecord>;

const valueCount = Object.keys(shape.shape).length;

/**
 * A record as the journal has it, which every pull writes before it is answered: its values in the order of the names,
 * without these, which are a third of the text. What no database could store is replaced here already.
 */
export function journalLine(record: PullRecord): string {
  const line = textOf(record);
  return line.includes('\\u') ? textOf(storable(record)) : line;
}

/** Undefined for what is no line of this journal. */
export function recordOfLine(line: string): PullRecord | undefined {
  const values = parsed(line);
  if (!Array.isArray(values) || values.length !== valueCount) return undefined;
  const [
    address,
    at,
    category,
    client,
    digest,
    id,
    method,
    operation,
    organizationId,
    person,
    personId,
    policyVersion,
    repository,
    rule,
    stale,
    tag,
    tokenId,
    verdict,
  ] = values;
  return shape.safeParse({
    address,
    at,
    category,
    client,
    digest,
    id,
    method,
    operation,
    organizationId,
    person,
    personId,
    policyVersion,
    repository,
    rule,
    stale,
    tag,
    tokenId,
    verdict,
  }).data;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function textOf(record: PullRecord): string {
  return JSON.stringify([
    record.address,
    record.at,
    record.category,
    record.client,
    record.digest,
    record.id,
    record.method,
    record.operation,
    record.organizationId,
    record.person,
    record.personId,
    record.policyVersion,
    record.repository,
    record.rule,
    record.stale,
    record.tag,
    record.tokenId,
    record.verdict,
  ]);
}
