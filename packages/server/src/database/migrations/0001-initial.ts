import type { CreateTableBuilder, Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

type Anything = Kysely<unknown>;

export const initial: Migration = {
  async up(db: Anything) {
    await createPeopleAndOrganizations(db);
    await createPolicies(db);
    await createTokens(db);
    await createRecords(db);
    await createInstance(db);
    await createCacheIndex(db);
  },
};

async function createPeopleAndOrganizations(db: Anything): Promise<void> {
  await db.schema
    .createTable('people')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('username', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.unique())
    .addColumn('email_verified', 'integer', (column) => column.notNull())
    .addColumn('image', 'text')
    .addColumn('is_active', 'integer', (column) => column.notNull())
    .addColumn('is_administrator', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('organizations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('full_name', 'text', (column) => column.notNull())
    .addColumn('enforce_sign_in', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('memberships')
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('memberships_pkey', ['organization_id', 'person_id'])
    .execute();
  await db.schema.createIndex('memberships_person').on('memberships').column('person_id').execute();
  await db.schema
    .createTable('namespaces')
    .addColumn('registry', 'text', (column) => column.notNull())
    .addColumn('namespace', 'text', (column) => column.notNull())
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('claimed_at', 'bigint', (column) => column.notNull())
    .addColumn('claimed_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('namespaces_pkey', ['registry', 'namespace'])
    .execute();
  await db.schema.createIndex('namespaces_organization').on('namespaces').column('organization_id').execute();
}

async function createPolicies(db: Anything): Promise<void> {
  await db.schema
    .createTable('policy_versions')
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('policy', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('policy_versions_pkey', ['organization_id', 'version'])
    .execute();
  await db.schema
    .createTable('categories')
    .addColumn('registry', 'text', (column) => column.notNull())
    .addColumn('namespace', 'text', (column) => column.notNull())
    .addColumn('category', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('as_of', 'bigint', (column) => column.notNull())
    .addColumn('checked_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('categories_pkey', ['registry', 'namespace'])
    .execute();
}

async function createTokens(db: Anything): Promise<void> {
  await db.schema
    .createTable('personal_access_tokens')
    .$call(accessTokenColumns)
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('scopes', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('personal_access_tokens_person')
    .on('personal_access_tokens')
    .column('person_id')
    .execute();
  await db.schema
    .createTable('organization_access_tokens')
    .$call(accessTokenColumns)
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('resources', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('organization_access_tokens_organization')
    .on('organization_access_tokens')
    .column('organization_id')
    .execute();
}

function accessTokenColumns<Table extends string>(table: CreateTableBuilder<Table>) {
  return table
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('is_active', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('creator_ip', 'text')
    .addColumn('creator_ua', 'text')
    .addColumn('last_used_at', 'bigint')
    .addColumn('last_used_address', 'text');
}

/** Records outlive what they tell of, so they refer to nothing. */
async function createRecords(db: Anything): Promise<void> {
  await db.schema
    .createTable('activity')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('organization_id', 'text')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('address', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .addColumn('previous_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('activity_organization')
    .on('activity')
    .columns(['organization_id', 'sequence'])
    .execute();
  await db.schema
    .createTable('pull_records')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('organization_id', 'text')
    .addColumn('policy_version', 'integer')
    .addColumn('person', 'text')
    .addColumn('person_id', 'text')
    .addColumn('token_id', 'text')
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('client', 'text', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('repository', 'text', (column) => column.notNull())
    .addColumn('tag', 'text')
    .addColumn('digest', 'text')
    .addColumn('category', 'text', (column) => column.notNull())
    .addColumn('stale', 'integer', (column) => column.notNull())
    .addColumn('chain', 'text', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('previous_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addUniqueConstraint('pull_records_chain', ['chain', 'sequence'])
    .execute();
  // Every pull pays for each index, so this one serves all readers: see pull-query.ts.
  await db.schema
    .createIndex('pull_records_organization')
    .on('pull_records')
    .columns(['organization_id', 'verdict', 'at'])
    .execute();
}

async function createInstance(db: Anything): Promise<void> {
  await db.schema
    .createTable('signing_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('secret', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('instance')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  await (db as Kysely<{ instance: { key: string; value: string } }>)
    .insertInto('instance')
    .values({ key: 'revision', value: '0' })
    .execute();
}

async function createCacheIndex(db: Anything): Promise<void> {
  await db.schema
    .createTable('cached_contents')
    .addColumn('audience', 'text', (column) => column.notNull())
    .addColumn('repository', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text')
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('confirmed', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('cached_contents_pkey', ['audience', 'repository', 'digest'])
    .execute();
  await db.schema.createIndex('cached_contents_digest').on('cached_contents').column('digest').execute();
  await db.schema
    .createTable('cached_tags')
    .addColumn('audience', 'text', (column) => column.notNull())
    .addColumn('repository', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('checked_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('cached_tags_pkey', ['audience', 'repository', 'tag'])
    .execute();
}
