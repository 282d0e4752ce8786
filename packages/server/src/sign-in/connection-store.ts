import type { ConnectionRules, OidcSettings, SamlSettings } from './single-sign-on.ts';

/** What was read of an issuer's discovery document. */
export interface OidcEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly jwks: string;
  readonly userInfo: string | undefined;
  readonly tokenAuthentication: 'client_secret_basic' | 'client_secret_post';
}

/** A connection as it is kept, with its secrets. */
export interface StoredConnection extends Omit<ConnectionRules, 'domains'> {
  readonly id: string;
  readonly organizationId: string;
  readonly oidc?: OidcSettings & { readonly clientSecret: string; readonly endpoints: OidcEndpoints };
  /** `ownEntityId` is what the gate calls itself there. */
  readonly saml?: SamlSettings & { readonly ownEntityId: string };
  readonly domains: readonly string[];
  readonly scimCreatedAt: number | null;
  readonly scimLastUsedAt: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** Every look-up carries the organization, but those by secret, and those of the sign-in itself. */
export interface ConnectionStore {
  /** Oldest first. */
  list(organizationId: string): Promise<readonly StoredConnection[]>;
  find(organizationId: string, id: string): Promise<StoredConnection | undefined>;
  /** Writes all but the domains and SCIM. */
  insert(connection: StoredConnection): Promise<void>;
  update(connection: StoredConnection): Promise<void>;
  /** With the identities that people have there. Domains stay, and are no connection's. */
  delete(organizationId: string, id: string): Promise<void>;
  /** No token when the hash is null. */
  setScimToken(organizationId: string, id: string, secretHash: string | null, at: number): Promise<void>;
  byScimToken(secretHash: string): Promise<StoredConnection | undefined>;
  noteScimUse(id: string, at: number): Promise<void>;
  /** By the id that is part of its addresses. */
  byId(id: string): Promise<StoredConnection | undefined>;
  /** The one for people of a verified domain. */
  byDomain(domain: string): Promise<StoredConnection | undefined>;
  /** What the identity provider calls a person. */
  externalIds(connectionId: string): Promise<ReadonlyMap<string, string>>;
  setExternalId(connectionId: string, personId: string, externalId: string): Promise<void>;
}

export interface StoredDomain {
  readonly organizationId: string;
  readonly name: string;
  readonly proof: string;
  readonly verifiedAt: number | null;
  readonly connectionId: string | null;
  readonly createdAt: number;
}

export interface DomainStore {
  /** Sorted by name. */
  list(organizationId: string): Promise<readonly StoredDomain[]>;
  find(organizationId: string, name: string): Promise<StoredDomain | undefined>;
  insert(domain: StoredDomain): Promise<void>;
  /** Of whichever organization proved it. */
  verified(name: string): Promise<StoredDomain | undefined>;
  setVerified(organizationId: string, name: string, at: number): Promise<void>;
  /** These become the connection's, and no others are. */
  assign(organizationId: string, connectionId: string, names: readonly string[]): Promise<void>;
  delete(organizationId: string, name: string): Promise<void>;
}
