import { readFileSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveReport } from './archive-messages.ts';
import type { PullArchive } from './pull-store.ts';
import { readRecords, wholeLines } from './read-segment.ts';
import { listSegments, segmentName } from './segment.ts';

export interface SegmentFolder {
  readonly folder: string;
  readonly chain: string;
}

/**
 * Records to a transaction: whoever else writes to the database waits some milliseconds, not for a whole segment. The
 * records of a whole one, read at once, would also outlive V8's young generation, and cost more to collect than to read.
 */
const batch = 500;

/**
 * Stores the sealed segments of a folder, oldest first, and removes each after its commit. May be repeated at any point:
 * what is stored already is not stored again.
 */
export async function archiveSegments(
  { folder, chain }: SegmentFolder,
  upTo: number,
  archive: PullArchive,
  report: (report: ArchiveReport) => void,
): Promise<void> {
  for (const segment of listSegments(folder)) {
    if (segment > upTo) return;
    const file = join(folder, segmentName(segment));
    const lines = wholeLines(readFileSync(file, 'utf8'));
    let damaged = 0;
    for (let start = 0; start < lines.length; start += batch) {
      const { records, damagedLines } = readRecords(lines.slice(start, start + batch));
      damaged += damagedLines;
      await archive.append(chain, records);
    }
    if (damaged === 0) {
      unlinkSync(file);
    } else {
      // Kept for whoever looks into it, under a name that is not taken in again.
      renameSync(file, `${file}.damaged`);
      report({ kind: 'damaged', file: `${file}.damaged`, lines: damaged });
    }
    report({ kind: 'stored', segment });
  }
}
