import { categories, rules } from '@pullgate/policy';
import { z } from 'zod';
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
 * without these, which are a third of the text. What no database could store is replaced here already. The order must
 * never change: what an older gate left behind is read by it. Each place is spelled out, which takes half the time of a
 * loop over the names.
 */
export function journalLine(record: PullRecord): string {
  const line = textOf(record);
  return line.includes('\\u') ? textOf(storable(record)) : line;
}

/** Undefined for what is no line of a journal. Older ones have the names too. */
export function recordOfLine(line: string): PullRecord | undefined {
  const values = parsed(line);
  if (!Array.isArray(values)) return shape.safeParse(values).data;
  if (values.length !== valueCount) return undefined;
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
