import type { Selectable } from 'kysely';
import type {
  ConnectionStore,
  DomainStore,
  OidcEndpoints,
  StoredConnection,
  StoredDomain,
} from '../sign-in/connection-store.ts';
import type { Database, Tables } from './schema.ts';

export function openConnectionStore(database: Database): ConnectionStore {
  const connections = database.selectFrom('sso_connections').selectAll();

  async function withDomains(row: Selectable<Tables['sso_connections']> | undefined) {
    if (row === undefined) return undefined;
    const domains = await database
      .selectFrom('domains')
      .select('name')
      .where('organization_id', '=', row.organization_id)
      .where('connection_id', '=', row.id)
      .where('verified_at', 'is not', null)
      .orderBy('name')
      .execute();
    return toConnection(
      row,
      domains.map(({ name }) => name),
    );
  }

  return {
    async list(organizationId) {
      const rows = await connections
        .where('organization_id', '=', organizationId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      const found: StoredConnection[] = [];
      for (const row of rows) {
        const connection = await withDomains(row);
        if (connection) found.push(connection);
      }
      return found;
    },
    async find(organizationId, id) {
      return withDomains(
        await connections.where('organization_id', '=', organizationId).where('id', '=', id).executeTakeFirst(),
      );
    },
    async insert(connection) {
      const { id, organizationId, createdAt } = connection;
      await database
        .insertInto('sso_connections')
        .values({
          ...toColumns(connection),
          id,
          provider_id: id,
          organization_id: organizationId,
          person_id: null,
          domain: '',
          scim_secret_hash: null,
          scim_created_at: null,
          scim_last_used_at: null,
          created_at: createdAt,
        })
        .execute();
    },
    async update(connection) {
      await database
        .updateTable('sso_connections')
        .set(toColumns(connection))
        .where('organization_id', '=', connection.organizationId)
        .where('id', '=', connection.id)
        .execute();
    },
    async delete(organizationId, id) {
      await database.deleteFrom('accounts').where('provider_id', '=', id).execute();
      await database.deleteFrom('scim_identities').where('connection_id', '=', id).execute();
      await database
        .updateTable('domains')
        .set({ connection_id: null })
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', id)
        .execute();
      await database
        .deleteFrom('sso_connections')
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute();
    },
    async setScimToken(organizationId, id, secretHash, at) {
      const createdAt = secretHash === null ? null : at;
      await database
        .updateTable('sso_connections')
        .set({ scim_secret_hash: secretHash, scim_created_at: createdAt, scim_last_used_at: null })
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute();
    },
    byScimToken: async (hash) => withDomains(await connections.where('scim_secret_hash', '=', hash).executeTakeFirst()),
    async noteScimUse(id, at) {
      await database.updateTable('sso_connections').set({ scim_last_used_at: at }).where('id', '=', id).execute();
    },
    byId: async (id) => withDomains(await connections.where('id', '=', id).executeTakeFirst()),
    async byDomain(domain) {
      const row = await connections
        .where('id', '=', (builder) =>
          builder
            .selectFrom('domains')
            .select('connection_id')
            .where('name', '=', domain)
            .where('verified_at', 'is not', null),
        )
        .executeTakeFirst();
      return withDomains(row);
    },
    async externalIds(connectionId) {
      const rows = await database
        .selectFrom('scim_identities')
        .select(['person_id', 'external_id'])
        .where('connection_id', '=', connectionId)
        .execute();
      return new Map(rows.map((row) => [row.person_id, row.external_id]));
    },
    async setExternalId(connectionId, personId, externalId) {
      await database
        .insertInto('scim_identities')
        .values({ connection_id: connectionId, person_id: personId, external_id: externalId })
        .onConflict((conflict) =>
          conflict.columns(['connection_id', 'person_id']).doUpdateSet({ external_id: externalId }),
        )
        .execute();
    },
  };
}

export function openDomainStore(database: Database): DomainStore {
  const domains = database.selectFrom('domains').selectAll();
  return {
    async list(organizationId) {
      const rows = await domains.where('organization_id', '=', organizationId).orderBy('name').execute();
      return rows.map(toDomain);
    },
    async find(organizationId, name) {
      const row = await domains
        .where('organization_id', '=', organizationId)
        .where('name', '=', name)
        .executeTakeFirst();
      return row && toDomain(row);
    },
    async insert({ organizationId, name, proof, verifiedAt, connectionId, createdAt }) {
      await database
        .insertInto('domains')
        .values({
          organization_id: organizationId,
          name,
          proof,
          verified_at: verifiedAt,
          connection_id: connectionId,
          created_at: createdAt,
        })
        .execute();
    },
    async verified(name) {
      const row = await domains.where('name', '=', name).where('verified_at', 'is not', null).executeTakeFirst();
      return row && toDomain(row);
    },
    async setVerified(organizationId, name, at) {
      await database
        .updateTable('domains')
        .set({ verified_at: at })
        .where('organization_id', '=', organizationId)
        .where('name', '=', name)
        .execute();
    },
    async assign(organizationId, connectionId, names) {
      const own = database.updateTable('domains').where('organization_id', '=', organizationId);
      await own.set({ connection_id: null }).where('connection_id', '=', connectionId).execute();
      await own.set({ connection_id: connectionId }).where('name', 'in', names).execute();
    },
    async delete(organizationId, name) {
      await database
        .deleteFrom('domains')
        .where('organization_id', '=', organizationId)
        .where('name', '=', name)
        .execute();
    },
  };
}

/** In the words of the sign-in library, which reads these columns. */
function toColumns({ id, organizationId, oidc, saml, domains, ...rest }: StoredConnection) {
  const { scimCreatedAt, scimLastUsedAt, createdAt, ...rules } = rest;
  return {
    issuer: oidc?.issuer ?? saml?.entityId ?? '',
    oidc_config: oidc === undefined ? null : JSON.stringify(oidcConfig(oidc)),
    saml_config: saml === undefined ? null : JSON.stringify(samlConfig(saml)),
    rules: JSON.stringify(rules),
  };
}

function oidcConfig({ issuer, clientId, clientSecret, scopes, endpoints }: NonNullable<StoredConnection['oidc']>) {
  return {
    issuer,
    clientId,
    clientSecret,
    scopes,
    pkce: true,
    discoveryEndpoint: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    authorizationEndpoint: endpoints.authorization,
    tokenEndpoint: endpoints.token,
    jwksEndpoint: endpoints.jwks,
    userInfoEndpoint: endpoints.userInfo,
    tokenEndpointAuthentication: endpoints.tokenAuthentication,
  };
}

type OidcColumn = ReturnType<typeof oidcConfig>;

function samlConfig({ entryPoint, entityId, certificate, ownEntityId }: NonNullable<StoredConnection['saml']>) {
  return {
    issuer: ownEntityId,
    audience: ownEntityId,
    entryPoint,
    cert: certificate,
    wantAssertionsSigned: true,
    idpMetadata: { entityID: entityId, cert: certificate },
  };
}

type SamlColumn = ReturnType<typeof samlConfig>;

function toConnection(row: Selectable<Tables['sso_connections']>, domains: readonly string[]): StoredConnection {
  const { id, organization_id: organizationId, created_at: createdAt } = row;
  return {
    ...JSON.parse(row.rules),
    id,
    organizationId,
    ...(row.oidc_config !== null && { oidc: toOidc(JSON.parse(row.oidc_config)) }),
    ...(row.saml_config !== null && { saml: toSaml(JSON.parse(row.saml_config)) }),
    domains,
    scimCreatedAt: row.scim_created_at,
    scimLastUsedAt: row.scim_last_used_at,
    createdAt,
  };
}

function toOidc(column: OidcColumn): NonNullable<StoredConnection['oidc']> {
  const { issuer, clientId, clientSecret, scopes } = column;
  const endpoints: OidcEndpoints = {
    authorization: column.authorizationEndpoint,
    token: column.tokenEndpoint,
    jwks: column.jwksEndpoint,
    userInfo: column.userInfoEndpoint,
    tokenAuthentication: column.tokenEndpointAuthentication,
  };
  return { issuer, clientId, clientSecret, scopes, endpoints };
}

function toSaml({ issuer, entryPoint, cert, idpMetadata }: SamlColumn): NonNullable<StoredConnection['saml']> {
  return { entryPoint, entityId: idpMetadata.entityID, certificate: cert, ownEntityId: issuer };
}

function toDomain(row: Selectable<Tables['domains']>): StoredDomain {
  return {
    organizationId: row.organization_id,
    name: row.name,
    proof: row.proof,
    verifiedAt: row.verified_at,
    connectionId: row.connection_id,
    createdAt: row.created_at,
  };
}
