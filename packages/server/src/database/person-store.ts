import type { Selectable } from 'kysely';
import type { NameStore, PersonAccount, PersonStore } from '../people/people.ts';
import type { Database, Tables } from './schema.ts';
import { endSignIns } from './sign-in-store.ts';

export function openPersonStore(database: Database): PersonStore {
  return {
    async insert(person) {
      const { id, username, name, email, location, company, createdAt } = person;
      await database
        .insertInto('people')
        .values({
          id,
          username,
          name,
          email,
          email_verified: person.emailVerified ? 1 : 0,
          image: null,
          location,
          company,
          is_active: person.isActive ? 1 : 0,
          is_administrator: person.isAdministrator ? 1 : 0,
          created_at: createdAt,
          updated_at: createdAt,
        })
        .execute();
    },
    async byUsername(username) {
      const row = await database.selectFrom('people').selectAll().where('username', '=', username).executeTakeFirst();
      return row && toPerson(row);
    },
    async byEmail(email) {
      const row = await database.selectFrom('people').selectAll().where('email', '=', email).executeTakeFirst();
      return row && toPerson(row);
    },
    async byId(id) {
      const row = await database.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toPerson(row);
    },
    async list() {
      return (await database.selectFrom('people').selectAll().orderBy('username').execute()).map(toPerson);
    },
    async setActive(id, isActive, at) {
      const change = { is_active: isActive ? 1 : 0, updated_at: at } as const;
      await database.updateTable('people').set(change).where('id', '=', id).execute();
      if (!isActive) await endSignIns(database, id);
    },
    async setAdministrator(id, isAdministrator, at) {
      const change = { is_administrator: isAdministrator ? 1 : 0, updated_at: at } as const;
      await database.updateTable('people').set(change).where('id', '=', id).execute();
    },
    async activeAdministrators() {
      const rows = await database
        .selectFrom('people')
        .select('id')
        .where('is_administrator', '=', 1)
        .where('is_active', '=', 1)
        .execute();
      return rows.map(({ id }) => id);
    },
    async updateProfile({ id, name, email, emailVerified, location, company }, at) {
      const verified = emailVerified ? 1 : 0;
      const change = { name, email, email_verified: verified, location, company, updated_at: at } as const;
      await database.updateTable('people').set(change).where('id', '=', id).execute();
    },
  };
}

export function openNameStore(database: Database): NameStore {
  return {
    async isTaken(name) {
      const person = database.selectFrom('people').select('id').where('username', '=', name);
      const organization = database.selectFrom('organizations').select('id').where('name', '=', name);
      return (await person.unionAll(organization).execute()).length > 0;
    },
  };
}

function toPerson(row: Selectable<Tables['people']>): PersonAccount {
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    email: row.email,
    emailVerified: row.email_verified === 1,
    location: row.location,
    company: row.company,
    isActive: row.is_active === 1,
    isAdministrator: row.is_administrator === 1,
    createdAt: row.created_at,
  };
}
