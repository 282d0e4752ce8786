import { NotFound } from '../administration-error.ts';
import type { Authentication, SignInPaths } from '../sign-in/authentication.ts';
import type { Mail } from '../sign-in/mail.ts';
import type { SetUp } from '../sign-in/set-up.ts';
import type { Connections, Domains } from '../sign-in/single-sign-on.ts';

/** How people prove who they are. */
export interface SignInParts extends SignInPaths {
  readonly authentication: Authentication;
  readonly connections: Connections;
  readonly domains: Domains;
  readonly setUp: SetUp;
  readonly mail: Mail | undefined;
  /** Name of the cookie that a browser's session has. */
  readonly sessionCookie: string;
}

/** People sign in with access tokens alone. */
export function openSignIn(): SignInParts {
  const refused = { outcome: 'refused' } as const;
  const none = async (): Promise<never> => {
    throw new NotFound('People sign in with access tokens here.');
  };
  const nobody = async () => undefined;
  const closed = async () => new Response('{"detail":"Not found"}', { status: 404 });
  return {
    authentication: {
      sessionOf: nobody,
      session: nobody,
      signIn: async () => refused,
      secondFactor: async () => refused,
      checkPassword: async () => refused,
      requiresSingleSignOn: async () => false,
      setFirstPassword: none,
      requireGoodPassword: () => undefined,
      sessions: async () => [],
      revokeSession: none,
    },
    connections: {
      list: async () => [],
      find: none,
      create: none,
      update: none,
      delete: none,
      createScimToken: none,
      deleteScimToken: none,
    },
    domains: { list: async () => [], add: none, verify: none, vouch: none, remove: none },
    setUp: { needed: async () => false, begin: nobody, complete: none },
    mail: undefined,
    browser: closed,
    scim: closed,
    sessionCookie: 'pullgate.session_token',
  };
}
