import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';
import type { CheckedPassword, CheckPassword } from './check-password.ts';
import { remoteOf } from './library-remote.ts';

/** What a refused sign-in says, beside a sentence. */
export const refusalCodes = {
  refused: 'WRONG_PASSWORD',
  limited: 'LIMITED',
  'single-sign-on': 'SINGLE_SIGN_ON',
} as const;

/**
 * Signs in with a user name or an e-mail address. In place of the library's own: that one tells people without a password
 * by the time it takes. Named as the library names it, because its second factor looks for that.
 */
export function passwordSignIn(checkPassword: CheckPassword) {
  return {
    id: 'password-sign-in',
    endpoints: {
      signInWithPassword: createAuthEndpoint(
        '/sign-in/username',
        {
          method: 'POST',
          body: z.object({ username: z.string().min(1).max(254), password: z.string().min(1).max(1024) }),
        },
        async (context) => {
          const { username, password } = context.body;
          const checked = await checkPassword(username, password, remoteOf(context.headers));
          if (checked.outcome !== 'right') throw refusalOf(checked);
          const { internalAdapter } = context.context;
          const user = await internalAdapter.findUserById(checked.person.id);
          if (!user) throw refusalOf({ outcome: 'refused' });
          const session = await internalAdapter.createSession(user.id);
          await setSessionCookie(context, { session, user });
          return context.json({ session: session.id });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}

function refusalOf(checked: Exclude<CheckedPassword, { outcome: 'right' }>): APIError {
  const code = refusalCodes[checked.outcome];
  switch (checked.outcome) {
    case 'refused':
      return new APIError('UNAUTHORIZED', { code, message: 'The user name or the password is wrong.' });
    case 'single-sign-on':
      return new APIError('FORBIDDEN', { code, message: 'Your organization signs in with single sign-on.' });
    case 'limited': {
      const seconds = checked.retryAfterSeconds;
      const message = `Too many wrong tries. Wait ${Math.ceil(seconds / 60)} minutes.`;
      return new APIError(
        'TOO_MANY_REQUESTS',
        { code, message, retryAfterSeconds: seconds },
        { 'Retry-After': String(seconds) },
      );
    }
  }
}
