import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { PullRecord } from './pull-record.ts';

/** Where a chain stands: what the next record continues, or what the oldest record that is kept continues. */
export interface ChainPosition {
  /** Of the record that has this hash; 0 before the first one. */
  readonly sequence: number;
  /** Lower-case hex SHA-256. */
  readonly hash: string;
}

/** A record in its place. */
export interface Link extends ChainPosition {
  readonly record: PullRecord;
  readonly previousHash: string;
}

/** What the first record of every chain continues. */
export const chainStart: ChainPosition = { sequence: 0, hash: '0'.repeat(64) };

/** Puts records behind a position of their chain. */
export function linkRecords(position: ChainPosition, records: readonly PullRecord[]): Link[] {
  let last = position;
  return records.map((record) => {
    const link = {
      record,
      sequence: last.sequence + 1,
      previousHash: last.hash,
      hash: hashRecord(last.hash, record),
    };
    last = link;
    return link;
  });
}

function hashRecord(previousHash: string, record: PullRecord): string {
  return hash('sha256', previousHash + canonicalJson(record));
}

/** The first place where a chain does not hold. */
export interface BrokenLink {
  readonly chain: string;
  readonly sequence: number;
  /** Of the record found there, if any. */
  readonly id: string | undefined;
  readonly reason: 'missing' | 'changed';
}

/** Follows links from a position. Returns where they lead, or the first that does not hold. */
export function followLinks(chain: string, from: ChainPosition, links: readonly Link[]): ChainPosition | BrokenLink {
  let last = from;
  for (const link of links) {
    const broken = { chain, sequence: last.sequence + 1, id: link.record.id };
    if (link.sequence !== broken.sequence) return { ...broken, id: undefined, reason: 'missing' };
    const holds = link.previousHash === last.hash && link.hash === hashRecord(last.hash, link.record);
    if (!holds) return { ...broken, reason: 'changed' };
    last = link;
  }
  return last;
}
