import type { Credential, LiveDirectory } from './directory.ts';
import type { SignInRefused } from './sign-in.ts';

/** Checks a password, with the same work for people who do not exist. */
export type CheckPassword = (
  username: string,
  password: string,
  address: string,
) => Promise<
  | { readonly personId: string }
  | { readonly retryAfterSeconds: number }
  | { readonly refused: 'wrong' | 'single-sign-on' }
>;

export type PasswordLogin = (
  username: string,
  password: string,
  address: string,
) => Promise<Credential | SignInRefused>;

const tokensOnly = 'This is no access token of this gate. Give your user name and a personal access token as password.';
const wrong = 'User name or password is wrong. A personal access token is taken as password always.';
const singleSignOn = 'Your organization signs in with single sign-on. Give a personal access token as password.';

/** `docker login` with a console password, where organizations take it. */
export function createPasswordLogin(directory: LiveDirectory, check: CheckPassword): PasswordLogin {
  return async (username, password, address) => {
    if (!directory.current.acceptsPasswords) return { refused: tokensOnly };
    const result = await check(username, password, address);
    if ('retryAfterSeconds' in result) {
      const minutes = Math.ceil(result.retryAfterSeconds / 60);
      return { refused: `Too many wrong passwords. Wait ${minutes} minutes, or give a personal access token.` };
    }
    if ('refused' in result) return { refused: result.refused === 'wrong' ? wrong : singleSignOn };
    // Right, and no word of it where it is not taken: the answer would tell which password is right.
    return directory.current.passwordCredentialOf(result.personId) ?? { refused: wrong };
  };
}
