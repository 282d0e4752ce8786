import { andThen, type Soon } from '../soon.ts';
import { hashToken, looksLikeToken } from '../tokens/secret.ts';
import { isUsable } from './caller.ts';
import type { Credential } from './directory.ts';
import { type CatchingUp, orWhenCaughtUp } from './live-directory.ts';

/** Why somebody is not signed in, as a sentence that says what to do. */
export interface SignInRefused {
  readonly refused: string;
}

const mistyped = 'This is no access token of this gate. Give your user name and a personal access token as password.';
const unknown = 'This access token is unknown or was revoked. Create a new one and sign in again.';
const inactive = 'This access token is switched off. Switch it on again or use another one.';
const expired = 'This access token has expired. Create a new one and sign in again.';
const otherName = 'This access token belongs to another user name.';

/** Signs in with a user name and an access token, as `docker login` does. */
export function createSignIn(directory: CatchingUp, now: () => number) {
  return (username: string, secret: string): Soon<Credential | SignInRefused> => {
    if (!looksLikeToken(secret)) return { refused: mistyped };
    // A look-up by hash compares no secret with another, so its time tells nothing.
    const hash = hashToken(secret);
    const find = () => directory.current.credentialBySecret(hash);
    return andThen(orWhenCaughtUp(directory, find), (credential) => admit(username, credential));
  };

  function admit(username: string, credential: Credential | undefined): Credential | SignInRefused {
    if (!credential) return { refused: unknown };
    if (credential.loginName !== username.toLowerCase()) return { refused: otherName };
    if (!credential.active) return { refused: inactive };
    return isUsable(credential, now()) ? credential : { refused: expired };
  }
}

export type SignIn = ReturnType<typeof createSignIn>;
