import type { BetterAuthPlugin } from 'better-auth';
import { createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api';
import type { Details } from '../activity/activity.ts';
import type { RecordSignIn, SignInEvent } from './events.ts';
import { remoteOf } from './library-remote.ts';
import type { SignInStore } from './sign-in-store.ts';

type Told = { readonly action: SignInEvent['action']; readonly details?: Details };

/** What each endpoint that makes a session for somebody tells. */
const signIns: Readonly<Record<string, Details>> = {
  '/sign-in/username': { method: 'password' },
  '/two-factor/verify-totp': { method: 'password', secondFactor: 'code' },
  '/two-factor/verify-backup-code': { method: 'password', secondFactor: 'backup code' },
  '/passkey/verify-authentication': { method: 'passkey' },
  '/sso/callback/:providerId': { method: 'single-sign-on', protocol: 'oidc' },
  '/sso/saml2/sp/acs/:providerId': { method: 'single-sign-on', protocol: 'saml' },
};

/** What each endpoint that somebody signed in uses tells. */
const changes: Readonly<Record<string, Told>> = {
  '/sign-out': { action: 'sign_in.end' },
  '/change-password': { action: 'sign_in.password.change' },
  '/two-factor/verify-totp': { action: 'sign_in.second_factor.enable' },
  '/two-factor/disable': { action: 'sign_in.second_factor.disable' },
  '/two-factor/generate-backup-codes': { action: 'sign_in.backup_codes.create' },
  '/passkey/verify-registration': { action: 'sign_in.passkey.create' },
  '/passkey/delete-passkey': { action: 'sign_in.passkey.delete' },
};

export interface SignInRecordsOptions {
  readonly store: Pick<SignInStore, 'endSignIns'>;
  readonly record: RecordSignIn;
}

/** Tells of what people do, and ends the session that a browser had before it got another one (session fixation). */
export function signInRecords({ store, record }: SignInRecordsOptions) {
  /** Who was signed in before, as the endpoint may end that. */
  const before = new WeakMap<object, { readonly id: string; readonly username: string; readonly token: string }>();

  return {
    id: 'sign-in-records',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path !== undefined && (path in signIns || path in changes),
          handler: createAuthMiddleware(async (context) => {
            const session = await getSessionFromCtx(context, { disableRefresh: true });
            if (!session || !context.headers) return;
            const { id, username } = personOf(session.user);
            before.set(context.headers, { id, username, token: session.session.token });
          }),
        },
      ],
      after: [
        {
          matcher: ({ path }) => path !== undefined && (path in signIns || path in changes),
          handler: createAuthMiddleware(async (context) => {
            const { path, headers } = context;
            const { newSession, returned, internalAdapter } = context.context;
            const former = headers && before.get(headers);
            const remote = remoteOf(headers);
            // Somebody who is signed in already switches their second factor on with the same code.
            const isSecondStep = path.startsWith('/two-factor/');
            const details = isSecondStep && former ? undefined : signIns[path];
            if (details) {
              const isOver = newSession !== null || !isAPIError(returned);
              if (isOver && former && former.token !== newSession?.session.token) {
                await internalAdapter.deleteSession(former.token);
              }
              if (!newSession) return;
              await record({ action: 'sign_in.success', person: personOf(newSession.user), remote, details });
              return;
            }
            const told = changes[path];
            if (!told || !former || isAPIError(returned) || (isSecondFactorCode(path) && !newSession)) return;
            if (path === '/change-password') await store.endSignIns(former.id, newSession?.session.id);
            await record({ ...told, person: former, remote });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

/** Without a new session, the code was that of a second factor which was on already. */
function isSecondFactorCode(path: string): boolean {
  return path === '/two-factor/verify-totp';
}

function personOf(user: Record<string, unknown>): { readonly id: string; readonly username: string } {
  return { id: String(user['id']), username: String(user['username']) };
}
