import type { Selectable } from 'kysely';
import type { NamespaceClaim, NamespaceStore } from '../organizations/namespaces.ts';
import type { Database, Tables } from './schema.ts';

export function openNamespaceStore(database: Database): NamespaceStore {
  return {
    async insert({ registry, namespace, organizationId, claimedAt, claimedBy }) {
      const row = {
        registry,
        namespace,
        organization_id: organizationId,
        claimed_at: claimedAt,
        claimed_by: claimedBy,
      };
      await database.insertInto('namespaces').values(row).execute();
    },
    async delete(organizationId, { registry, namespace }) {
      await database
        .deleteFrom('namespaces')
        .where('organization_id', '=', organizationId)
        .where('registry', '=', registry)
        .where('namespace', '=', namespace)
        .execute();
    },
    async find({ registry, namespace }) {
      const row = await database
        .selectFrom('namespaces')
        .selectAll()
        .where('registry', '=', registry)
        .where('namespace', '=', namespace)
        .executeTakeFirst();
      return row && toClaim(row);
    },
    async list(organizationId) {
      const rows = await database
        .selectFrom('namespaces')
        .selectAll()
        .where('organization_id', '=', organizationId)
        .orderBy('registry')
        .orderBy('namespace')
        .execute();
      return rows.map(toClaim);
    },
  };
}

function toClaim(row: Selectable<Tables['namespaces']>): NamespaceClaim {
  return {
    registry: row.registry,
    namespace: row.namespace,
    organizationId: row.organization_id,
    claimedAt: row.claimed_at,
    claimedBy: row.claimed_by,
  };
}
