import type { Role } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';

/** Members of a group of the identity provider are in the team, and leave it when they left the group. */
export interface GroupMapping {
  readonly group: string;
  /** Name of a team. */
  readonly team: string;
}

export interface OidcSettings {
  /** `https://login.acme.example`, whose discovery document says the rest. */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

export interface SamlSettings {
  /** Where the browser is sent to sign in. */
  readonly entryPoint: string;
  /** Of the identity provider. */
  readonly entityId: string;
  /** PEM, with which answers are signed. */
  readonly certificate: string;
}

/** What both protocols have. */
export interface ConnectionRules {
  readonly name: string;
  /** Verified domains of the organization: whoever has an address there signs in here. */
  readonly domains: readonly string[];
  /** Passwords and passkeys of people with an address in these domains are refused. Owners keep theirs: the way back in. */
  readonly enforced: boolean;
  /** Whoever signs in becomes a member; otherwise only members sign in. */
  readonly createMembers: boolean;
  readonly defaultRole: Role;
  /** Name of the claim or attribute that lists a person's groups. */
  readonly groupsClaim: string;
  readonly groupMappings: readonly GroupMapping[];
}

/** How an organization's people sign in at an identity provider. */
export interface Connection extends ConnectionRules {
  /** 32 hex digits, part of the addresses to tell the identity provider. */
  readonly id: string;
  readonly organizationId: string;
  /** Exactly one of them is there. The client secret is never given back. */
  readonly oidc?: OidcSettings;
  readonly saml?: SamlSettings;
  /** To be entered at the identity provider: the OIDC redirect URI or the SAML assertion consumer service. */
  readonly callbackUrl: string;
  /** Of SAML; null for OIDC. */
  readonly metadataUrl: string | null;
  readonly scim: {
    readonly baseUrl: string;
    /** Milliseconds since 1970; null when there is no token. */
    readonly createdAt: number | null;
    /** Milliseconds since 1970. Lags by a minute. */
    readonly lastUsedAt: number | null;
  };
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export type NewConnection = ConnectionRules &
  (
    | { readonly oidc: OidcSettings & { readonly clientSecret: string }; readonly saml?: never }
    | { readonly saml: SamlSettings; readonly oidc?: never }
  );

/** What is absent stays. The protocol stays always. */
export type ConnectionChange = Partial<ConnectionRules> & {
  readonly oidc?: Partial<OidcSettings & { readonly clientSecret: string }>;
  readonly saml?: Partial<SamlSettings>;
};

/** Connections of organizations, which are given by their names. Every look-up by id carries the organization. */
export interface Connections {
  /** Oldest first. @throws NotFound */
  list(organization: string): Promise<readonly Connection[]>;
  /** @throws NotFound */
  find(organization: string, id: string): Promise<Connection>;
  /**
   * Asks an OIDC issuer what it is before anything is kept.
   *
   * @throws NotFound, LimitReached, InvalidInput when a domain is not verified, a team is unknown, or the issuer does not answer as one;
   *   AlreadyExists when another connection has a domain
   */
  create(organization: string, connection: NewConnection, actor: Actor): Promise<Connection>;
  /** @throws as `create` */
  update(organization: string, id: string, change: ConnectionChange, actor: Actor): Promise<Connection>;
  /** With its SCIM token. @throws NotFound */
  delete(organization: string, id: string, actor: Actor): Promise<void>;
  /** A new bearer for SCIM, shown this once; the one before opens nothing any more. @throws NotFound */
  createScimToken(organization: string, id: string, actor: Actor): Promise<{ readonly secret: string }>;
  /** @throws NotFound */
  deleteScimToken(organization: string, id: string, actor: Actor): Promise<void>;
}

/** An e-mail domain whose people an organization answers for, as soon as it is verified. */
export interface Domain {
  /** `acme.example`, lower case. */
  readonly name: string;
  /** The DNS record that proves whose domain it is. */
  readonly record: { readonly type: 'TXT'; readonly name: string; readonly value: string };
  /** Milliseconds since 1970; null until then. */
  readonly verifiedAt: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** Domains of organizations, which are given by their names. */
export interface Domains {
  /** Sorted by name. @throws NotFound */
  list(organization: string): Promise<readonly Domain[]>;
  /** The same again when it is there already. @throws NotFound, InvalidInput, LimitReached */
  add(organization: string, name: string, actor: Actor): Promise<Domain>;
  /**
   * Looks for the proof in the DNS.
   *
   * @throws NotFound, InvalidInput when it is not there, AlreadyExists when the domain is verified for another organization
   */
  verify(organization: string, name: string, actor: Actor): Promise<Domain>;
  /** @throws NotFound, InvalidInput while a connection uses it */
  remove(organization: string, name: string, actor: Actor): Promise<void>;
}
