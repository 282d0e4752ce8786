import type { Role } from '@pullgate/policy';
import type { Member, MembershipStore } from '../organizations/members.ts';
import type { Database } from './schema.ts';

export function openMembershipStore(database: Database): MembershipStore {
  const members = (organizationId: string) =>
    database
      .selectFrom('memberships')
      .innerJoin('people', 'people.id', 'memberships.person_id')
      .where('memberships.organization_id', '=', organizationId)
      .select([
        'people.id',
        'people.username',
        'people.name',
        'people.email',
        'people.is_active',
        'memberships.role',
        'memberships.created_at',
      ]);
  type Row = Awaited<ReturnType<ReturnType<typeof members>['executeTakeFirstOrThrow']>>;
  const toMember = (row: Row): Member => ({
    personId: row.id,
    username: row.username,
    name: row.name,
    email: row.email,
    role: row.role as Role,
    isActive: row.is_active === 1,
    createdAt: row.created_at,
  });
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
    async byUsername(organizationId, username) {
      const row = await members(organizationId).where('people.username', '=', username).executeTakeFirst();
      return row && toMember(row);
    },
    async list(organizationId) {
      return (await members(organizationId).orderBy('people.username').execute()).map(toMember);
    },
    async activeOwners(organizationId) {
      const owners = members(organizationId).where('memberships.role', '=', 'owner').where('people.is_active', '=', 1);
      return (await owners.execute()).map((row) => row.id);
    },
  };
}
