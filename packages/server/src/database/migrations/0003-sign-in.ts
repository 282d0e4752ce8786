import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

type Anything = Kysely<unknown>;

/** What the sign-in library keeps, in tables of ours; `people` is its table of users. */
export const signIn: Migration = {
  async up(db: Anything) {
    await db.schema
      .alterTable('people')
      .addColumn('two_factor_enabled', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await createSessions(db);
    await createAccounts(db);
    await createSecondFactors(db);
    await createConnections(db);
  },
};

async function createSessions(db: Anything): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('token', 'text', (column) => column.notNull().unique())
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('ip_address', 'text')
    .addColumn('user_agent', 'text')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sessions_person').on('sessions').column('person_id').execute();
  await db.schema
    .createTable('verifications')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('identifier', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('verifications_identifier').on('verifications').column('identifier').execute();
  await db.schema.createIndex('verifications_expires_at').on('verifications').column('expires_at').execute();
}

/** Passwords, and identities at identity providers. */
async function createAccounts(db: Anything): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('provider_id', 'text', (column) => column.notNull())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('password', 'text')
    .addColumn('access_token', 'text')
    .addColumn('refresh_token', 'text')
    .addColumn('id_token', 'text')
    .addColumn('access_token_expires_at', 'bigint')
    .addColumn('refresh_token_expires_at', 'bigint')
    .addColumn('scope', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('accounts_identity', ['provider_id', 'account_id'])
    .execute();
  await db.schema.createIndex('accounts_person').on('accounts').column('person_id').execute();
}

async function createSecondFactors(db: Anything): Promise<void> {
  await db.schema
    .createTable('second_factors')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull().unique().references('people.id'))
    .addColumn('secret', 'text', (column) => column.notNull())
    .addColumn('backup_codes', 'text', (column) => column.notNull())
    .addColumn('verified', 'integer')
    .addColumn('failed_verification_count', 'integer')
    .addColumn('locked_until', 'bigint')
    .execute();
  await db.schema
    .createTable('passkeys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('name', 'text')
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('credential_id', 'text', (column) => column.notNull().unique())
    .addColumn('counter', 'bigint', (column) => column.notNull())
    .addColumn('device_type', 'text', (column) => column.notNull())
    .addColumn('backed_up', 'integer', (column) => column.notNull())
    .addColumn('transports', 'text')
    .addColumn('aaguid', 'text')
    .addColumn('created_at', 'bigint')
    .execute();
  await db.schema.createIndex('passkeys_person').on('passkeys').column('person_id').execute();
}

async function createConnections(db: Anything): Promise<void> {
  await db.schema
    .createTable('sso_connections')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('provider_id', 'text', (column) => column.notNull().unique())
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('oidc_config', 'text')
    .addColumn('saml_config', 'text')
    .addColumn('person_id', 'text')
    .addColumn('domain', 'text', (column) => column.notNull())
    .addColumn('rules', 'text', (column) => column.notNull())
    .addColumn('scim_secret_hash', 'text', (column) => column.unique())
    .addColumn('scim_created_at', 'bigint')
    .addColumn('scim_last_used_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sso_connections_organization').on('sso_connections').column('organization_id').execute();
  await db.schema
    .createTable('domains')
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('proof', 'text', (column) => column.notNull())
    .addColumn('verified_at', 'bigint')
    .addColumn('connection_id', 'text', (column) => column.references('sso_connections.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('domains_pkey', ['organization_id', 'name'])
    .execute();
  await db.schema
    .createTable('scim_identities')
    .addColumn('connection_id', 'text', (column) => column.notNull().references('sso_connections.id'))
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('external_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('scim_identities_pkey', ['connection_id', 'person_id'])
    .execute();
  // One domain is proved by one organization.
  await db.schema
    .createIndex('domains_verified')
    .unique()
    .on('domains')
    .column('name')
    .where('verified_at' as never, 'is not', null)
    .execute();
}
