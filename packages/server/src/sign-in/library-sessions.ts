import type { BetterAuthOptions, GenericEndpointContext } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { SignInMethod } from './authentication.ts';
import type { Enforcement } from './enforcement.ts';
import type { SignInStore } from './sign-in-store.ts';

/** Of a sign-in by the API, whose bearer lives half an hour and may be late by a minute. */
const bearerSessionMs = 32 * 60_000;

type Hooks = NonNullable<BetterAuthOptions['databaseHooks']>;

/** By the endpoint that makes a session, as far as one does. */
const methods: Readonly<Record<string, SignInMethod>> = {
  '/sign-in/username': 'password',
  '/two-factor/verify-totp': 'password',
  '/two-factor/verify-backup-code': 'password',
  '/change-password': 'password',
  '/passkey/verify-authentication': 'passkey',
  '/sso/callback/:providerId': 'single-sign-on',
  '/sso/saml2/sp/acs/:providerId': 'single-sign-on',
};

export interface SessionHooksOptions {
  readonly store: Pick<SignInStore, 'person'>;
  readonly enforcement: Pick<Enforcement, 'binds'>;
}

/** What holds for each session and account, whichever way they come to be. */
export function sessionHooks({ store, enforcement }: SessionHooksOptions): Hooks {
  return {
    // People are made by the services of this gate, which tell of it.
    user: { create: { before: async () => false } },
    account: {
      create: { before: async (account) => ({ data: withoutTokens(account) }) },
      update: { before: async (account) => ({ data: withoutTokens(account) }) },
    },
    session: {
      create: {
        async before(session, context) {
          const person = await store.person(session.userId);
          if (!person?.isActive) throw new APIError('FORBIDDEN', { code: 'SWITCHED_OFF', message: switchedOff });
          // A session that replaces another one keeps how the person signed in.
          const former: unknown = 'method' in session ? session['method'] : undefined;
          const method = former ?? methods[context?.path ?? ''];
          if (method === undefined) throw new Error(`Nobody signs in at ${context?.path ?? 'no endpoint'}.`);
          if (method === 'passkey' && (await enforcement.binds(person))) {
            throw new APIError('FORBIDDEN', { code: 'SINGLE_SIGN_ON', message: singleSignOn });
          }
          if (context?.path === codePath && former === undefined) await useCode(context, session.userId);
          const isBrowser = context?.request !== undefined;
          const expiresAt = isBrowser ? session.expiresAt : new Date(Date.now() + bearerSessionMs);
          return { data: { ...session, method, expiresAt } };
        },
      },
    },
  };
}

const codePath = '/two-factor/verify-totp';
/** A code is right for its half minute, the one before and the one after. */
const codeLifetimeMs = 120_000;

/** Whoever watches a code being typed must not sign in with it too (RFC 6238 section 5.2). */
async function useCode({ context, body }: GenericEndpointContext, personId: string): Promise<void> {
  const isFirst = await context.internalAdapter.reserveVerificationValue({
    identifier: `used-code-${personId}-${String(body.code)}`,
    // Not the person's id: what waits for a person ends with a password, and a used code stays used.
    value: 'used',
    expiresAt: new Date(Date.now() + codeLifetimeMs),
  });
  if (!isFirst)
    throw new APIError('UNAUTHORIZED', { code: 'CODE_USED', message: 'This code was used. Wait for the next.' });
}

const switchedOff = 'This account is switched off. Ask an owner of your organization.';
const singleSignOn = 'Your organization signs in with single sign-on.';

/** The gate asks identity providers for nothing later, so it keeps nothing that it could ask with. */
function withoutTokens<Account extends object>(account: Account) {
  const none = { accessToken: null, refreshToken: null, idToken: null };
  return { ...account, ...none, accessTokenExpiresAt: null, refreshTokenExpiresAt: null, scope: null };
}
