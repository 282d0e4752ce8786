import { setImmediate as breathe } from 'node:timers/promises';
import { type Role, roles } from '@pullgate/policy';
import type { DirectoryRows } from '../access/build-directory.ts';
import type { DirectoryReader } from '../access/live-directory.ts';
import { readHomeId } from './organization-store.ts';
import { parsePolicy } from './policy-store.ts';
import { readRevision } from './revision.ts';
import type { Database } from './schema.ts';

/**
 * Reads everything in few queries. The embedded database works on the thread that serves, so a large table is preceded
 * by a breath: pulls go on between two of them.
 */
export function openDirectoryReader(database: Database): DirectoryReader {
  return {
    revision: () => readRevision(database),
    // One snapshot: a half of one change and a half of the next could open what neither does.
    read: () =>
      database
        .transaction()
        .setAccessMode('read only')
        .setIsolationLevel('repeatable read')
        .execute(async (transaction) => ({
          revision: await readRevision(transaction),
          homeOrganizationId: await readHomeId(transaction),
          organizations: await readOrganizations(transaction),
          namespaces: await readNamespaces(transaction),
          people: await readPeople(transaction),
          memberships: await readMemberships(transaction),
          passwords: await readPasswords(transaction),
          personalTokens: await readPersonalTokens(transaction),
          organizationTokens: await readOrganizationTokens(transaction),
        })),
  };
}

async function readOrganizations(database: Database): Promise<DirectoryRows['organizations']> {
  const rows = await database
    .with('newest', (db) =>
      db
        .selectFrom('policy_versions')
        .select(({ fn }) => ['organization_id', fn.max('version').as('version')])
        .groupBy('organization_id'),
    )
    .selectFrom('organizations')
    .innerJoin('newest', 'newest.organization_id', 'organizations.id')
    .innerJoin('policy_versions', (join) =>
      join
        .onRef('policy_versions.organization_id', '=', 'organizations.id')
        .onRef('policy_versions.version', '=', 'newest.version'),
    )
    .select([
      'organizations.id',
      'organizations.name',
      'organizations.enforce_sign_in',
      'organizations.password_login',
      'organizations.max_token_lifetime',
      'policy_versions.version',
      'policy_versions.policy',
    ])
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    enforceSignIn: row.enforce_sign_in === 1,
    passwordLogin: row.password_login === 1,
    maxTokenLifetimeMs: row.max_token_lifetime,
    policyVersion: row.version,
    policy: parsePolicy(row.policy),
  }));
}

async function readNamespaces(database: Database): Promise<DirectoryRows['namespaces']> {
  return database
    .selectFrom('namespaces')
    .select(['registry', 'namespace', 'organization_id as organizationId'])
    .execute();
}

async function readPeople(database: Database): Promise<DirectoryRows['people']> {
  await breathe();
  const rows = await database
    .selectFrom('people')
    .select(['id', 'username', 'is_active', 'is_administrator'])
    .execute();
  return rows.map((row) => ({
    id: row.id,
    username: row.username,
    isActive: row.is_active === 1,
    isAdministrator: row.is_administrator === 1,
  }));
}

async function readMemberships(database: Database): Promise<DirectoryRows['memberships']> {
  await breathe();
  const rows = await database.selectFrom('memberships').select(['organization_id', 'person_id', 'role']).execute();
  const byTeam = await readRolesByTeam(database);
  return rows.map(({ organization_id: organizationId, person_id: personId, role }) => ({
    organizationId,
    personId,
    role: higher(role as Role, byTeam.get(`${organizationId}/${personId}`) ?? 'member'),
  }));
}

/** The highest role that teams give, by organization and person. Few teams give more than every member has. */
async function readRolesByTeam(database: Database): Promise<ReadonlyMap<string, Role>> {
  const rows = await database
    .selectFrom('teams')
    .innerJoin('team_members', 'team_members.team_id', 'teams.id')
    .where('teams.role', '!=', 'member')
    .select(['teams.organization_id', 'team_members.person_id', 'teams.role'])
    .execute();
  const highest = new Map<string, Role>();
  for (const { organization_id, person_id, role } of rows) {
    const key = `${organization_id}/${person_id}`;
    highest.set(key, higher(role as Role, highest.get(key) ?? 'member'));
  }
  return highest;
}

function higher(one: Role, other: Role): Role {
  return roles.indexOf(one) > roles.indexOf(other) ? one : other;
}

/** None are needed where no organization takes them. */
async function readPasswords(database: Database): Promise<DirectoryRows['passwords']> {
  const accepting = await database.selectFrom('organizations').select('id').where('password_login', '=', 1).execute();
  if (accepting.length === 0) return [];
  await breathe();
  return database
    .selectFrom('accounts')
    .innerJoin('people', 'people.id', 'accounts.person_id')
    .select(['accounts.person_id as personId', 'accounts.updated_at as version'])
    .where('accounts.provider_id', '=', 'credential')
    .where('accounts.password', 'is not', null)
    .where('people.two_factor_enabled', '=', 0)
    .execute();
}

const credentialColumns = [
  'id',
  'secret_hash as secretHash',
  'is_active',
  'expires_at as expiresAt',
  'created_at as createdAt',
] as const;

async function readPersonalTokens(database: Database): Promise<DirectoryRows['personalTokens']> {
  await breathe();
  const rows = await database
    .selectFrom('personal_access_tokens')
    .select([...credentialColumns, 'person_id as personId', 'scopes'])
    .execute();
  return rows.map(({ is_active, scopes, ...row }) => ({
    ...row,
    isActive: is_active === 1,
    scopes: JSON.parse(scopes),
  }));
}

async function readOrganizationTokens(database: Database): Promise<DirectoryRows['organizationTokens']> {
  await breathe();
  const rows = await database
    .selectFrom('organization_access_tokens')
    .select([...credentialColumns, 'organization_id as organizationId', 'resources'])
    .execute();
  return rows.map(({ is_active, resources, ...row }) => ({
    ...row,
    isActive: is_active === 1,
    resources: JSON.parse(resources),
  }));
}
