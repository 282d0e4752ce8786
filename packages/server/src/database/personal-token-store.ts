import type { Selectable } from 'kysely';
import type { PersonalToken, PersonalTokenStore } from '../tokens/personal-tokens.ts';
import type { Database, Tables } from './schema.ts';
import { contains } from './search.ts';
import { fromTokenRow, toTokenRow, toTokenUpdate } from './token-columns.ts';

const table = 'personal_access_tokens';

export function openPersonalTokenStore(database: Database): PersonalTokenStore {
  const tokens = (personId: string) => database.selectFrom(table).selectAll().where('person_id', '=', personId);
  const ofMembers = (organizationId: string) =>
    database
      .selectFrom(table)
      .innerJoin('people', 'people.id', `${table}.person_id`)
      .innerJoin('memberships', 'memberships.person_id', 'people.id')
      .where('memberships.organization_id', '=', organizationId);
  return {
    async insert(token, secretHash) {
      const { personId, scopes } = token;
      const row = { ...toTokenRow(token, secretHash), person_id: personId, scopes: JSON.stringify(scopes) };
      await database.insertInto(table).values(row).execute();
    },
    async find(personId, id) {
      const row = await tokens(personId).where('id', '=', id).executeTakeFirst();
      return row && toToken(row);
    },
    async list(personId) {
      const rows = await tokens(personId).orderBy('created_at', 'desc').orderBy('id').execute();
      return rows.map(toToken);
    },
    async findOfMember(organizationId, id) {
      const row = await ofMembers(organizationId)
        .selectAll(table)
        .select('people.username')
        .where(`${table}.id`, '=', id)
        .executeTakeFirst();
      return row && { ...toToken(row), username: row.username };
    },
    async pageOfMembers(organizationId, { username, search, offset, limit }) {
      let found = ofMembers(organizationId);
      if (username !== undefined) found = found.where('people.username', '=', username.toLowerCase());
      if (search !== undefined) {
        found = found.where(({ or, ref }) =>
          or([contains(ref('people.username'), search), contains(ref(`${table}.label`), search)]),
        );
      }
      const { total } = await found.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await found
        .selectAll(table)
        .select('people.username')
        .orderBy('people.username')
        .orderBy(`${table}.created_at`, 'desc')
        .orderBy(`${table}.id`)
        .offset(offset)
        .limit(limit)
        .execute();
      return { items: rows.map((row) => ({ ...toToken(row), username: row.username })), total: Number(total) };
    },
    async update(personId, id, change) {
      const columns = toTokenUpdate(change);
      await database.updateTable(table).set(columns).where('person_id', '=', personId).where('id', '=', id).execute();
    },
    async delete(personId, id) {
      await database.deleteFrom(table).where('person_id', '=', personId).where('id', '=', id).execute();
    },
  };
}

function toToken(row: Selectable<Tables[typeof table]>): PersonalToken {
  return { ...fromTokenRow(row), personId: row.person_id, scopes: JSON.parse(row.scopes) };
}
