import type { Actor } from '../activity/activity.ts';

/** How an organization's people sign in at their identity provider. */
export type ConnectionSettings =
  | {
      readonly protocol: 'oidc';
      /** `https://login.acme.example`, whose discovery document says the rest. */
      readonly issuer: string;
      readonly clientId: string;
      /** Never given back. */
      readonly clientSecret: string;
    }
  | {
      readonly protocol: 'saml';
      /** EntityID of the identity provider. */
      readonly issuer: string;
      /** Where people are sent to sign in. */
      readonly entryPoint: string;
      /** PEM of the identity provider's signing certificate. */
      readonly certificate: string;
    };

/** A connection as owners see it: without secrets. */
export interface Connection {
  /** 32 hex digits, part of the addresses to tell the identity provider. */
  readonly id: string;
  readonly protocol: 'oidc' | 'saml';
  readonly issuer: string;
  readonly clientId: string | null;
  readonly entryPoint: string | null;
  /** To be entered at the identity provider: the OIDC redirect URI or the SAML assertion consumer service. */
  readonly callbackUrl: string;
  /** EntityID of the gate, and where its SAML metadata is; null for OIDC. */
  readonly metadataUrl: string | null;
  /** Name of the claim or attribute that lists a person's groups. */
  readonly groupsClaim: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** An e-mail domain whose people the organization answers for. */
export interface Domain {
  /** `acme.example` */
  readonly name: string;
  readonly verified: boolean;
  /** Name and text of the DNS record that proves it. */
  readonly record: { readonly name: string; readonly type: 'TXT'; readonly value: string };
}

/** Members of the provider's group are in the team, and others are not. */
export interface GroupMapping {
  readonly group: string;
  /** Name of the team. */
  readonly team: string;
}

/** A bearer for SCIM, as owners see it. */
export interface ProvisioningToken {
  readonly createdAt: number;
  readonly createdBy: string;
  readonly lastUsedAt: number | null;
}

export interface SingleSignOnState {
  readonly connection: Connection | null;
  readonly domains: readonly Domain[];
  readonly mappings: readonly GroupMapping[];
  /** People with an address in a verified domain sign in this way only. Owners keep their passwords: the way back in. */
  readonly enforced: boolean;
  readonly provisioning: ProvisioningToken | null;
}

/** Single sign-on and provisioning of organizations, which are given by their names. For owners, but where it says so. */
export interface SingleSignOn {
  /** @throws NotFound */
  state(organization: string): Promise<SingleSignOnState>;
  /** Asks the issuer before it is kept. @throws NotFound, InvalidInput when it does not answer as one */
  connect(
    organization: string,
    settings: ConnectionSettings & { readonly groupsClaim?: string },
    actor: Actor,
  ): Promise<Connection>;
  /** Ends the enforcement too. @throws NotFound */
  disconnect(organization: string, actor: Actor): Promise<void>;
  /** @throws NotFound, InvalidInput, LimitReached */
  addDomain(organization: string, name: string, actor: Actor): Promise<Domain>;
  /** Looks the proof up in the DNS. @throws NotFound, InvalidInput when it is not there, AlreadyExists when another organization proved it */
  verifyDomain(organization: string, name: string, actor: Actor): Promise<Domain>;
  /** Without proof: for administrators of the installation only. @throws NotFound, AlreadyExists */
  vouchForDomain(organization: string, name: string, actor: Actor): Promise<Domain>;
  /** @throws NotFound */
  removeDomain(organization: string, name: string, actor: Actor): Promise<void>;
  /** The whole list. @throws NotFound, InvalidInput, LimitReached */
  setMappings(organization: string, mappings: readonly GroupMapping[], actor: Actor): Promise<readonly GroupMapping[]>;
  /** @throws NotFound, InvalidInput when there is no connection or no verified domain */
  setEnforced(organization: string, enforced: boolean, actor: Actor): Promise<void>;
  /** A new bearer for SCIM, shown this once; the one before opens nothing any more. @throws NotFound */
  createProvisioningToken(organization: string, actor: Actor): Promise<{ readonly secret: string }>;
  /** @throws NotFound */
  deleteProvisioningToken(organization: string, actor: Actor): Promise<void>;
}
