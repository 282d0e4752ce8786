import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

type Anything = Kysely<unknown>;

export const teamsInvitationsSettings: Migration = {
  async up(db: Anything) {
    await addProfiles(db);
    await addSettings(db);
    await keepExpiryAsGiven(db);
    await createTeams(db);
    await createInvitations(db);
    await giveOwnersTheirTeam(db);
  },
};

async function addProfiles(db: Anything): Promise<void> {
  for (const table of ['people', 'organizations']) {
    for (const column of ['location', 'company']) {
      await db.schema
        .alterTable(table)
        .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(''))
        .execute();
    }
  }
}

async function addSettings(db: Anything): Promise<void> {
  await db.schema.alterTable('organizations').addColumn('max_token_lifetime', 'bigint').execute();
  await db.schema
    .alterTable('organizations')
    .addColumn('password_login', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('organizations')
    .addColumn('custom_registries', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
}

async function keepExpiryAsGiven(db: Anything): Promise<void> {
  for (const table of ['personal_access_tokens', 'organization_access_tokens']) {
    await db.schema.alterTable(table).addColumn('expires_at_text', 'text').execute();
  }
}

async function createTeams(db: Anything): Promise<void> {
  await db.schema
    .createTable('teams')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('uuid', 'text', (column) => column.notNull().unique())
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('teams_name', ['organization_id', 'name_key'])
    .execute();
  await db.schema
    .createTable('team_members')
    .addColumn('team_id', 'integer', (column) => column.notNull().references('teams.id'))
    .addColumn('organization_id', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('team_members_pkey', ['team_id', 'person_id'])
    // Nobody is in a team of an organization that they are not in.
    .addForeignKeyConstraint('team_members_membership', ['organization_id', 'person_id'], 'memberships', [
      'organization_id',
      'person_id',
    ])
    .execute();
  await db.schema
    .createIndex('team_members_person')
    .on('team_members')
    .columns(['organization_id', 'person_id'])
    .execute();
}

async function createInvitations(db: Anything): Promise<void> {
  await db.schema
    .createTable('invitations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('invitee', 'text', (column) => column.notNull())
    .addColumn('email', 'text')
    .addColumn('person_id', 'text', (column) => column.references('people.id'))
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('team_id', 'integer', (column) => column.references('teams.id'))
    .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
    .addColumn('invited_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('invitations_organization').on('invitations').column('organization_id').execute();
}

interface Settled {
  readonly organizations: { readonly id: string; readonly created_at: number };
  readonly instance: { readonly key: string; readonly value: string };
}

/** Every organization has the team `owners`; those that come later get it when they are created. */
async function giveOwnersTheirTeam(db: Anything): Promise<void> {
  const settled = db as Kysely<Settled>;
  const organizations = await settled
    .selectFrom('organizations')
    .select(['id', 'created_at'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  for (const [index, { id, created_at }] of organizations.entries()) {
    await sql`insert into teams (id, uuid, organization_id, name, name_key, description, role, created_at)
      values (${index + 1}, ${randomUUID()}, ${id}, 'owners', 'owners', '', 'owner', ${created_at})`.execute(db);
  }
  await settled
    .insertInto('instance')
    .values({ key: 'last_team_id', value: String(organizations.length) })
    .execute();
}
