type Flag = 0 | 1;

interface SessionsTable {
  readonly id: string;
  readonly token: string;
  readonly person_id: string;
  readonly method: string;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly expires_at: number;
  readonly created_at: number;
  readonly updated_at: number;
}

interface VerificationsTable {
  readonly id: string;
  readonly identifier: string;
  readonly value: string;
  readonly expires_at: number;
  readonly created_at: number;
  readonly updated_at: number;
}

interface AccountsTable {
  readonly id: string;
  /** `credential` for a password; otherwise the id of a connection. */
  readonly provider_id: string;
  readonly account_id: string;
  readonly person_id: string;
  readonly password: string | null;
  readonly access_token: string | null;
  readonly refresh_token: string | null;
  readonly id_token: string | null;
  readonly access_token_expires_at: number | null;
  readonly refresh_token_expires_at: number | null;
  readonly scope: string | null;
  readonly created_at: number;
  readonly updated_at: number;
}

interface SecondFactorsTable {
  readonly id: string;
  readonly person_id: string;
  readonly secret: string;
  readonly backup_codes: string;
  readonly verified: Flag | null;
  readonly failed_verification_count: number | null;
  readonly locked_until: number | null;
}

interface PasskeysTable {
  readonly id: string;
  readonly person_id: string;
  readonly name: string | null;
  readonly public_key: string;
  readonly credential_id: string;
  readonly counter: number;
  readonly device_type: string;
  readonly backed_up: Flag;
  readonly transports: string | null;
  readonly aaguid: string | null;
  readonly created_at: number | null;
}

interface SsoConnectionsTable {
  readonly id: string;
  /** The same as `id`: the sign-in library wants both. */
  readonly provider_id: string;
  readonly organization_id: string;
  readonly issuer: string;
  /** JSON, as the sign-in library reads it. */
  readonly oidc_config: string | null;
  /** JSON, as the sign-in library reads it. */
  readonly saml_config: string | null;
  readonly person_id: string | null;
  readonly domain: string;
  /** JSON. */
  readonly rules: string;
  /** Lower-case hex SHA-256. */
  readonly scim_secret_hash: string | null;
  readonly scim_created_at: number | null;
  readonly scim_last_used_at: number | null;
  readonly created_at: number;
}

interface DomainsTable {
  readonly organization_id: string;
  readonly name: string;
  readonly proof: string;
  readonly verified_at: number | null;
  readonly connection_id: string | null;
  readonly created_at: number;
}

interface ScimIdentitiesTable {
  readonly connection_id: string;
  readonly person_id: string;
  readonly external_id: string;
}

/** Most of them are written by the sign-in library, under the names of columns that it is told. */
export interface SignInTables {
  readonly sessions: SessionsTable;
  readonly verifications: VerificationsTable;
  readonly accounts: AccountsTable;
  readonly second_factors: SecondFactorsTable;
  readonly passkeys: PasskeysTable;
  readonly sso_connections: SsoConnectionsTable;
  readonly domains: DomainsTable;
  readonly scim_identities: ScimIdentitiesTable;
}
