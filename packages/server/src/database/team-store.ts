import type { Role } from '@pullgate/policy';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { Team, TeamStore } from '../teams/team.ts';
import { ownersTeam, teamKey } from '../teams/team-name.ts';
import type { Database, Tables } from './schema.ts';
import { contains } from './search.ts';

const counterKey = 'last_team_id';

export function openTeamStore(database: Database): TeamStore {
  const teams = (organizationId: string) =>
    database.selectFrom('teams').where('teams.organization_id', '=', organizationId);
  const rows = (query: ReturnType<typeof teams>) =>
    query.selectAll('teams').select((team) => [
      team
        .selectFrom('team_members')
        .whereRef('team_members.team_id', '=', 'teams.id')
        .select(({ fn }) => fn.countAll<number>().as('members'))
        .as('members'),
      team
        .selectFrom('memberships')
        .whereRef('memberships.organization_id', '=', 'teams.organization_id')
        .where('memberships.role', '=', 'owner')
        .select(({ fn }) => fn.countAll<number>().as('owners'))
        .as('owners'),
    ]);

  return {
    async nextId() {
      const { value } = await database
        .updateTable('instance')
        .set({ value: sql<string>`cast(cast(value as bigint) + 1 as text)` })
        .where('key', '=', counterKey)
        .returning('value')
        .executeTakeFirstOrThrow();
      return Number(value);
    },
    async insert({ id, uuid, organizationId, name, description, role, createdAt }) {
      const key = teamKey(name);
      const row = { id, uuid, organization_id: organizationId, name, name_key: key, description, role };
      await database
        .insertInto('teams')
        .values({ ...row, created_at: createdAt })
        .execute();
    },
    async byName(organizationId, name) {
      const row = await rows(teams(organizationId).where('name_key', '=', teamKey(name))).executeTakeFirst();
      return row && toTeam(row);
    },
    async page(organizationId, { search, personId, offset, limit }) {
      let found = teams(organizationId);
      if (search !== undefined) found = found.where(({ ref }) => contains(ref('teams.name_key'), search));
      if (personId !== undefined) found = found.where(isIn(database, organizationId, personId));
      const { total } = await found.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const page = await rows(found).orderBy('name_key').offset(offset).limit(limit).execute();
      return { items: page.map(toTeam), total: Number(total) };
    },
    async update(organizationId, id, { name, description, role }) {
      const change = {
        ...(name !== undefined && { name, name_key: teamKey(name) }),
        ...(description !== undefined && { description }),
        ...(role !== undefined && { role }),
      };
      await database
        .updateTable('teams')
        .set(change)
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute();
    },
    async delete(organizationId, id) {
      await database
        .updateTable('invitations')
        .set({ team_id: null })
        .where('organization_id', '=', organizationId)
        .where('team_id', '=', id)
        .execute();
      for (const [table, column] of [
        ['team_members', 'team_id'],
        ['teams', 'id'],
      ] as const) {
        await database
          .deleteFrom(table)
          .where('organization_id', '=', organizationId)
          .where(sql.ref<number>(column), '=', id)
          .execute();
      }
    },
    async hasMember(organizationId, id, personId) {
      const row = await memberOf(organizationId, id, personId).executeTakeFirst();
      return row !== undefined;
    },
    async addMember(organizationId, id, personId, at) {
      const row = { team_id: id, organization_id: organizationId, person_id: personId, created_at: at };
      await database.insertInto('team_members').values(row).execute();
    },
    async removeMember(organizationId, id, personId) {
      await database
        .deleteFrom('team_members')
        .where('organization_id', '=', organizationId)
        .where('team_id', '=', id)
        .where('person_id', '=', personId)
        .execute();
    },
    async leaveAll(organizationId, personId) {
      await database
        .deleteFrom('team_members')
        .where('organization_id', '=', organizationId)
        .where('person_id', '=', personId)
        .execute();
    },
  };

  function memberOf(organizationId: string, id: number, personId: string) {
    return database
      .selectFrom('team_members')
      .select('person_id')
      .where('organization_id', '=', organizationId)
      .where('team_id', '=', id)
      .where('person_id', '=', personId);
  }
}

/** Whether a person is in a team: listed there, or an owner and the team is `owners`. */
function isIn(database: Database, organizationId: string, personId: string): Expression<SqlBool> {
  const listed = database.selectFrom('team_members').select('team_id').where('person_id', '=', personId);
  const owner = database
    .selectFrom('memberships')
    .select('person_id')
    .where('organization_id', '=', organizationId)
    .where('person_id', '=', personId)
    .where('role', '=', 'owner');
  return sql<SqlBool>`(teams.id in ${listed} or (teams.name_key = ${ownersTeam} and exists ${owner}))`;
}

type Row = Tables['teams'] & { readonly members: number | null; readonly owners: number | null };

function toTeam(row: Row): Team {
  return {
    id: row.id,
    uuid: row.uuid,
    organizationId: row.organization_id,
    name: row.name,
    description: row.description,
    role: row.role as Role,
    memberCount: Number(row.name_key === ownersTeam ? row.owners : row.members),
    createdAt: row.created_at,
  };
}
