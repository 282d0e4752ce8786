import { readdirSync } from 'node:fs';

/** A file of the journal that is never appended to again. */
export interface SealedSegment {
  /** Counts from 1 and is never given twice while an older segment is still there. */
  readonly number: number;
  /** Undefined for what another process left behind. */
  readonly records: number | undefined;
  readonly bytes: number;
}

const shape = /^(\d{12})\.jsonl$/;

export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.jsonl`;
}

/** The numbers of the segments in a folder, oldest first. */
export function listSegments(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => shape.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
