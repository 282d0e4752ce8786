import { hkdfSync } from 'node:crypto';
import type { LiveDirectory } from '../access/directory.ts';
import type { Transactional } from '../activity/transactional.ts';
import type { Administration, AdministrationStores } from '../administration.ts';
import type { Log } from '../observe/log.ts';
import { createAttempts } from './attempts.ts';
import type { Authentication, SignInPaths } from './authentication.ts';
import { createBrowser } from './browser.ts';
import { createCheckPassword } from './check-password.ts';
import { createConnections } from './connections.ts';
import { createAuthentication } from './create-authentication.ts';
import { createSetUp } from './create-set-up.ts';
import { createDomains, type ResolveTxt } from './domains.ts';
import { createEnforcement } from './enforcement.ts';
import { createEventQueue, createRecordSignIn } from './events.ts';
import { createLibrary } from './library.ts';
import type { LibraryDatabase } from './library-records.ts';
import type { Mail } from './mail.ts';
import { createPasswordHashes, type PasswordCost } from './password-hash.ts';
import { createResolveUser } from './resolve-user.ts';
import { createScim } from './scim/handler.ts';
import type { Fetch } from './scoped-fetch.ts';
import type { SetUp } from './set-up.ts';
import type { Connections, Domains } from './single-sign-on.ts';

export interface SignInOptions {
  readonly stores: Transactional<AdministrationStores>;
  readonly administration: Administration;
  readonly directory: LiveDirectory;
  readonly database: LibraryDatabase;
  /** At least 32 random bytes. What signs cookies and encrypts second factors is derived from it. */
  readonly key: Uint8Array;
  /** The gate's origin. */
  readonly url: string;
  /** Of new passwords. */
  readonly passwordCost: PasswordCost;
  /** What links to the console begin with. */
  readonly consoleUrl: string;
  /** Undefined without a mail server. */
  readonly mail: Mail | undefined;
  /** For identity providers only. */
  readonly fetch: Fetch;
  readonly resolveTxt: ResolveTxt;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface SignIn extends SignInPaths {
  readonly authentication: Authentication;
  readonly setUp: SetUp;
  readonly connections: Connections;
  readonly domains: Domains;
  /** Name of the cookie that a browser's session has. */
  readonly sessionCookie: string;
  close(): Promise<void>;
}

const cleaningMs = 3600_000;

/** Puts the parts of signing in together. */
export function openSignIn(options: SignInOptions): SignIn {
  const { stores, administration, directory, url, consoleUrl, fetch, mail, log, now } = options;
  const { signIn: store, connections } = stores.read;
  const warn = (message: string) => (error: unknown) => log.warn({ err: error }, message);
  const hashes = createPasswordHashes(options.passwordCost);
  const record = createRecordSignIn(stores, directory);
  const events = createEventQueue(record, warn('A refused sign-in could not be recorded.'));
  const enforcement = createEnforcement(stores.read, directory);
  const checkPassword = createCheckPassword({
    store,
    hashes,
    attempts: createAttempts(now),
    enforcement,
    events,
  });
  const resolveUser = createResolveUser({
    connections,
    store,
    administration,
    currentPersonId: async (headers) => (await library.api.getSession({ headers }))?.user.id,
    now,
  });
  const library = createLibrary({
    database: options.database,
    store,
    connections,
    secret: Buffer.from(hkdfSync('sha256', options.key, '', 'pullgate sign-in', 32)).toString('base64'),
    url,
    checkPassword,
    hashes,
    enforcement,
    resolveUser,
    record,
    sendPasswordReset:
      mail &&
      (({ id, email }, token) => {
        const link = `${consoleUrl}/reset-password#${token}`;
        const sent = store
          .person(id)
          .then((person) => mail.passwordReset({ to: email, username: person?.username ?? email, link }));
        void sent.catch(warn('A letter with a link for a new password could not be sent.'));
      }),
    log,
  });
  const clean = () => {
    void store.deleteExpired(now()).catch(warn('Sessions that have expired could not be deleted.'));
  };
  const cleaning = setInterval(clean, cleaningMs).unref();
  const authentication = { library, stores, checkPassword, hashes, record, url, now };
  return {
    authentication: createAuthentication(authentication),
    setUp: createSetUp(stores, hashes, now),
    connections: createConnections({ stores, fetch, url }),
    domains: createDomains(stores, options.resolveTxt),
    browser: createBrowser({
      library,
      connections,
      fetch,
      hasMail: mail !== undefined,
      onResetError: warn('A link for a new password could not be made.'),
      url,
      now,
    }),
    scim: createScim({
      administration,
      connections,
      store,
      url,
      now,
      onUnexpected: (error) => log.error({ err: error }, 'A request of an identity provider failed.'),
    }),
    sessionCookie: `${url.startsWith('https:') ? '__Secure-' : ''}pullgate.session_token`,
    async close() {
      clearInterval(cleaning);
      await events.close();
    },
  };
}
