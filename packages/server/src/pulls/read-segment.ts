import { recordOfLine } from './journal-line.ts';
import type { PullRecord } from './pull-record.ts';

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
  const records = lines.flatMap((line) => recordOfLine(line) ?? []);
  return { records, damagedLines: lines.length - records.length };
}
