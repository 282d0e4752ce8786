import { postSignIn } from './sign-in-routes.ts';

export type SignInStep = 'signed-in' | 'second-factor';

export async function signInWithPassword(username: string, password: string): Promise<SignInStep> {
  type Answer = { readonly twoFactorRedirect?: boolean };
  const { twoFactorRedirect } = await postSignIn<Answer>('/sign-in/username', { username, password });
  return twoFactorRedirect === true ? 'second-factor' : 'signed-in';
}

/** @param code six digits of the authenticator app, or a backup code */
export async function signInWithCode(code: string): Promise<void> {
  const isOfApp = /^\d{6}$/.test(code);
  await postSignIn(isOfApp ? '/two-factor/verify-totp' : '/two-factor/verify-backup-code', { code });
}

/**
 * Leaves for the identity provider of the organization that has the address' domain.
 *
 * @param next where the browser is to come back to
 */
export async function signInElsewhere(email: string, next: string): Promise<void> {
  const { url } = await postSignIn<{ readonly url: string }>('/sign-in/sso', {
    email,
    callbackURL: next,
    errorCallbackURL: '/console/sign-in',
  });
  location.assign(url);
}

/** Sends a letter with a link for a new password, if somebody has the address: the answer is the same if nobody has. */
export async function requestNewPassword(email: string): Promise<void> {
  await postSignIn('/request-password-reset', { email });
}

/** @param token of the link in the letter */
export async function setNewPassword(token: string, newPassword: string): Promise<void> {
  await postSignIn('/reset-password', { token, newPassword });
}
