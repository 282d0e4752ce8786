import { type BrokenLink, type ChainPosition, followLinks } from './chain.ts';
import type { ChainEnds, ChainReader } from './pull-store.ts';

export interface Verification {
  /** How many records hold. */
  readonly records: number;
  /** The first broken link of each chain that does not hold. */
  readonly broken: readonly BrokenLink[];
}

const pageSize = 1000;

/** Computes every chain anew. Records that come in meanwhile are left for the next time. */
export async function verifyChains(reader: ChainReader): Promise<Verification> {
  let records = 0;
  const broken: BrokenLink[] = [];
  for (const ends of await reader.chainEnds()) {
    const end = await verifyChain(reader, ends);
    if ('reason' in end.at) broken.push(end.at);
    records += end.records;
  }
  return { records, broken };
}

interface ChainVerification {
  readonly records: number;
  readonly at: ChainPosition | BrokenLink;
}

async function verifyChain(reader: ChainReader, ends: ChainEnds): Promise<ChainVerification> {
  const at = await followChain(reader, ends);
  if (!('reason' in at)) return { at, records: at.sequence - ends.oldest.sequence };
  // Retention may have removed what was about to be read: then the chain starts later now.
  const now = (await reader.chainEnds()).find(({ chain }) => chain === ends.chain);
  if (now !== undefined && now.oldest.sequence > ends.oldest.sequence) return verifyChain(reader, now);
  return { at, records: at.sequence - 1 - ends.oldest.sequence };
}

async function followChain(reader: ChainReader, ends: ChainEnds): Promise<ChainPosition | BrokenLink> {
  const { chain, newest } = ends;
  let position = ends.oldest;
  while (position.sequence < newest.sequence) {
    const limit = Math.min(pageSize, newest.sequence - position.sequence);
    const links = await reader.links(chain, position.sequence, limit);
    if (links.length === 0) return { chain, sequence: position.sequence + 1, id: undefined, reason: 'missing' };
    const next = followLinks(chain, position, links);
    if ('reason' in next) return next;
    position = next;
  }
  if (position.hash === newest.hash) return position;
  return { chain, sequence: position.sequence, id: undefined, reason: 'changed' };
}
