import {
  type ImageAccessPolicy,
  type Membership,
  namespaceOf,
  type Organization,
  type Person,
  type Repository,
  type Role,
} from '@pullgate/policy';
import { pullableResources, type Resource } from '../tokens/resources.ts';
import { opensPrivate, type PersonalScope } from '../tokens/scopes.ts';
import type { Account, Credential, Directory } from './directory.ts';

interface TokenRow {
  readonly id: string;
  /** Lower-case hex SHA-256. */
  readonly secretHash: string;
  readonly isActive: boolean;
  /** Milliseconds since 1970; null never expires. */
  readonly expiresAt: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** All that a directory is built from, as of one revision. */
export interface DirectoryRows {
  readonly revision: number;
  readonly homeOrganizationId: string | undefined;
  readonly organizations: readonly {
    readonly id: string;
    readonly name: string;
    readonly enforceSignIn: boolean;
    /** `docker login` takes a member's console password. */
    readonly passwordLogin: boolean;
    /** Of tokens of the organization and of its members; null for as long as they like. */
    readonly maxTokenLifetimeMs: number | null;
    readonly policyVersion: number;
    readonly policy: ImageAccessPolicy;
  }[];
  readonly namespaces: readonly {
    readonly registry: string;
    readonly namespace: string;
    readonly organizationId: string;
  }[];
  readonly people: readonly {
    readonly id: string;
    readonly username: string;
    readonly isActive: boolean;
    readonly isAdministrator: boolean;
  }[];
  readonly memberships: readonly {
    readonly organizationId: string;
    readonly personId: string;
    readonly role: Role;
  }[];
  readonly personalTokens: readonly (TokenRow & {
    readonly personId: string;
    readonly scopes: readonly PersonalScope[];
  })[];
  /** Of people who have a password and no second factor. */
  readonly passwords: readonly {
    readonly personId: string;
    /** Grows with each new password. */
    readonly version: number;
  }[];
  readonly organizationTokens: readonly (TokenRow & {
    readonly organizationId: string;
    readonly resources: readonly Resource[];
  })[];
}

/** Puts the rows together. A row that refers to nothing gives nothing: no person without an account, no claim without an organization. */
export function buildDirectory(rows: DirectoryRows): Directory {
  const organizations = new Map(rows.organizations.map((row): [string, Organization] => [row.id, row]));
  const organizationsByName = new Map(rows.organizations.map((row): [string, Organization] => [row.name, row]));
  const claims = claimsOf(rows, organizations);
  const people = peopleOf(rows, organizations);
  const byName = new Map([...people.values()].map(({ person }) => [person.username, person]));
  const expiryOf = expiries(rows);
  const credentials = [
    ...personalCredentials(rows, people, expiryOf),
    ...organizationCredentials(rows, organizations, expiryOf),
  ];
  const passwords = passwordCredentials(rows, people);
  const byId = new Map(
    [...credentials.map(({ credential }) => credential), ...passwords.values()].map((each) => [each.id, each]),
  );
  const bySecret = new Map(credentials.map(({ secretHash, credential }) => [secretHash, credential]));
  return {
    revision: rows.revision,
    credentialBySecret: (sha256) => bySecret.get(sha256),
    credentialById: (id) => byId.get(id),
    passwordCredentialOf: (personId) => passwords.get(personId),
    acceptsPasswords: passwords.size > 0,
    personByName: (username) => byName.get(username),
    accountById: (id) => people.get(id),
    claimOf: (repository: Repository) => claims.get(repository.registry)?.get(namespaceOf(repository)),
    organizationById: (id) => organizations.get(id),
    organizationByName: (name) => organizationsByName.get(name),
    home: homeOf(rows, organizations),
  };
}

/**
 * Signing out must not be a way round the policy of an organization that enforces sign-in: nobody is let in anonymously
 * while any of them does.
 */
function homeOf(rows: DirectoryRows, organizations: Organizations): Organization | undefined {
  const home = rows.homeOrganizationId === undefined ? undefined : organizations.get(rows.homeOrganizationId);
  return home && { ...home, enforceSignIn: rows.organizations.some(({ enforceSignIn }) => enforceSignIn) };
}

type Organizations = ReadonlyMap<string, Organization>;

/** Registry, then namespace. */
type Claims = ReadonlyMap<string, ReadonlyMap<string, Organization>>;

function claimsOf({ namespaces }: DirectoryRows, organizations: Organizations): Claims {
  const claims = new Map<string, Map<string, Organization>>();
  for (const { registry, namespace, organizationId } of namespaces) {
    const organization = organizations.get(organizationId);
    if (organization === undefined) continue;
    const onRegistry = claims.get(registry) ?? new Map<string, Organization>();
    claims.set(registry, onRegistry.set(namespace, organization));
  }
  return claims;
}

interface Keyed {
  readonly secretHash: string;
  readonly credential: Credential;
}

function peopleOf(rows: DirectoryRows, organizations: Organizations): ReadonlyMap<string, Account> {
  const memberships = membershipsOf(rows, organizations);
  return new Map(
    rows.people.map(({ id, username, isActive, isAdministrator }) => {
      const person: Person = { kind: 'person', id, username, memberships: memberships.get(id) ?? [] };
      return [id, { person, isActive, isAdministrator }];
    }),
  );
}

type ExpiryOf = (token: TokenRow, organizationIds: readonly string[]) => number | null;

/** When a token expires: at its own time, or as soon as it is older than an organization that it is for allows. */
function expiries({ organizations }: DirectoryRows): ExpiryOf {
  const longest = new Map<string, number>();
  for (const { id, maxTokenLifetimeMs } of organizations) {
    if (maxTokenLifetimeMs !== null) longest.set(id, maxTokenLifetimeMs);
  }
  return ({ expiresAt, createdAt }, organizationIds) => {
    const lifetimes = organizationIds.map((id) => longest.get(id)).filter((lifetime) => lifetime !== undefined);
    if (lifetimes.length === 0) return expiresAt;
    return Math.min(expiresAt ?? Number.POSITIVE_INFINITY, createdAt + Math.min(...lifetimes));
  };
}

function personalCredentials(rows: DirectoryRows, people: ReadonlyMap<string, Account>, expiryOf: ExpiryOf): Keyed[] {
  return rows.personalTokens.flatMap((token) => {
    const { id, personId, secretHash, isActive, scopes } = token;
    const holder = people.get(personId);
    if (holder === undefined) return [];
    const credential: Credential = {
      id,
      loginName: holder.person.username,
      principal: holder.person,
      active: isActive && holder.isActive,
      publicOnly: !opensPrivate(scopes),
      scopes,
      expiresAt: expiryOf(
        token,
        holder.person.memberships.map(({ organization }) => organization.id),
      ),
    };
    return [{ secretHash, credential }];
  });
}

/** By person. Where organizations differ, the strictest decides. */
function passwordCredentials(rows: DirectoryRows, people: ReadonlyMap<string, Account>): Map<string, Credential> {
  const accepting = new Set(rows.organizations.filter((row) => row.passwordLogin).map(({ id }) => id));
  if (accepting.size === 0) return new Map();
  return new Map(
    rows.passwords.flatMap(({ personId, version }): [string, Credential][] => {
      const holder = people.get(personId);
      const { memberships = [] } = holder?.person ?? {};
      const isAccepted =
        memberships.length > 0 && memberships.every(({ organization }) => accepting.has(organization.id));
      if (holder === undefined || !isAccepted) return [];
      const { person, isActive: active } = holder;
      const credential: Credential = {
        id: `password:${personId}:${version}`,
        loginName: person.username,
        principal: person,
        active,
        isPassword: true,
        publicOnly: false,
        scopes: [],
        expiresAt: null,
      };
      return [[personId, credential]];
    }),
  );
}

function membershipsOf({ memberships }: DirectoryRows, organizations: Organizations): Map<string, Membership[]> {
  const byPerson = new Map<string, Membership[]>();
  for (const { organizationId, personId, role } of memberships) {
    const organization = organizations.get(organizationId);
    if (organization === undefined) continue;
    const list = byPerson.get(personId);
    if (list) list.push({ organization, role });
    else byPerson.set(personId, [{ organization, role }]);
  }
  for (const list of byPerson.values()) list.sort(byOrganizationName);
  return byPerson;
}

function byOrganizationName(one: Membership, other: Membership): number {
  return one.organization.name < other.organization.name ? -1 : 1;
}

function organizationCredentials(
  { organizationTokens }: DirectoryRows,
  organizations: Organizations,
  expiryOf: ExpiryOf,
): Keyed[] {
  return organizationTokens.flatMap((token) => {
    const { id, organizationId, secretHash, isActive, resources } = token;
    const organization = organizations.get(organizationId);
    if (organization === undefined) return [];
    const principal = { kind: 'organization-token', organization, resources: pullableResources(resources) } as const;
    const scopes = resources.filter(({ type }) => type === 'TYPE_ORG').flatMap((resource) => resource.scopes);
    const [loginName, active, publicOnly] = [organization.name, isActive, false];
    const expiresAt = expiryOf(token, [organizationId]);
    return [{ secretHash, credential: { id, loginName, principal, active, publicOnly, scopes, expiresAt } }];
  });
}
