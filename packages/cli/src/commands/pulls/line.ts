import { imageKindOf } from '@pullgate/policy';
import { type PullRecord, pullDocument } from '@pullgate/server';
import { oneLine } from '../../output/one-line.ts';
import type { Style } from '../../output/style.ts';
import { timeOf } from '../../output/time.ts';

/** Gives records as lines, those of one call after another below each other. */
export type PullLines = (records: readonly PullRecord[]) => readonly string[];

/** For people, in columns as wide as what was shown so far. The image is last: it is the longest by far. */
export function pullLines({ good, bad, faint }: Style): PullLines {
  const widths: number[] = [];
  const padded = (cell: string, column: number) => cell.padEnd(widths[column] ?? 0);
  return (records) => {
    const rows = records.map((record) => ({ record, cells: cellsOf(record).map(oneLine) }));
    for (const { cells } of rows) {
      for (const [column, cell] of cells.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
    return rows.map(({ record, cells }) => {
      const verdict = record.verdict === 'allow' ? good('allow ') : bad('refuse');
      const [id = '', who = '', operation = '', why = '', from = ''] = cells.map(padded);
      const what = [verdict, faint(id), who, operation, faint(why), faint(from), oneLine(imageOf(record))];
      return [faint(timeOf(record.at)), ...what].join('  ');
    });
  };
}

function cellsOf(record: PullRecord): readonly string[] {
  const why = `${imageKindOf(record)}, ${record.rule}${record.stale ? ', stale' : ''}`;
  return [record.id, record.person ?? 'nobody', record.operation, why, `${record.client} ${record.address}`];
}

function imageOf({ repository, tag, digest }: PullRecord): string {
  if (digest !== null) return `${repository}@${digest.slice(0, 19)}`;
  return tag ? `${repository}:${tag}` : repository;
}

/** For scripts: each record is a line of JSON. */
export const pullJsonLines: PullLines = (records) => records.map((record) => JSON.stringify(pullDocument(record)));
