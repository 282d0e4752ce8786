import { createHash } from 'node:crypto';

/** What the first row is chained to. */
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
}

export interface ChainLink {
  readonly sequence: number;
  readonly hash: string;
}

export type ChainVerification =
  /** `head` can be written down elsewhere: a later log that does not contain it was cut or rewritten. */
  | { readonly intact: true; readonly rows: number; readonly head: string }
  | { readonly intact: false; readonly sequence: number; readonly reason: string };

const start: ChainLink = { sequence: 0, hash: genesisHash };

/**
 * Lower-case hex SHA-256 over the previous hash and every column. A JSON array has one spelling only, so that no two
 * different rows share a preimage.
 */
function hashOf(row: Omit<ChainedRow, 'hash'>): string {
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
  last: ChainLink | undefined,
  row: Omit<ChainedRow, 'sequence' | 'previous_hash' | 'hash'>,
): ChainedRow {
  const { sequence, hash } = last ?? start;
  const linked = { ...row, sequence: sequence + 1, previous_hash: hash };
  return { ...linked, hash: hashOf(linked) };
}

/** Walks the rows, which must come in order, and reports the first that was changed, added or taken out. */
export async function verifyChain(rows: AsyncIterable<ChainedRow>): Promise<ChainVerification> {
  let last = start;
  for await (const row of rows) {
    const reason = breakBetween(last, row);
    if (reason !== undefined) return { intact: false, sequence: row.sequence, reason };
    last = row;
  }
  return { intact: true, rows: last.sequence, head: last.hash };
}

function breakBetween(last: ChainLink, row: ChainedRow): string | undefined {
  if (row.sequence !== last.sequence + 1) return `Row ${last.sequence + 1} is missing.`;
  if (row.previous_hash !== last.hash) return `Row ${row.sequence} does not follow the row before it.`;
  if (row.hash !== hashOf(row)) return `Row ${row.sequence} was changed after it was written.`;
  return undefined;
}
