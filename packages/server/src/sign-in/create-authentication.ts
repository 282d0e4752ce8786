import { isAPIError } from 'better-auth/api';
import { parseSetCookieHeader } from 'better-auth/cookies';
import type { Actor } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import { AlreadyExists, NotFound } from '../administration-error.ts';
import type { MembershipStore } from '../organizations/members.ts';
import { recordOfPerson } from '../people/record-of-person.ts';
import type { Authentication, SignInResult } from './authentication.ts';
import type { CheckPassword } from './check-password.ts';
import type { RecordSignIn } from './events.ts';
import type { Library } from './library.ts';
import { remoteHeaders } from './library-remote.ts';
import { type PasswordHashes, requireGoodPassword } from './password-hash.ts';
import { refusalCodes } from './password-sign-in.ts';
import { isSameOrigin } from './same-origin.ts';
import type { SignInStore } from './sign-in-store.ts';

export interface AuthenticationOptions {
  readonly library: Library;
  readonly stores: Transactional<{ readonly signIn: SignInStore; readonly memberships: MembershipStore }>;
  readonly checkPassword: CheckPassword;
  readonly hashes: PasswordHashes;
  readonly record: RecordSignIn;
  /** The gate's origin. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const secondFactorCookie = 'two_factor';
/** What an authenticator app shows; everything else is a backup code. */
const appCode = /^\d{6}$/;

export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { library, stores, checkPassword, hashes, now } = options;
  const store = stores.read.signIn;

  async function signedIn(id: string): Promise<SignInResult> {
    const session = await store.session(id, now());
    return session ? { outcome: 'signed-in', session } : { outcome: 'refused' };
  }

  async function cookieName(): Promise<string> {
    return (await library.$context).createAuthCookie(secondFactorCookie).name;
  }

  return {
    async sessionOf(request) {
      const found = await library.api.getSession({ headers: request.headers, query: { disableRefresh: true } });
      if (!found) return undefined;
      if (!isSameOrigin(request, options.url)) return 'cross-site';
      return store.session(found.session.id, now());
    },
    session: (id) => store.session(id, now()),

    async signIn(username, password, remote) {
      try {
        const { headers, response } = await library.api.signInWithPassword({
          body: { username, password },
          headers: new Headers(remoteHeaders(remote)),
          returnHeaders: true,
        });
        const ticket = parseSetCookieHeader(headers.get('set-cookie') ?? '').get(await cookieName())?.value;
        if ('session' in response) return await signedIn(response.session);
        return ticket ? { outcome: 'second-factor', ticket } : { outcome: 'refused' };
      } catch (error) {
        return refusalOf(error);
      }
    },

    async secondFactor(ticket, code, remote) {
      const cookie = `${await cookieName()}=${ticket}`;
      if (!/^[\w%.=+/-]+$/.test(ticket)) return { outcome: 'refused' };
      const request = { body: { code }, headers: new Headers({ ...remoteHeaders(remote), cookie }) };
      const { verifyTOTP, verifyBackupCode } = library.api;
      try {
        const { token } = await (appCode.test(code) ? verifyTOTP(request) : verifyBackupCode(request));
        const found = token ? await (await library.$context).internalAdapter.findSession(token) : null;
        return found ? await signedIn(found.session.id) : { outcome: 'refused' };
      } catch (error) {
        return refusalOf(error);
      }
    },

    async checkPassword(identifier, password, remote) {
      const checked = await checkPassword(identifier, password, remote);
      if (checked.outcome !== 'right') return checked;
      return checked.person.hasSecondFactor
        ? { outcome: 'second-factor-needed' }
        : { outcome: 'right', personId: checked.person.id };
    },
    requireGoodPassword,

    async setFirstPassword(personId, password, remote) {
      requireGoodPassword(password);
      const hash = await hashes.hash(password);
      const person = await store.person(personId);
      if (!person) throw new NotFound('The person was not found.');
      const { username } = person;
      const actor: Actor = { kind: 'person', id: personId, name: username, address: remote.address };
      await stores.change(actor, async (writing) => {
        if (await writing.signIn.canSignIn(personId)) throw new AlreadyExists(`${username} can sign in already.`);
        await writing.signIn.setPassword(personId, hash, writing.at);
        await recordOfPerson(writing, personId, { action: 'sign_in.password.set', subject: username });
      });
    },

    sessions: (personId) => store.sessions(personId, now()),
    async revokeSession(personId, id, remote) {
      const person = await store.person(personId);
      if (!person || !(await store.deleteSession(personId, id))) throw new NotFound('There is no such session.');
      await options.record({ action: 'sign_in.session.revoke', person, remote, details: { session: id } });
    },
  };
}

const lockedSeconds = 15 * 60;

/** What the library throws, in words of ours. */
function refusalOf(error: unknown): SignInResult {
  if (!isAPIError(error)) throw error;
  const { code, retryAfterSeconds }: { code?: unknown; retryAfterSeconds?: unknown } = error.body ?? {};
  if (code === refusalCodes['single-sign-on']) return { outcome: 'single-sign-on' };
  if (error.status !== 'TOO_MANY_REQUESTS') return { outcome: 'refused' };
  return {
    outcome: 'limited',
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : lockedSeconds,
  };
}
