import { categories, rules } from '@pullgate/policy';
import { z } from 'zod';
import type { PullRecord } from './pull-record.ts';

const line = z.strictObject({
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

export interface SegmentContent {
  readonly records: readonly PullRecord[];
  /** Whole lines that are no records. A write that was cut short leaves none: something else changed the file. */
  readonly damagedLines: number;
}

/**
 * The whole lines of a segment. A last line without its end was being written when the process ended: nobody was told
 * that it is recorded, and it is left out.
 */
export function wholeLines(segment: string): string[] {
  return segment.split('\n').slice(0, -1);
}

export function readRecords(lines: readonly string[]): SegmentContent {
  const records = lines.flatMap((text) => parseLine(text) ?? []);
  return { records, damagedLines: lines.length - records.length };
}

function parseLine(text: string): PullRecord | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
