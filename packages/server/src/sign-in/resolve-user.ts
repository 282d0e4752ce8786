import { getCurrentAuthEndpointContext } from '@better-auth/core/context';
import type { SSOOptions } from '@better-auth/sso';
import type { Role } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { Administration } from '../administration.ts';
import { NotFound } from '../administration-error.ts';
import type { Member } from '../organizations/members.ts';
import type { ConnectionStore, StoredConnection } from './connection-store.ts';
import { domainOf } from './enforcement.ts';
import { followGroups } from './follow-groups.ts';
import type { SignInPerson, SignInStore } from './sign-in-store.ts';
import { takeAddress } from './take-address.ts';

export type ResolveUser = NonNullable<SSOOptions['resolveUser']>;
type Resolution = Awaited<ReturnType<ResolveUser>>;
type Identity = Parameters<ResolveUser>[0];

export interface ResolveUserOptions {
  readonly connections: Pick<ConnectionStore, 'byId'>;
  readonly store: Pick<SignInStore, 'credentials' | 'person' | 'personByIdentity' | 'setEmailVerified'>;
  readonly administration: Pick<Administration, 'organizations' | 'members' | 'teams' | 'people' | 'provisioning'>;
  /** Of the person whose browser this is, if somebody is signed in there. */
  readonly currentPersonId: (headers: Headers) => Promise<string | undefined>;
  readonly now: () => number;
}

/** Whom an identity provider has just signed in. What it says counts for the verified domains of its organization only. */
export function createResolveUser(options: ResolveUserOptions): ResolveUser {
  const { connections, store, administration } = options;

  async function knownPerson(identity: Identity, email: string): Promise<SignInPerson | undefined> {
    const { providerId, accountKey } = identity;
    return (await store.personByIdentity(providerId, accountKey.accountId)) ?? (await store.credentials(email))?.person;
  }

  /** An address that its person never proved may be anybody's: the person has to be signed in here already. */
  async function isProved(identity: Identity, person: SignInPerson): Promise<boolean> {
    if (person.emailVerified) return true;
    const { providerId, accountKey } = identity;
    if (await store.personByIdentity(providerId, accountKey.accountId)) return true;
    const { headers } = getCurrentAuthEndpointContext();
    return headers !== undefined && (await options.currentPersonId(headers)) === person.id;
  }

  /** The account that the identity is of, as far as it is one that the connection may use. */
  async function settle(
    identity: Identity,
    email: string,
    { connection, organization, actor }: Place,
  ): Promise<Settled | Resolution> {
    const known = await knownPerson(identity, email);
    if (!known) return { person: undefined, member: undefined };
    // An identity outlives what made it good: its person's domain may be another organization's by now.
    if (!speaksFor(connection, known.email)) return wrongDomain();
    const member = await memberOf(administration, organization, known.username);
    if (await isProved(identity, known)) {
      return known.isActive ? { person: known, member } : reject('SWITCHED_OFF', 'This account is switched off.');
    }
    if (member) return reject('ADDRESS_NOT_PROVED', `Sign in as ${known.username} first, then with single sign-on.`);
    // Only for an account that is made with it now: whoever is refused takes nothing from anybody.
    if (connection.createMembers) await takeAddress(administration.people, known, actor);
    return { person: undefined, member: undefined };
  }

  async function admit({ person, identity, email, role }: Newcomer, { organization, actor }: Place): Promise<Member> {
    if (person) return administration.members.add(organization, { username: person.username, role }, actor);
    const name = identity.providerUser.name.slice(0, maxNameLength);
    const newcomer = { email, role, ...(name !== '' && { name }) };
    return (await administration.provisioning.provision(organization, newcomer, actor)).member;
  }

  return async (identity) => {
    const connection = await connections.byId(identity.providerId);
    if (!connection) return reject('UNKNOWN_CONNECTION', 'This single sign-on connection is not there any more.');
    const email = identity.providerUser.email.toLowerCase();
    if (!speaksFor(connection, email) || isUnverified(identity)) return wrongDomain();
    const organization = (await administration.organizations.byId(connection.organizationId)).name;
    const { id, name, organizationId } = connection;
    const actor: Actor = { kind: 'provisioning', id, name, organizationId };
    const place = { connection, organization, actor };
    const settled = await settle(identity, email, place);
    if ('action' in settled) return settled;
    if (!settled.member && !connection.createMembers) {
      return reject('NO_MEMBER', `You are no member of ${organization}. Ask an owner.`);
    }
    const newcomer = { person: settled.person, identity, email, role: connection.defaultRole };
    const member = settled.member ?? (await admit(newcomer, place));
    await store.setEmailVerified(member.personId, options.now());
    const told = { connection, groups: groupsOf(identity, connection) };
    await followGroups(administration.teams, organization, member, told, actor);
    return { action: 'link', userId: member.personId, profile: 'preserve' };
  };
}

interface Place {
  readonly connection: StoredConnection;
  readonly organization: string;
  readonly actor: Actor;
}

interface Settled {
  readonly person: SignInPerson | undefined;
  readonly member: Member | undefined;
}

interface Newcomer {
  readonly person: SignInPerson | undefined;
  readonly identity: Identity;
  readonly email: string;
  readonly role: Role;
}

const maxNameLength = 200;

async function memberOf(
  { members }: Pick<Administration, 'members'>,
  organization: string,
  username: string,
): Promise<Member | undefined> {
  try {
    return await members.find(organization, username);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Providers that let people write down any address say so (OpenID Connect Core section 5.1). */
function isUnverified(identity: Identity): boolean {
  if (identity.protocol === 'saml') return false;
  const claims = { ...identity.verifiedIdTokenClaims, ...identity.providerClaims };
  return claims['email_verified'] === false || claims['email_verified'] === 'false';
}

const maxGroups = 5000;

/** Undefined when the provider says nothing of groups: then nobody leaves a team. */
function groupsOf(identity: Identity, { groupsClaim }: StoredConnection): ReadonlySet<string> | undefined {
  const told =
    identity.protocol === 'saml'
      ? identity.providerAttributes[groupsClaim]
      : (identity.verifiedIdTokenClaims[groupsClaim] ?? identity.providerClaims[groupsClaim]);
  if (told === undefined || told === null) return undefined;
  const list: readonly unknown[] = Array.isArray(told) ? told : [told];
  return new Set(list.filter((group): group is string => typeof group === 'string').slice(0, maxGroups));
}

function speaksFor({ domains }: StoredConnection, email: string | null): boolean {
  return email !== null && domains.includes(domainOf(email) ?? '');
}

function wrongDomain(): Resolution {
  return reject('WRONG_DOMAIN', 'Your identity provider may not speak for this e-mail address.');
}

function reject(code: string, message: string): Resolution {
  return { action: 'reject', code, message };
}
