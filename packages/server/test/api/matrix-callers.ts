import type { Permission } from '@pullgate/contract';
import type { Role } from '@pullgate/policy';
import type { HubWorld, Person } from '../hub-api/hub-world.ts';

/** Somebody who calls, and what the contract says of somebody like that. */
export interface MatrixCaller {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly credential:
    | { readonly kind: 'none' }
    | { readonly kind: 'session' }
    | { readonly kind: 'personal-token'; readonly scope: PersonalScope }
    | { readonly kind: 'organization-token'; readonly scopes: readonly string[] }
    | { readonly kind: 'scim' };
  /** In acme. */
  readonly role?: Role;
  readonly isAdministrator?: boolean;
  /** For what is their own. */
  readonly person?: Person;
  /** Belongs to acme, by role or by token. */
  readonly isInside: boolean;
}

const personalScopes = ['repo:public_read', 'repo:read', 'repo:write', 'repo:admin'] as const;
type PersonalScope = (typeof personalScopes)[number];

/** Docker Hub's scopes of organizations that include another one. */
const includes: Readonly<Record<string, string>> = {
  'scope-member-edit': 'scope-member-read',
  'scope-invite-edit': 'scope-invite-read',
  'scope-group-edit': 'scope-group-read',
  'scope-ram-write': 'scope-ram-read',
};

export type Expected = 'success' | 401 | 403 | 404;

/**
 * What the contract promises. A credential of the wrong kind is refused before anybody looks at whose organization it is
 * about, so that the refusal tells nothing of it.
 */
export function expectedOf(permission: Permission, caller: MatrixCaller, isAboutAcme: boolean): Expected {
  const { who } = permission;
  const { credential, role, isAdministrator = false, isInside } = caller;
  if (who === 'everybody') return 'success';
  if (who === 'provisioning') return credential.kind === 'scim' ? 'success' : 401;
  if (credential.kind === 'none' || credential.kind === 'scim') return 401;
  if (!isWelcome(permission, credential)) return 403;
  if (who === 'administrator') return isAdministrator ? 'success' : 403;
  if (!isAboutAcme) return 'success';
  if (!isInside) return 404;
  return who === 'owner' && credential.kind !== 'organization-token' && role !== 'owner' ? 403 : 'success';
}

function isWelcome({ personalToken, organizationToken }: Permission, credential: MatrixCaller['credential']): boolean {
  if (credential.kind === 'organization-token') return isOpenTo(credential.scopes, organizationToken);
  if (credential.kind !== 'personal-token') return true;
  const needed = personalToken === undefined ? Number.POSITIVE_INFINITY : personalScopes.indexOf(personalToken);
  return personalScopes.indexOf(credential.scope) >= needed;
}

function isOpenTo(scopes: readonly string[], needed: Permission['organizationToken']): boolean {
  if (needed === undefined) return false;
  return needed === 'any' || scopes.some((scope) => scope === needed || includes[scope] === needed);
}

/**
 * Everybody of the matrix. Owners, members and editors belong to acme; `uma` owns umbrella and nothing else.
 *
 * @param scopes that endpoints ask of organization access tokens: there is a token with each of them alone
 */
export async function createCallers(
  hub: HubWorld,
  people: { readonly owner: Person; readonly member: Person; readonly uma: Person },
  { scim, cookie, scopes }: { scim: string; cookie: string; scopes: readonly string[] },
): Promise<readonly MatrixCaller[]> {
  const { owner, member, uma } = people;
  const editor = await hub.addPerson('ed', 'acme', 'editor');
  const outsider = await hub.addPerson('otto');
  const administrator = await hub.addPerson('ada');
  for (const { username } of [outsider, administrator]) {
    await hub.must(hub.olivia, 'DELETE', `/v2/orgs/acme/members/${username}`);
  }
  await hub.must(hub.olivia, 'PATCH', '/v2/users/ada', { is_admin: true });

  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const signedIn = (person: Person) => ({ ...bearer(person.bearer), credential: { kind: 'session' }, person }) as const;
  const withToken = async (person: Person, scope: PersonalScope) => {
    const token = await hub.addPersonalToken(person, scope);
    return { ...bearer(token.bearer), credential: { kind: 'personal-token', scope }, person } as const;
  };
  const organizationToken = async (by: Person, organization: string, ...given: string[]) => {
    const token = await hub.addOrganizationToken(by, organization, ...given);
    const credential = { kind: 'organization-token', scopes: given } as const;
    return { ...bearer(token.bearer), credential, isInside: organization === 'acme' };
  };
  const ownerOfAcme = { role: 'owner', isInside: true } as const;
  const isInside = true;

  const callers: MatrixCaller[] = [
    { name: 'nobody', headers: {}, credential: { kind: 'none' }, isInside: false },
    { name: 'a bearer that is none', ...bearer('a.b.c'), credential: { kind: 'none' }, isInside: false },
    { name: 'an outsider', ...signedIn(outsider), isInside: false },
    { name: 'a member', ...signedIn(member), role: 'member', isInside },
    { name: 'an editor', ...signedIn(editor), role: 'editor', isInside },
    { name: 'an owner', ...signedIn(owner), ...ownerOfAcme },
    {
      name: 'an owner in a browser',
      headers: { cookie, origin: hub.gate.url },
      credential: { kind: 'session' },
      person: owner,
      ...ownerOfAcme,
    },
    { name: 'the owner of another organization', ...signedIn(uma), isInside: false },
    { name: 'an administrator', ...signedIn(administrator), isAdministrator: true, isInside: false },
    { name: 'SCIM', ...bearer(scim), credential: { kind: 'scim' }, isInside: false },
  ];
  for (const scope of personalScopes) {
    callers.push({ name: `an owner by PAT with ${scope}`, ...(await withToken(owner, scope)), ...ownerOfAcme });
  }
  callers.push(
    { name: 'a member by PAT', ...(await withToken(member, 'repo:admin')), role: 'member', isInside },
    { name: 'an outsider by PAT', ...(await withToken(outsider, 'repo:admin')), isInside: false },
    {
      name: 'an administrator by PAT',
      ...(await withToken(administrator, 'repo:admin')),
      isAdministrator: true,
      isInside: false,
    },
    {
      name: 'an administrator by PAT that only reads',
      ...(await withToken(administrator, 'repo:read')),
      isAdministrator: true,
      isInside: false,
    },
    { name: 'an OAT without scopes here', ...(await organizationToken(owner, 'acme', 'scope-repository-create')) },
    { name: 'an OAT of another organization', ...(await organizationToken(uma, 'umbrella', ...scopes)) },
  );
  for (const scope of scopes) {
    callers.push({ name: `an OAT with ${scope}`, ...(await organizationToken(owner, 'acme', scope)) });
  }
  return callers;
}
