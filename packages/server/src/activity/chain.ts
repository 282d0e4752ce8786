import { createHash } from 'node:crypto';
import type { Action, Change } from './activity.ts';

export const genesisHash = '0'.repeat(64);

/** A row of the activity in the form in which it is stored and hashed: details are JSON text, byte for byte. */
export interface ChainedRow {
  readonly sequence: number;
  readonly organization_id: string | null;
  readonly action: string;
  readonly actor: string;
  readonly address: string | null;
  readonly at: number;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly previous_hash: string;
  readonly hash: string;
  /** The name in `actor`, to search by. */
  readonly actor_name: string;
}

/** What can be written down elsewhere: a later log that does not contain it was cut or rewritten. */
export interface ChainLink {
  readonly sequence: number;
  readonly hash: string;
}

/** Where the rows begin and end, noted apart from them, so that cutting off either end is found. */
export interface ChainEnds {
  /** The last row that retention removed: what the oldest row continues. */
  readonly oldest: ChainLink;
  readonly newest: ChainLink;
}

export type ChainVerification =
  | { readonly intact: true; readonly rows: number; readonly removedByRetention: number; readonly head: ChainLink }
  | { readonly intact: false; readonly rows: number; readonly sequence: number; readonly reason: string };

/** What the first row is chained to. */
export const chainStart: ChainLink = { sequence: 0, hash: genesisHash };

/**
 * Lower-case hex SHA-256 over the previous hash and every column. A JSON array has one spelling only, so that no two
 * different rows share a preimage.
 */
function hashOf(row: Omit<ChainedRow, 'hash' | 'actor_name'>): string {
  const columns = [
    row.previous_hash,
    row.sequence,
    row.organization_id,
    row.action,
    row.actor,
    row.address,
    row.at,
    row.subject,
    row.before,
    row.after,
  ];
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex');
}

/** Adds the next link to a chain that ends in `last`. */
export function chain(
  last: ChainLink,
  row: Omit<ChainedRow, 'sequence' | 'previous_hash' | 'hash' | 'actor_name'>,
): ChainedRow {
  const linked = { ...row, sequence: last.sequence + 1, previous_hash: last.hash };
  return { ...linked, hash: hashOf(linked), actor_name: actorNameOf(row.actor) ?? '' };
}

/** The name in an actor's JSON; undefined when there is none. */
export function actorNameOf(actor: string): string | undefined {
  const { name } = parse(actor) ?? {};
  return typeof name === 'string' ? name : undefined;
}

/**
 * Walks the rows, which must come in order, and reports the first that was changed, added or taken out. What retention
 * removed must be told by a row of the chain itself, so that nobody cuts off its beginning by moving the note.
 *
 * @param ends undefined when the note is gone, which is a break of its own.
 * @param expected a row that must be there.
 */
export async function verifyChain(
  rows: AsyncIterable<ChainedRow>,
  ends: ChainEnds | undefined,
  expected?: ChainLink,
): Promise<ChainVerification> {
  let last = ends?.oldest ?? chainStart;
  let count = 0;
  const broken = (sequence: number, reason: string) => ({ intact: false, rows: count, sequence, reason }) as const;
  if (ends === undefined) return broken(0, 'The note of where the activity begins and ends is missing.');
  const { oldest, newest } = ends;
  let told = chainStart;
  let found = expected === undefined || isSame(expected, oldest);
  for await (const row of rows) {
    const reason = breakBetween(last, row, newest);
    if (reason !== undefined) return broken(row.sequence, reason);
    if (row.action === trimAction) told = removedBy(row) ?? told;
    if (expected !== undefined && isSame(expected, row)) found = true;
    last = row;
    count += 1;
  }
  if (last.sequence < newest.sequence) return broken(last.sequence + 1, `Row ${last.sequence + 1} is missing.`);
  if (!isSame(last, newest)) return broken(newest.sequence, 'The note of the newest row was changed.');
  if (!isSame(told, oldest)) {
    return broken(oldest.sequence, `Rows up to ${oldest.sequence} were removed, and not by retention.`);
  }
  if (expected !== undefined && !found) return broken(expected.sequence, whyNotFound(expected, ends));
  return {
    intact: true,
    rows: count,
    removedByRetention: oldest.sequence,
    head: { sequence: last.sequence, hash: last.hash },
  };
}

function breakBetween(last: ChainLink, row: ChainedRow, newest: ChainLink): string | undefined {
  if (row.sequence > newest.sequence) return `Row ${row.sequence} was added behind the end of the activity.`;
  if (row.sequence !== last.sequence + 1) return `Row ${last.sequence + 1} is missing.`;
  if (row.previous_hash !== last.hash) return `Row ${row.sequence} does not follow the row before it.`;
  // Not hashed, for it says nothing new: but it is what a search by name looks at.
  const isWhole = row.hash === hashOf(row) && row.actor_name === (actorNameOf(row.actor) ?? '');
  return isWhole ? undefined : `Row ${row.sequence} was changed after it was written.`;
}

const trimAction: Action = 'activity.trim';

/** What retention tells in the chain of what it removed. */
export function trimmed({ sequence, hash }: ChainLink): Pick<Change, 'action' | 'after'> {
  return { action: trimAction, after: { sequence, hash } };
}

function removedBy({ after }: ChainedRow): ChainLink | undefined {
  const { sequence, hash } = parse(after ?? '') ?? {};
  return typeof sequence === 'number' && typeof hash === 'string' ? { sequence, hash } : undefined;
}

function isSame(one: ChainLink, other: ChainLink): boolean {
  return one.sequence === other.sequence && one.hash === other.hash;
}

function whyNotFound({ sequence }: ChainLink, { oldest, newest }: ChainEnds): string {
  if (sequence < oldest.sequence) return `Row ${sequence} was removed by retention; nothing can be said of it.`;
  if (sequence > newest.sequence) return `Row ${sequence} was there once, and is missing.`;
  return `Row ${sequence} is another one than it was.`;
}

function parse(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
