import { readFileSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveReport } from './archive-messages.ts';
import type { PullArchive } from './pull-store.ts';
import { readSegment } from './read-segment.ts';
import { listSegments, segmentName } from './segment.ts';

export interface SegmentFolder {
  readonly folder: string;
  readonly chain: string;
}

/** Records to a transaction: whoever else writes to the database waits some milliseconds, not for a whole segment. */
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
    const { records, damagedLines } = readSegment(readFileSync(file, 'utf8'));
    for (let start = 0; start < records.length; start += batch) {
      await archive.append(chain, records.slice(start, start + batch));
    }
    if (damagedLines === 0) {
      unlinkSync(file);
    } else {
      // Kept for whoever looks into it, under a name that is not taken in again.
      renameSync(file, `${file}.damaged`);
      report({ kind: 'damaged', file: `${file}.damaged`, lines: damagedLines });
    }
    report({ kind: 'stored', segment });
  }
}
