import type { TokenUse, TokenUseStore } from '../tokens/token-use.ts';
import type { Database } from './schema.ts';

const tables = ['personal_access_tokens', 'organization_access_tokens'] as const;

export function openTokenUseStore(database: Database): TokenUseStore {
  return {
    noteUses: (uses) =>
      database.transaction().execute(async (transaction) => {
        // In the same order on all nodes: two that wait for each other's rows would wait for ever.
        for (const use of uses.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
          for (const table of tables) await noteUse(transaction, table, use);
        }
      }),
  };
}

/** Several nodes note uses of one token: the latest stays, whoever writes last. */
async function noteUse(transaction: Database, table: (typeof tables)[number], { id, at, address }: TokenUse) {
  await transaction
    .updateTable(table)
    .set({ last_used_at: at, last_used_address: address })
    .where('id', '=', id)
    .where((column) => column.or([column('last_used_at', 'is', null), column('last_used_at', '<', at)]))
    .execute();
}
