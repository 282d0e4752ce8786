import {
  type DomainBody,
  type EndpointNamed,
  formatTime,
  type Parsed,
  type SsoConnectionBody,
} from '@pullgate/contract';
import type { Connection, Connections, Domain, Domains } from '../sign-in/single-sign-on.ts';
import type { Handlers } from './call.ts';
import { defined } from './defined.ts';
import { timeOrNull } from './profile.ts';

export interface SingleSignOnOptions {
  readonly connections: Connections;
  readonly domains: Domains;
}

export function singleSignOnHandlers({ connections, domains }: SingleSignOnOptions) {
  return {
    async listConnections({ organization }) {
      return { results: (await connections.list(organization.name)).map(connectionBody) };
    },

    async createConnection({ organization, body, actor }) {
      const rules = {
        name: body.name,
        domains: body.domains,
        enforced: body.enforced,
        createMembers: body.create_members,
        defaultRole: body.default_role,
        groupsClaim: body.groups_claim,
        groupMappings: body.group_mappings,
      };
      const protocol = body.protocol === 'oidc' ? { oidc: newOidc(body.oidc) } : { saml: newSaml(body.saml) };
      return connectionBody(await connections.create(organization.name, { ...rules, ...protocol }, await actor()));
    },

    async getConnection({ organization, params: { id } }) {
      return connectionBody(await connections.find(organization.name, id));
    },

    async updateConnection({ organization, params: { id }, body, actor }) {
      const change = defined({
        name: body.name,
        domains: body.domains,
        enforced: body.enforced,
        createMembers: body.create_members,
        defaultRole: body.default_role,
        groupsClaim: body.groups_claim,
        groupMappings: body.group_mappings,
        oidc: body.oidc && changedOidc(body.oidc),
        saml: body.saml && changedSaml(body.saml),
      });
      return connectionBody(await connections.update(organization.name, id, change, await actor()));
    },

    async deleteConnection({ organization, params: { id }, actor }) {
      await connections.delete(organization.name, id, await actor());
      return undefined;
    },

    async createScimToken({ organization, params: { id }, actor }) {
      const { secret } = await connections.createScimToken(organization.name, id, await actor());
      const { scim } = await connections.find(organization.name, id);
      return { token: secret, base_url: scim.baseUrl };
    },

    async deleteScimToken({ organization, params: { id }, actor }) {
      await connections.deleteScimToken(organization.name, id, await actor());
      return undefined;
    },

    async listDomains({ organization }) {
      return { results: (await domains.list(organization.name)).map(domainBody) };
    },

    async addDomain({ organization, body: { domain }, actor }) {
      return domainBody(await domains.add(organization.name, domain, await actor()));
    },

    async verifyDomain({ organization, params: { domain }, actor }) {
      return domainBody(await domains.verify(organization.name, domain, await actor()));
    },

    async removeDomain({ organization, params: { domain }, actor }) {
      await domains.remove(organization.name, domain, await actor());
      return undefined;
    },
  } satisfies Partial<Handlers>;
}

type Created = Parsed<EndpointNamed<'createConnection'>>['body'];
type Changed = Parsed<EndpointNamed<'updateConnection'>>['body'];

function newOidc({ issuer, client_id, scopes, client_secret }: Extract<Created, { protocol: 'oidc' }>['oidc']) {
  return { issuer, clientId: client_id, scopes, clientSecret: client_secret };
}

function newSaml({ entry_point, entity_id, certificate }: Extract<Created, { protocol: 'saml' }>['saml']) {
  return { entryPoint: entry_point, entityId: entity_id, certificate };
}

function changedOidc({ issuer, client_id, scopes, client_secret }: NonNullable<Changed['oidc']>) {
  return defined({ issuer, clientId: client_id, scopes, clientSecret: client_secret });
}

function changedSaml({ entry_point, entity_id, certificate }: NonNullable<Changed['saml']>) {
  return defined({ entryPoint: entry_point, entityId: entity_id, certificate });
}

function connectionBody(connection: Connection): SsoConnectionBody {
  const { oidc, saml, scim } = connection;
  return {
    id: connection.id,
    protocol: oidc ? 'oidc' : 'saml',
    name: connection.name,
    domains: [...connection.domains],
    enforced: connection.enforced,
    create_members: connection.createMembers,
    default_role: connection.defaultRole,
    groups_claim: connection.groupsClaim,
    group_mappings: connection.groupMappings.map(({ group, team }) => ({ group, team })),
    ...(oidc && { oidc: { issuer: oidc.issuer, client_id: oidc.clientId, scopes: [...oidc.scopes] } }),
    ...(saml && {
      saml: { entry_point: saml.entryPoint, entity_id: saml.entityId, certificate: saml.certificate },
    }),
    callback_url: connection.callbackUrl,
    metadata_url: connection.metadataUrl,
    scim: {
      base_url: scim.baseUrl,
      enabled: scim.createdAt !== null,
      created_at: timeOrNull(scim.createdAt),
      last_used_at: timeOrNull(scim.lastUsedAt),
    },
    created_at: formatTime(connection.createdAt),
  };
}

function domainBody({ name, record, verifiedAt, createdAt }: Domain): DomainBody {
  return {
    domain: name,
    verified: verifiedAt !== null,
    verified_at: timeOrNull(verifiedAt),
    record: { ...record },
    created_at: formatTime(createdAt),
  };
}
