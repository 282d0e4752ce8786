import type { Selectable } from 'kysely';
import type { OrganizationAccessToken, OrganizationTokenStore } from '../tokens/organization-tokens.ts';
import type { Database, Tables } from './schema.ts';
import { fromTokenRow, toTokenRow, toTokenUpdate } from './token-columns.ts';

const table = 'organization_access_tokens';

export function openOrganizationTokenStore(database: Database): OrganizationTokenStore {
  const tokens = (organizationId: string) =>
    database.selectFrom(table).selectAll().where('organization_id', '=', organizationId);
  return {
    async insert(token, secretHash) {
      const resources = JSON.stringify(token.resources);
      const row = { ...toTokenRow(token, secretHash), organization_id: token.organizationId, resources };
      await database.insertInto(table).values(row).execute();
    },
    async find(organizationId, id) {
      const row = await tokens(organizationId).where('id', '=', id).executeTakeFirst();
      return row && toToken(row);
    },
    async list(organizationId) {
      const rows = await tokens(organizationId).orderBy('created_at', 'desc').orderBy('id').execute();
      return rows.map(toToken);
    },
    async update(organizationId, id, { resources, ...change }) {
      const columns = toTokenUpdate(change);
      await database
        .updateTable(table)
        .set(resources === undefined ? columns : { ...columns, resources: JSON.stringify(resources) })
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute();
    },
    async delete(organizationId, id) {
      await database.deleteFrom(table).where('organization_id', '=', organizationId).where('id', '=', id).execute();
    },
  };
}

function toToken(row: Selectable<Tables[typeof table]>): OrganizationAccessToken {
  return { ...fromTokenRow(row), organizationId: row.organization_id, resources: JSON.parse(row.resources) };
}
