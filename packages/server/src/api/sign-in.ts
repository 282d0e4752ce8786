import { sentences } from '@pullgate/contract';
import type { Credential } from '../access/directory.ts';
import type { SignIn } from '../access/sign-in.ts';
import type { People } from '../people/people.ts';
import type { Authentication, Remote, Session, SignInResult } from '../sign-in/authentication.ts';
import type { ApiSubject, ApiTokens } from '../tokens/api-token.ts';
import { looksLikeToken } from '../tokens/secret.ts';
import type { Handlers } from './call.ts';
import { ApiError, tooManyRequests, unauthorized } from './errors.ts';
import { withDashes } from './profile.ts';

export interface SignInOptions {
  readonly authentication: Authentication;
  /** With access tokens. */
  readonly signIn: SignIn;
  readonly tokens: ApiTokens;
  readonly people: Pick<People, 'byId'>;
  readonly onUse: (credentialId: string, address: string) => void;
  readonly now: () => number;
}

/** How long a bearer may be used: after `users/login`, and after `auth/token`, which Docker Hub documents. */
const loginSeconds = 30 * 60;
const exchangeSeconds = 10 * 60;

/** Docker Hub's logins. Nobody learns whether it was the name or the password that was wrong. */
export function signInHandlers(options: SignInOptions) {
  const { authentication, tokens, people, now } = options;

  async function bearerOfPerson(subject: ApiSubject, personId: string, seconds: number): Promise<string> {
    const { username, email, id } = await people.byId(personId);
    return tokens.issue(subject, { username, uuid: withDashes(id), email: email ?? '' }, seconds);
  }

  async function bearerOf({ id, principal, loginName }: Credential, seconds: number): Promise<string> {
    if (principal.kind === 'person') return bearerOfPerson({ kind: 'pat', id }, principal.id, seconds);
    const uuid = withDashes(principal.organization.id);
    return tokens.issue({ kind: 'oat', id }, { username: loginName, uuid, email: '' }, seconds);
  }

  /** Undefined when it is no access token: then it is a password. */
  async function credentialOf(name: string, secret: string, { address }: Remote): Promise<Credential | undefined> {
    if (!looksLikeToken(secret)) return undefined;
    const credential = await options.signIn(name, secret);
    if ('refused' in credential) throw unauthorized(sentences.wrongLogin);
    options.onUse(credential.id, address);
    return credential;
  }

  async function loggedIn(result: SignInResult, again: boolean | undefined) {
    const token = await bearerOfPerson(...sessionOf(result), loginSeconds);
    return again ? { token, refresh_token: token } : { token };
  }

  function sessionOf(result: SignInResult): [ApiSubject, string] {
    if (result.outcome !== 'signed-in') throw refusalOf(result);
    const { id, personId }: Session = result.session;
    return [{ kind: 'session', id }, personId];
  }

  function refusalOf(result: Exclude<SignInResult, { outcome: 'signed-in' }>): ApiError {
    switch (result.outcome) {
      case 'second-factor':
        return new ApiError(401, sentences.secondFactorRequired, { secondFactorTicket: result.ticket });
      case 'refused':
        return unauthorized(sentences.wrongLogin);
      case 'single-sign-on':
        return unauthorized(singleSignOn);
      case 'limited':
        return tooManyRequests(
          'Too many wrong sign-ins. Wait, or use a personal access token.',
          result.retryAfterSeconds,
          now(),
        );
    }
  }

  return {
    async signIn({ body: { username, password }, query: { refresh_token: again }, remote }) {
      const credential = await credentialOf(username, password, remote);
      if (credential === undefined) return loggedIn(await authentication.signIn(username, password, remote), again);
      if (credential.principal.kind !== 'person') throw unauthorized(sentences.organizationLogin);
      const token = await bearerOf(credential, loginSeconds);
      return again ? { token, refresh_token: token } : { token };
    },

    async signInWithSecondFactor({ body: { login_2fa_token: ticket, code }, query: { refresh_token: again }, remote }) {
      return loggedIn(await authentication.secondFactor(ticket, code, remote), again);
    },

    async createBearer({ body: { identifier, secret }, remote }) {
      const credential = await credentialOf(identifier, secret, remote);
      if (credential) return { access_token: await bearerOf(credential, exchangeSeconds) };
      const result = await authentication.signIn(identifier, secret, remote);
      // This way in has no second step, so nothing is said of one.
      if (result.outcome === 'second-factor') throw unauthorized(needsToken);
      return { access_token: await bearerOfPerson(...sessionOf(result), exchangeSeconds) };
    },
  } satisfies Partial<Handlers>;
}

const singleSignOn = 'Your organization signs in with single sign-on. Use a personal access token here.';
const needsToken = 'This account has a second factor. Use a personal access token here.';
