import { randomUUID } from 'node:crypto';
import type { Session, SignInMethod } from '../sign-in/authentication.ts';
import type { SignInPerson, SignInStore } from '../sign-in/sign-in-store.ts';
import type { Database } from './schema.ts';

const setUpKey = 'set_up';
/** The provider that the sign-in library files passwords under. */
const passwordProvider = 'credential';

export function openSignInStore(database: Database): SignInStore {
  const sessions = database
    .selectFrom('sessions')
    .innerJoin('people', 'people.id', 'sessions.person_id')
    .where('people.is_active', '=', 1)
    .select([
      'sessions.id',
      'sessions.person_id as personId',
      'people.username',
      'sessions.method',
      'sessions.created_at as createdAt',
      'sessions.expires_at as expiresAt',
      'sessions.ip_address as address',
      'sessions.user_agent as userAgent',
    ]);
  const people = database.selectFrom('people').select(personColumns);

  return {
    async credentials(identifier) {
      const row = await database
        .selectFrom('people')
        .leftJoin('accounts', (join) =>
          join.onRef('accounts.person_id', '=', 'people.id').on('accounts.provider_id', '=', passwordProvider),
        )
        .select([...personColumns, 'accounts.password'])
        .where(identifier.includes('@') ? 'people.email' : 'people.username', '=', identifier)
        .executeTakeFirst();
      return row && { person: toPerson(row), passwordHash: row.password ?? undefined };
    },
    async person(id) {
      const row = await people.where('people.id', '=', id).executeTakeFirst();
      return row && toPerson(row);
    },
    async session(id, now) {
      const row = await sessions
        .where('sessions.id', '=', id)
        .where('sessions.expires_at', '>', now)
        .executeTakeFirst();
      return row && toSession(row);
    },
    async sessions(personId, now) {
      const rows = await sessions
        .where('sessions.person_id', '=', personId)
        .where('sessions.expires_at', '>', now)
        .orderBy('sessions.created_at', 'desc')
        .execute();
      return rows.map(toSession);
    },
    async deleteSession(personId, id) {
      const { numDeletedRows } = await database
        .deleteFrom('sessions')
        .where('person_id', '=', personId)
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0;
    },
    endSignIns: (personId, except) => endSignIns(database, personId, except),
    async deleteExpired(now) {
      await database.deleteFrom('sessions').where('expires_at', '<=', now).execute();
      await database.deleteFrom('verifications').where('expires_at', '<=', now).execute();
    },
    async canSignIn(personId) {
      const account = database.selectFrom('accounts').select('id').where('person_id', '=', personId);
      const passkey = database.selectFrom('passkeys').select('id').where('person_id', '=', personId);
      return (await account.unionAll(passkey).execute()).length > 0;
    },
    async setPassword(personId, hash, at) {
      await database
        .insertInto('accounts')
        .values({
          id: randomUUID().replaceAll('-', ''),
          provider_id: passwordProvider,
          account_id: personId,
          person_id: personId,
          password: hash,
          access_token: null,
          refresh_token: null,
          id_token: null,
          access_token_expires_at: null,
          refresh_token_expires_at: null,
          scope: null,
          created_at: at,
          updated_at: at,
        })
        .onConflict((conflict) =>
          conflict.columns(['provider_id', 'account_id']).doUpdateSet({ password: hash, updated_at: at }),
        )
        .execute();
      await endSignIns(database, personId);
    },
    async setEmailVerified(personId, at) {
      await database
        .updateTable('people')
        .set({ email_verified: 1, updated_at: at })
        .where('id', '=', personId)
        .where('email_verified', '=', 0)
        .execute();
    },
    async personByIdentity(connectionId, subject) {
      const row = await people
        .innerJoin('accounts', 'accounts.person_id', 'people.id')
        .where('accounts.provider_id', '=', connectionId)
        .where('accounts.account_id', '=', subject)
        .executeTakeFirst();
      return row && toPerson(row);
    },
    async setUp() {
      const row = await database.selectFrom('instance').select('value').where('key', '=', setUpKey).executeTakeFirst();
      return row && JSON.parse(row.value);
    },
    async setSetUp(pending) {
      await database.deleteFrom('instance').where('key', '=', setUpKey).execute();
      if (pending === undefined) return;
      await database
        .insertInto('instance')
        .values({ key: setUpKey, value: JSON.stringify(pending) })
        .execute();
    },
  };
}

/** The sign-in library files what it waits for under the person's id. */
export async function endSignIns(database: Database, personId: string, except = ''): Promise<void> {
  await database.deleteFrom('sessions').where('person_id', '=', personId).where('id', '<>', except).execute();
  await database.deleteFrom('verifications').where('value', '=', personId).execute();
}

const personColumns = [
  'people.id',
  'people.username',
  'people.email',
  'people.email_verified',
  'people.is_active',
  'people.two_factor_enabled',
] as const;

interface PersonRow {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly email_verified: 0 | 1;
  readonly is_active: 0 | 1;
  readonly two_factor_enabled: 0 | 1;
}

function toPerson({ id, username, email, ...row }: PersonRow): SignInPerson {
  return {
    id,
    username,
    email,
    emailVerified: row.email_verified === 1,
    isActive: row.is_active === 1,
    hasSecondFactor: row.two_factor_enabled === 1,
  };
}

function toSession(row: Omit<Session, 'method'> & { readonly method: string }): Session {
  return { ...row, method: row.method as SignInMethod };
}
