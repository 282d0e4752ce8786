import { randomBytes } from 'node:crypto';
import type { Database } from './schema.ts';

const keyBytes = 32;
const keyId = 'registry-token';

/** The key that signs registry tokens: made once, and the same on all nodes. */
export async function openSigningKey(database: Database, now: number): Promise<Uint8Array<ArrayBuffer>> {
  const secret = randomBytes(keyBytes).toString('base64');
  // Two nodes may start together; the first one's key is kept.
  await database
    .insertInto('signing_keys')
    .values({ id: keyId, secret, created_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const row = await database
    .selectFrom('signing_keys')
    .select('secret')
    .where('id', '=', keyId)
    .executeTakeFirstOrThrow();
  return new Uint8Array(Buffer.from(row.secret, 'base64'));
}
