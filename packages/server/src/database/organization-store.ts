import type { Selectable } from 'kysely';
import type { OrganizationAccount, OrganizationStore } from '../organizations/organizations.ts';
import type { Database, Tables } from './schema.ts';

const homeKey = 'home_organization_id';

export function openOrganizationStore(database: Database): OrganizationStore {
  const organizations = database.selectFrom('organizations');
  return {
    async insert({ id, name, fullName, enforceSignIn, createdAt }) {
      const row = {
        id,
        name,
        full_name: fullName,
        enforce_sign_in: enforceSignIn ? 1 : 0,
        created_at: createdAt,
      } as const;
      await database.insertInto('organizations').values(row).execute();
    },
    async byName(name) {
      const row = await organizations.selectAll().where('name', '=', name).executeTakeFirst();
      return row && toOrganization(row);
    },
    async list() {
      return (await organizations.selectAll().orderBy('name').execute()).map(toOrganization);
    },
    async setEnforceSignIn(id, enforce) {
      const change = { enforce_sign_in: enforce ? 1 : 0 } as const;
      await database.updateTable('organizations').set(change).where('id', '=', id).execute();
    },
    async home() {
      const row = await organizations
        .innerJoin('instance', 'instance.value', 'organizations.id')
        .where('instance.key', '=', homeKey)
        .selectAll('organizations')
        .executeTakeFirst();
      return row && toOrganization(row);
    },
    async setHome(id) {
      await database
        .insertInto('instance')
        .values({ key: homeKey, value: id })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: id }))
        .execute();
    },
  };
}

export async function readHomeId(database: Database): Promise<string | undefined> {
  const row = await database.selectFrom('instance').select('value').where('key', '=', homeKey).executeTakeFirst();
  return row?.value;
}

function toOrganization(row: Selectable<Tables['organizations']>): OrganizationAccount {
  return {
    id: row.id,
    name: row.name,
    fullName: row.full_name,
    enforceSignIn: row.enforce_sign_in === 1,
    createdAt: row.created_at,
  };
}
