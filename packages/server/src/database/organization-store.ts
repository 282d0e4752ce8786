import type { Selectable } from 'kysely';
import type { OrganizationAccount, OrganizationStore } from '../organizations/organizations.ts';
import type { Database, Tables } from './schema.ts';

const homeKey = 'home_organization_id';

export function openOrganizationStore(database: Database): OrganizationStore {
  const organizations = database.selectFrom('organizations');
  return {
    async insert(organization) {
      const { id, name, createdAt } = organization;
      const row = { id, name, created_at: createdAt, custom_registries: '[]', ...toColumns(organization) };
      await database.insertInto('organizations').values(row).execute();
    },
    async update(organization) {
      await database
        .updateTable('organizations')
        .set(toColumns(organization))
        .where('id', '=', organization.id)
        .execute();
    },
    async byId(id) {
      const row = await organizations.selectAll().where('id', '=', id).executeTakeFirst();
      return row && toOrganization(row);
    },
    async byName(name) {
      const row = await organizations.selectAll().where('name', '=', name).executeTakeFirst();
      return row && toOrganization(row);
    },
    async list() {
      return (await organizations.selectAll().orderBy('name').execute()).map(toOrganization);
    },
    async customRegistries(id) {
      const row = await organizations.select('custom_registries').where('id', '=', id).executeTakeFirstOrThrow();
      return JSON.parse(row.custom_registries);
    },
    async setCustomRegistries(id, registries) {
      const change = { custom_registries: JSON.stringify(registries) };
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

/** What can be changed. */
function toColumns(organization: OrganizationAccount) {
  return {
    full_name: organization.fullName,
    location: organization.location,
    company: organization.company,
    enforce_sign_in: organization.enforceSignIn ? 1 : 0,
    max_token_lifetime: organization.maxTokenLifetimeMs,
    password_login: organization.passwordLogin ? 1 : 0,
  } as const;
}

function toOrganization(row: Selectable<Tables['organizations']>): OrganizationAccount {
  return {
    id: row.id,
    name: row.name,
    fullName: row.full_name,
    location: row.location,
    company: row.company,
    enforceSignIn: row.enforce_sign_in === 1,
    maxTokenLifetimeMs: row.max_token_lifetime,
    passwordLogin: row.password_login === 1,
    createdAt: row.created_at,
  };
}
