import { randomUUID } from 'node:crypto';
import { passkey } from '@better-auth/passkey';
import { sso } from '@better-auth/sso';
import { betterAuth } from 'better-auth/minimal';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { Log } from '../observe/log.ts';
import type { CheckPassword } from './check-password.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { Enforcement } from './enforcement.ts';
import type { RecordSignIn } from './events.ts';
import { models } from './library-models.ts';
import { type LibraryDatabase, libraryRecords } from './library-records.ts';
import { addressHeader, connectionHeader, remoteOf } from './library-remote.ts';
import { sessionHooks } from './library-sessions.ts';
import { maxPasswordLength, minPasswordLength, type PasswordHashes } from './password-hash.ts';
import { passwordSignIn } from './password-sign-in.ts';
import type { ResolveUser } from './resolve-user.ts';
import { signInRecords } from './sign-in-records.ts';
import type { SignInStore } from './sign-in-store.ts';

/** Where the browser's part of signing in is served. */
export const basePath = '/api/auth';

export interface LibraryOptions {
  readonly database: LibraryDatabase;
  readonly store: SignInStore;
  readonly connections: Pick<ConnectionStore, 'byId'>;
  /** Signs cookies and encrypts second factors. */
  readonly secret: string;
  /** The gate's origin. */
  readonly url: string;
  readonly checkPassword: CheckPassword;
  readonly hashes: PasswordHashes;
  readonly enforcement: Pick<Enforcement, 'binds'>;
  readonly resolveUser: ResolveUser;
  readonly record: RecordSignIn;
  /** Undefined without a mail server: then nobody can ask for a new password. */
  readonly sendPasswordReset:
    | ((person: { readonly id: string; readonly email: string }, token: string) => void)
    | undefined;
  readonly log: Log;
}

const hour = 3600; // s
const day = 24 * hour;

/**
 * better-auth, set up for people of this gate. It makes nobody: people are made by owners, invitations and identity
 * providers, through the same services as everywhere. It calls nobody but identity providers.
 */
export function createLibrary(options: LibraryOptions) {
  const { database, secret, url, hashes, log, sendPasswordReset } = options;
  const { hostname, protocol } = new URL(url);
  const isTls = protocol === 'https:';
  return betterAuth({
    appName: 'Pullgate',
    baseURL: url,
    basePath,
    secret,
    database: libraryRecords(database),
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      log: (level, message) => log[level === 'error' ? 'warn' : 'debug']({}, `Sign-in: ${message}`),
    },
    ...models,
    user: { ...models.user, changeEmail: { enabled: false }, deleteUser: { enabled: false } },
    session: { ...models.session, expiresIn: 7 * day, updateAge: day, freshAge: hour, cookieCache: { enabled: false } },
    account: {
      ...models.account,
      accountLinking: { enabled: false },
      updateAccountOnSignIn: false,
      storeAccountCookie: false,
    },
    verification: { ...models.verification, storeIdentifier: 'hashed' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength,
      maxPasswordLength,
      password: { hash: hashes.hash, verify: ({ hash, password }) => hashes.verify(hash, password) },
      resetPasswordTokenExpiresIn: hour,
      revokeSessionsOnPasswordReset: true,
      ...(sendPasswordReset && {
        // Not waited for: the time that a mail server takes would tell who has an account.
        sendResetPassword: async ({ user, token }) => sendPasswordReset(user, token),
      }),
      onPasswordReset: async ({ user }, request) => afterReset(options, user.id, request),
    },
    trustedOrigins: async (request) => providerOrigins(options, request),
    rateLimit: { enabled: false },
    // Otherwise what fails is written to stderr as it is.
    onAPIError: { throw: true },
    databaseHooks: sessionHooks(options),
    advanced: {
      cookiePrefix: 'pullgate',
      useSecureCookies: isTls,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      // Left out, the library trusts every origin while tests run.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // Sent along with the form that an identity provider's page posts: see `isOwnRelayState`.
      ...(isTls && { cookies: { relay_state: { attributes: { sameSite: 'none', secure: true } } } }),
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: () => randomUUID().replaceAll('-', ''), validateSchema: false },
    },
    plugins: [
      passwordSignIn(options.checkPassword),
      twoFactor({ issuer: 'Pullgate', ...models.twoFactor }),
      passkey({
        rpID: hostname,
        rpName: 'Pullgate',
        origin: url,
        ...models.passkey,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        authentication: { afterVerification: async ({ verification }) => requireVerifiedUser(verification) },
      }),
      sso({
        ...models.sso,
        providersLimit: 0,
        resolveUser: options.resolveUser,
        saml: { enableInResponseToValidation: true, allowIdpInitiated: false, requireTimestamps: true },
      }),
      signInRecords(options),
    ],
  });
}

/**
 * The library asks only trusted origins on private addresses. Which addresses identity providers may have is decided by
 * the fetch that it is given; pages of theirs change nothing here, for that was checked before.
 */
async function providerOrigins({ connections }: LibraryOptions, request: Request | undefined): Promise<string[]> {
  const id = request?.headers.get(connectionHeader);
  const { endpoints } = (id ? (await connections.byId(id))?.oidc : undefined) ?? {};
  if (!endpoints) return [];
  const asked = [endpoints.authorization, endpoints.token, endpoints.jwks, endpoints.userInfo];
  return asked.flatMap((address) => (address === undefined ? [] : [new URL(address).origin]));
}

export type Library = ReturnType<typeof createLibrary>;

/**
 * A password is forgotten by its person, or known to somebody else: what was signed in with it is over. Whoever reads what
 * is sent to the address has shown that it is theirs.
 */
async function afterReset({ store, record }: LibraryOptions, id: string, request: Request | undefined): Promise<void> {
  await store.endSignIns(id);
  await store.setEmailVerified(id, Date.now());
  const person = await store.person(id);
  if (person) await record({ action: 'sign_in.password.set', person, remote: remoteOf(request?.headers) });
}

/** A passkey stands for password and second factor together, so it must have asked for a finger, a face or a PIN. */
function requireVerifiedUser({ authenticationInfo }: { authenticationInfo: { userVerified: boolean } }): void {
  if (!authenticationInfo.userVerified) throw new Error('The passkey did not check who uses it.');
}
