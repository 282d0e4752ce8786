import type { Role } from '@pullgate/policy';
import type { Member, MembershipStore } from '../organizations/members.ts';
import { ownersTeam } from '../teams/team-name.ts';
import { readTraces } from './member-traces.ts';
import type { Database } from './schema.ts';
import { contains } from './search.ts';

export function openMembershipStore(database: Database): MembershipStore {
  const members = (organizationId: string) =>
    database
      .selectFrom('memberships')
      .innerJoin('people', 'people.id', 'memberships.person_id')
      .where('memberships.organization_id', '=', organizationId);
  const rows = (query: ReturnType<typeof members>) =>
    query
      .select(['people.id', 'people.username', 'people.name', 'people.email', 'people.location', 'people.company'])
      .select(['people.is_active', 'memberships.role', 'memberships.created_at'])
      .orderBy('people.username');
  type Row = Awaited<ReturnType<ReturnType<typeof rows>['executeTakeFirstOrThrow']>>;

  async function withTeams(organizationId: string, found: readonly Row[]): Promise<readonly Member[]> {
    // Of one person they are few; of several it is one look at all of them.
    const teams = await teamsOf(database, organizationId, found.length === 1 ? found[0]?.id : undefined);
    return found.map((row) => toMember(row, teams.get(row.id) ?? []));
  }

  return {
    async insert(organizationId, personId, role, at) {
      const row = { organization_id: organizationId, person_id: personId, role, created_at: at };
      await database.insertInto('memberships').values(row).execute();
    },
    async setRole(organizationId, personId, role) {
      await database
        .updateTable('memberships')
        .set({ role })
        .where('organization_id', '=', organizationId)
        .where('person_id', '=', personId)
        .execute();
    },
    async delete(organizationId, personId) {
      await database
        .deleteFrom('memberships')
        .where('organization_id', '=', organizationId)
        .where('person_id', '=', personId)
        .execute();
    },
    async find(organizationId, person) {
      const column = person.includes('@') ? 'people.email' : 'people.username';
      const row = await rows(members(organizationId).where(column, '=', person)).executeTakeFirst();
      return row && (await withTeams(organizationId, [row]))[0];
    },
    async list(organizationId) {
      return withTeams(organizationId, await rows(members(organizationId)).execute());
    },
    async page(organizationId, { search, searchEmail = false, role, teamId, offset, limit }) {
      let found = members(organizationId);
      if (role !== undefined) found = found.where('memberships.role', '=', role);
      if (teamId !== undefined) {
        const team = database.selectFrom('team_members').select('person_id').where('team_id', '=', teamId);
        found = found.where('memberships.person_id', 'in', team);
      }
      if (search !== undefined) {
        found = found.where(({ or, ref }) => {
          const inNames = [contains(ref('people.username'), search), contains(ref('people.name'), search)];
          return or(searchEmail ? [...inNames, contains(ref('people.email'), search)] : inNames);
        });
      }
      const { total } = await found.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const page = await rows(found).offset(offset).limit(limit).execute();
      return { items: await withTeams(organizationId, page), total: Number(total) };
    },
    traces: (organizationId, people) => readTraces(database, organizationId, people),
    async ofPerson(personId) {
      const found = await database
        .selectFrom('memberships')
        .select(['organization_id', 'role'])
        .where('person_id', '=', personId)
        .execute();
      return found.map((row) => ({ organizationId: row.organization_id, role: row.role as Role }));
    },
    async activeOwners(organizationId) {
      const owners = members(organizationId).where('memberships.role', '=', 'owner').where('people.is_active', '=', 1);
      return (await rows(owners).execute()).map((row) => row.id);
    },
  };

  function toMember(row: Row, teams: readonly string[]): Member {
    return {
      personId: row.id,
      username: row.username,
      name: row.name,
      email: row.email,
      location: row.location,
      company: row.company,
      role: row.role as Role,
      teams: row.role === 'owner' ? [...teams, ownersTeam].sort() : teams,
      isActive: row.is_active === 1,
      createdAt: row.created_at,
    };
  }
}

/** Names of teams, sorted, by the person's id. */
async function teamsOf(
  database: Database,
  organizationId: string,
  personId: string | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  let query = database
    .selectFrom('team_members')
    .innerJoin('teams', 'teams.id', 'team_members.team_id')
    .where('team_members.organization_id', '=', organizationId)
    .select(['team_members.person_id', 'teams.name']);
  if (personId !== undefined) query = query.where('team_members.person_id', '=', personId);
  const byPerson = Map.groupBy(await query.execute(), (row) => row.person_id);
  return new Map([...byPerson].map(([id, rows]) => [id, rows.map(({ name }) => name).sort()]));
}
