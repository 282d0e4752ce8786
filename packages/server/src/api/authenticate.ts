import type { Organization, Person } from '@pullgate/policy';
import { isUsable } from '../access/caller.ts';
import type { Credential } from '../access/directory.ts';
import { type CatchingUp, orWhenCaughtUp } from '../access/live-directory.ts';
import type { Authentication, Session } from '../sign-in/authentication.ts';
import type { ApiTokens } from '../tokens/api-token.ts';
import { ApiError, unauthorized } from './errors.ts';

/** Somebody signed in. */
export interface PersonCaller {
  readonly kind: 'person';
  readonly person: Person;
  readonly isAdministrator: boolean;
  /** What the person signed in with. */
  readonly by:
    | { readonly kind: 'session'; readonly session: Session }
    | { readonly kind: 'personal-token'; readonly id: string; readonly scopes: readonly string[] };
}

export interface OrganizationTokenCaller {
  readonly kind: 'organization-token';
  readonly id: string;
  readonly organization: Organization;
  /** On the organization itself. */
  readonly scopes: readonly string[];
}

export type Caller = { readonly kind: 'nobody' } | PersonCaller | OrganizationTokenCaller;

const nobody: Caller = { kind: 'nobody' };

export interface AuthenticateOptions {
  readonly tokens: Pick<ApiTokens, 'verify'>;
  readonly directory: CatchingUp;
  readonly authentication: Pick<Authentication, 'sessionOf' | 'session'>;
  readonly now: () => number;
}

/**
 * Tells who asks, or throws: a credential that was given must be good. Tokens and cookies only name a credential, which
 * is looked up on each request, so that whatever is revoked, switched off or has expired stops at the next one.
 *
 * @throws ApiError
 */
export function createAuthenticate({ tokens, directory, authentication, now }: AuthenticateOptions) {
  function personOf(personId: string, by: PersonCaller['by']): PersonCaller | undefined {
    const account = directory.current.accountById(personId);
    if (!account?.isActive) return undefined;
    return { kind: 'person', person: account.person, isAdministrator: account.isAdministrator, by };
  }

  async function sessionCaller(id: string): Promise<Caller | undefined> {
    const session = await authentication.session(id);
    return session && personOf(session.personId, { kind: 'session', session });
  }

  function tokenCaller({ id, principal, scopes }: Credential): Caller | undefined {
    return principal.kind === 'person'
      ? personOf(principal.id, { kind: 'personal-token', id, scopes })
      : { kind: 'organization-token', id, organization: principal.organization, scopes };
  }

  async function bearerCaller(header: string): Promise<Caller> {
    const [, token] = bearerShape.exec(header) ?? [];
    const subject = token === undefined ? undefined : await tokens.verify(token);
    if (!subject) throw unauthorized(invalid);
    if (subject.kind === 'session') return required(await sessionCaller(subject.id));
    const credential = await orWhenCaughtUp(directory, () => directory.current.credentialById(subject.id));
    const isOfKind = credential?.principal.kind === (subject.kind === 'pat' ? 'person' : 'organization-token');
    return required(credential && isOfKind && isUsable(credential, now()) ? tokenCaller(credential) : undefined);
  }

  return async (request: Request): Promise<Caller> => {
    const authorization = request.headers.get('authorization');
    if (authorization !== null) return bearerCaller(authorization);
    if (!request.headers.has('cookie')) return nobody;
    const session = await authentication.sessionOf(request);
    if (session === 'cross-site') throw new ApiError(403, crossSite);
    return session ? required(personOf(session.personId, { kind: 'session', session })) : nobody;
  };
}

/** Scripts of old say `JWT`. Passwords and access tokens themselves are no bearers. */
const bearerShape = /^(?:bearer|jwt) +([\w.-]+)$/i;

const invalid = 'This sign-in is not valid any more. Sign in again.';
const crossSite = 'This request was sent by a page of another site, so nothing was changed.';

function required(caller: Caller | undefined): Caller {
  if (caller) return caller;
  throw unauthorized(invalid);
}
