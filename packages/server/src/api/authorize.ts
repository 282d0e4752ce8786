import { type Endpoint, type Permission, sentences } from '@pullgate/contract';
import type { Organization, Role } from '@pullgate/policy';
import { z } from 'zod';
import type { LiveDirectory } from '../access/directory.ts';
import { grants, type PersonalScope, personalScopes } from '../tokens/scopes.ts';
import type { Caller, OrganizationTokenCaller, PersonCaller } from './authenticate.ts';
import { forbidden, nothingThere, unauthorized } from './errors.ts';

/** The organization that an endpoint is about, and what the caller is in it. */
export interface Standing {
  readonly organization: Organization;
  /** May see what owners see: an owner, or an organization access token with the scope that the endpoint asks for. */
  readonly asOwner: boolean;
}

const signInFirst = 'Sign in first: give a bearer of POST /v2/auth/token, or sign in with the browser.';

/**
 * Whether the kind of credential is welcome, before anybody looks at whose organization it is about. Everything that the
 * permission does not name is refused.
 *
 * @throws ApiError
 */
export function requireCredential(permission: Permission, caller: Caller): void {
  if (permission.who === 'everybody') return;
  if (caller.kind === 'nobody') throw unauthorized(signInFirst);
  if (caller.kind === 'person') requirePersonalScope(permission, caller);
  else requireOrganizationScope(permission, caller);
}

function requirePersonalScope({ personalToken, who }: Permission, { by, isAdministrator }: PersonCaller): void {
  if (by.kind === 'personal-token') {
    if (personalToken === undefined) throw forbidden(sentences.personalTokenRefused);
    if (!includesScope(by.scopes, personalToken)) {
      throw forbidden(`The personal access token that signed in lacks the scope ${personalToken}.`);
    }
  }
  if (who === 'administrator' && !isAdministrator) {
    throw forbidden('Only administrators of this installation may do this.');
  }
}

function includesScope(scopes: readonly string[], wanted: PersonalScope): boolean {
  return personalScopes.slice(personalScopes.indexOf(wanted)).some((scope) => scopes.includes(scope));
}

function requireOrganizationScope({ organizationToken, who }: Permission, { scopes }: OrganizationTokenCaller): void {
  if (organizationToken === undefined || who === 'administrator') throw forbidden(sentences.organizationTokenRefused);
  if (organizationToken === 'any' || grants(scopes, organizationToken)) return;
  throw forbidden(`This organization access token lacks the scope ${organizationToken}.`);
}

/**
 * What the caller is in the organization. To who does not belong to it, it looks as if it did not exist.
 *
 * @throws ApiError
 */
export function requireStanding(
  { who, organizationToken }: Permission,
  caller: Caller,
  organizationName: string,
  directory: LiveDirectory,
): Standing {
  if (caller.kind === 'nobody') throw unauthorized(signInFirst);
  const organization = directory.current.organizationByName(organizationName);
  if (!organization) throw nothingThere();
  if (caller.kind === 'organization-token') {
    if (caller.organization.id !== organization.id) throw nothingThere();
    return { organization, asOwner: organizationToken !== 'any' };
  }
  const role = roleIn(organization, caller);
  if (who === 'administrator') return { organization, asOwner: role === 'owner' };
  if (role === undefined) throw nothingThere();
  if (who === 'owner' && role !== 'owner') throw forbidden(`Only owners of ${organization.name} may do this.`);
  return { organization, asOwner: role === 'owner' };
}

function roleIn({ id }: Organization, { person }: PersonCaller): Role | undefined {
  return person.memberships.find(({ organization }) => organization.id === id)?.role;
}

/** Where an endpoint finds the organization that it is about, if it is about one and says so. */
export function organizationSource(endpoint: Endpoint): 'path' | 'invitation' | 'body' | undefined {
  const { permission, params, body, path } = endpoint;
  if (path.includes('/{org}')) return 'path';
  if (permission.who !== 'member' && permission.who !== 'owner') return undefined;
  if (params?.shape['id'] !== undefined && path.startsWith('/v2/invites/')) return 'invitation';
  return body instanceof z.ZodObject && body.shape['org'] !== undefined ? 'body' : undefined;
}
