import { expect, it } from 'vitest';
import type { Database } from '../../src/database/schema.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, day, settleOffice, start } from './small-office.ts';

const hash = '0'.repeat(64);

async function signInAt(database: Database, personId: string, at: number): Promise<void> {
  const times = { created_at: at, updated_at: at, expires_at: at + day };
  const who = { person_id: personId, method: 'password', ip_address: null, user_agent: null };
  await database
    .insertInto('sessions')
    .values({ id: `session-${at}`, token: `token-${at}`, ...who, ...times })
    .execute();
}

async function connect(database: Database, organizationId: string, name: string): Promise<string> {
  const id = `connection-${name}`;
  const nothing = { oidc_config: null, saml_config: null, person_id: null, scim_secret_hash: null };
  const row = { id, provider_id: id, organization_id: organizationId, issuer: 'https://idp.example', domain: '' };
  const rules = JSON.stringify({ name });
  const times = { scim_created_at: null, scim_last_used_at: null, created_at: start };
  await database
    .insertInto('sso_connections')
    .values({ ...row, ...nothing, ...times, rules })
    .execute();
  return id;
}

async function signInThrough(database: Database, connectionId: string, personId: string): Promise<void> {
  const secrets = { password: null, access_token: null, refresh_token: null, id_token: null, scope: null };
  const times = { created_at: start, updated_at: start };
  const expiries = { access_token_expires_at: null, refresh_token_expires_at: null };
  const id = `${connectionId}-${personId}`;
  await database
    .insertInto('accounts')
    .values({ id, provider_id: connectionId, account_id: id, person_id: personId, ...secrets, ...expiries, ...times })
    .execute();
}

async function openOffice() {
  const test = await openTestDatabase();
  const office = await settleOffice(test);
  const idOf = async (name: string) => (await office.admin.people.byUsername(name)).id;
  async function traceOf(name: string) {
    const id = await idOf(name);
    return (await office.admin.members.traces('acme', [id])).get(id);
  }
  return { ...office, database: test.database, idOf, traceOf };
}

it('Whoever neither signed in nor used a token left no trace', async () => {
  const { admin, idOf } = await openOffice();
  expect(await admin.members.traces('acme', [await idOf('bob')])).toEqual(new Map());
  expect(await admin.members.traces('acme', [])).toEqual(new Map());
});

it('A member was last seen at the later of the last sign-in and the last use of a token', async () => {
  const { admin, stores, database, idOf, traceOf } = await openOffice();
  const { token } = await admin.personalTokens.create('bob', { label: 'laptop', scopes: ['repo:read'] }, alice);
  await signInAt(database, await idOf('bob'), start + 1);
  expect(await traceOf('bob')).toEqual({ lastSeenAt: start + 1, origin: null });
  await stores.tokenUse.noteUses([{ id: token.id, at: start + 7, address: '192.0.2.1' }]);
  expect(await traceOf('bob')).toEqual({ lastSeenAt: start + 7, origin: null });
  await signInAt(database, await idOf('bob'), start + 9);
  expect(await traceOf('bob')).toEqual({ lastSeenAt: start + 9, origin: null });
});

it('A member comes through a connection of this organization; one that the provider keeps is told as that', async () => {
  const { admin, database, idOf, traceOf } = await openOffice();
  const connection = await connect(database, (await admin.organizations.byName('acme')).id, 'Okta');
  await signInThrough(database, connection, await idOf('bob'));
  expect(await traceOf('bob')).toEqual({
    lastSeenAt: null,
    origin: { connection: 'Okta', by: 'single-sign-on' },
  });
  const identity = { connection_id: connection, person_id: await idOf('bob'), external_id: hash };
  await database.insertInto('scim_identities').values(identity).execute();
  expect((await traceOf('bob'))?.origin).toEqual({ connection: 'Okta', by: 'scim' });
});

it("Another organization's connection is not told", async () => {
  const { admin, database, idOf, traceOf } = await openOffice();
  const connection = await connect(database, (await admin.organizations.byName('globex')).id, 'Entra');
  await signInThrough(database, connection, await idOf('bob'));
  expect(await traceOf('bob')).toBeUndefined();
});
