import { randomUUID } from 'node:crypto';
import { type Role, roles } from '@pullgate/policy';
import type { Actor, Change, Details } from '../activity/activity.ts';
import type { ChangeContext, Transactional } from '../activity/transactional.ts';
import { AlreadyExists, InvalidInput, LimitReached, NotFound } from '../administration-error.ts';
import {
  type OrganizationAccount,
  type OrganizationStore,
  requireOrganization,
} from '../organizations/organizations.ts';
import type { TeamStore } from '../teams/team.ts';
import { checkSaml } from './check-saml.ts';
import type { ConnectionStore, DomainStore, StoredConnection } from './connection-store.ts';
import { discover } from './discovery.ts';
import { checkDomainName } from './domains.ts';
import { basePath } from './library.ts';
import { hashScimSecret, newScimSecret } from './scim/secret.ts';
import type { Fetch } from './scoped-fetch.ts';
import type { Connection, ConnectionChange, ConnectionRules, Connections } from './single-sign-on.ts';

interface Stores {
  readonly organizations: OrganizationStore;
  readonly connections: ConnectionStore;
  readonly domains: DomainStore;
  readonly teams: TeamStore;
}

export interface ConnectionsOptions {
  readonly stores: Transactional<Stores>;
  /** For identity providers only. */
  readonly fetch: Fetch;
  /** The gate's origin. */
  readonly url: string;
}

const maxConnections = 20;
const maxMappings = 500;

export function createConnections({ stores, fetch, url }: ConnectionsOptions): Connections {
  const { organizations, connections } = stores.read;

  async function require(store: ConnectionStore, { id: organizationId }: OrganizationAccount, id: string) {
    const connection = await store.find(organizationId, id);
    if (connection) return connection;
    throw new NotFound('The single sign-on connection was not found.');
  }

  const told = (connection: StoredConnection): Connection => toConnection(connection, url);

  /** Writes rules that hold, and gives the domains to the connection. */
  async function keep(writing: Stores & ChangeContext, organization: OrganizationAccount, next: StoredConnection) {
    await checkRules(writing, organization, next);
    const known = await writing.connections.find(organization.id, next.id);
    if (known) await writing.connections.update(next);
    else await writing.connections.insert(next);
    await writing.domains.assign(organization.id, next.id, next.domains);
  }

  return {
    async list(name) {
      const { id } = await requireOrganization(organizations, name);
      return (await connections.list(id)).map(told);
    },
    async find(name, id) {
      return told(await require(connections, await requireOrganization(organizations, name), id));
    },
    async create(name, input, actor) {
      const { oidc, saml, ...rules } = input;
      const id = randomUUID().replaceAll('-', '');
      const protocol = oidc
        ? { oidc: { ...oidc, endpoints: await discover(fetch, oidc.issuer) } }
        : { saml: { ...checkSaml(saml), ownEntityId: metadataUrl(url, id) } };
      return stores.change(actor, async (writing) => {
        const organization = await requireOrganization(writing.organizations, name);
        if ((await writing.connections.list(organization.id)).length >= maxConnections) {
          throw new LimitReached(`An organization has at most ${maxConnections} connections. Delete one first.`);
        }
        const connection: StoredConnection = {
          ...rules,
          ...protocol,
          id,
          domains: rules.domains.map(checkDomainName),
          organizationId: organization.id,
          scimCreatedAt: null,
          scimLastUsedAt: null,
          createdAt: writing.at,
        };
        await keep(writing, organization, connection);
        const after = openDetails(connection);
        const [organizationId, subject] = [organization.id, rules.name];
        await writing.record({ organizationId, action: 'enterprise.sso.connection.create', subject, after });
        return told(connection);
      });
    },
    async update(name, id, change, actor) {
      const current = await require(connections, await requireOrganization(organizations, name), id);
      const protocol = await changedProtocol(fetch, current, change);
      return stores.change(actor, async (writing) => {
        const organization = await requireOrganization(writing.organizations, name);
        const before = await require(writing.connections, organization, id);
        const { oidc: _oidc, saml: _saml, ...rules } = change;
        const domains = (rules.domains ?? before.domains).map(checkDomainName);
        const next: StoredConnection = { ...before, ...rules, ...protocol, domains };
        await keep(writing, organization, next);
        const about = { organizationId: organization.id, subject: next.name };
        await writing.record({
          ...about,
          action: 'enterprise.sso.connection.update',
          before: openDetails(before),
          after: { ...openDetails(next), ...(change.oidc?.clientSecret !== undefined && { clientSecret: 'changed' }) },
        });
        for (const toggle of togglesOf(before, next)) await writing.record({ ...about, ...toggle });
        return told(next);
      });
    },
    delete: (name, id, actor) =>
      changing(name, id, actor, async ({ connections: store }, connection) => {
        await store.delete(connection.organizationId, id);
        return { action: 'enterprise.sso.connection.delete', before: openDetails(connection) };
      }),
    async createScimToken(name, id, actor) {
      const secret = newScimSecret();
      await changing(name, id, actor, async ({ connections: store, at }, { organizationId, scimCreatedAt }) => {
        await store.setScimToken(organizationId, id, hashScimSecret(secret), at);
        return scimCreatedAt === null ? scimToggle(true) : { action: 'enterprise.sso.connection.scim_token_refresh' };
      });
      return { secret };
    },
    deleteScimToken: (name, id, actor) =>
      changing(name, id, actor, async ({ connections: store, at }, { organizationId, scimCreatedAt }) => {
        if (scimCreatedAt === null) throw new NotFound('The SCIM token was not found.');
        await store.setScimToken(organizationId, id, null, at);
        return scimToggle(false);
      }),
  };

  /** Does something with a connection, and records what `work` tells of it. */
  function changing(
    name: string,
    id: string,
    actor: Actor,
    work: (writing: Stores & ChangeContext, connection: StoredConnection) => Promise<Told>,
  ): Promise<void> {
    return stores.change(actor, async (writing) => {
      const organization = await requireOrganization(writing.organizations, name);
      const connection = await require(writing.connections, organization, id);
      const told = await work(writing, connection);
      await writing.record({ ...told, organizationId: organization.id, subject: connection.name });
    });
  }
}

type Told = Pick<Change, 'action' | 'before' | 'after'>;

function scimToggle(scim: boolean): Told {
  return { action: 'enterprise.sso.connection.scim_toggle', before: { scim: !scim }, after: { scim } };
}

/** What Docker Hub has a name of its own for, beside the change as a whole. */
function togglesOf(before: ConnectionRules, after: ConnectionRules): readonly Told[] {
  const toggles = [
    ['enforced', 'enterprise.sso.connection.enforcement_toggle'],
    ['createMembers', 'enterprise.sso.connection.jit_toggle'],
  ] as const;
  return toggles
    .filter(([rule]) => before[rule] !== after[rule])
    .map(([rule, action]) => ({ action, before: { [rule]: before[rule] }, after: { [rule]: after[rule] } }));
}

/** What is absent stays; a new issuer is asked anew. */
async function changedProtocol(fetch: Fetch, { oidc, saml }: StoredConnection, change: ConnectionChange) {
  if (oidc && change.oidc) {
    const next = { ...oidc, ...change.oidc };
    return { oidc: { ...next, endpoints: await discover(fetch, next.issuer) } };
  }
  return saml && change.saml ? { saml: { ...saml, ...checkSaml({ ...saml, ...change.saml }) } } : {};
}

async function checkRules(writing: Stores, organization: OrganizationAccount, next: StoredConnection): Promise<void> {
  const { name, domains, defaultRole, groupMappings } = next;
  if (name.trim() === '' || name.length > 100) throw new InvalidInput('name', 'A name has 1 to 100 characters.');
  if (domains.length === 0) throw new InvalidInput('domains', 'Name a verified domain, whose people sign in here.');
  for (const domain of domains) await checkDomain(writing, organization, next.id, domain);
  if (!(roles as readonly Role[]).includes(defaultRole)) throw new InvalidInput('default_role', 'That is no role.');
  if (groupMappings.length > maxMappings) throw new LimitReached(`At most ${maxMappings} groups can be mapped.`);
  for (const team of new Set(groupMappings.map((mapping) => mapping.team))) {
    if (await writing.teams.byName(organization.id, team)) continue;
    throw new InvalidInput('group_mappings', `There is no team named ${JSON.stringify(team)}. Create it first.`);
  }
}

async function checkDomain(
  { domains, connections }: Stores,
  organization: OrganizationAccount,
  connectionId: string,
  name: string,
): Promise<void> {
  const domain = await domains.find(organization.id, name);
  if (!domain || domain.verifiedAt === null) {
    throw new InvalidInput('domains', `${name} is no verified domain of ${organization.name}. Verify it first.`);
  }
  if (domain.connectionId === null || domain.connectionId === connectionId) return;
  const other = await connections.find(organization.id, domain.connectionId);
  throw new AlreadyExists(`People of ${name} sign in with ${other?.name ?? 'another connection'} already.`);
}

/** What of a connection may be told. */
function openDetails(connection: StoredConnection): Details {
  const { domains, enforced, createMembers, defaultRole, groupsClaim, groupMappings, oidc, saml } = connection;
  const rules: Omit<ConnectionRules, 'name'> = {
    domains,
    enforced,
    createMembers,
    defaultRole,
    groupsClaim,
    groupMappings,
  };
  if (oidc) return { ...rules, issuer: oidc.issuer, clientId: oidc.clientId };
  return { ...rules, entityId: saml?.entityId, entryPoint: saml?.entryPoint };
}

function toConnection(stored: StoredConnection, url: string): Connection {
  const { oidc, saml, scimCreatedAt, scimLastUsedAt, ...rest } = stored;
  const path = oidc ? `/sso/callback/${stored.id}` : `/sso/saml2/sp/acs/${stored.id}`;
  return {
    ...rest,
    ...(oidc && { oidc: { issuer: oidc.issuer, clientId: oidc.clientId, scopes: oidc.scopes } }),
    ...(saml && { saml: { entryPoint: saml.entryPoint, entityId: saml.entityId, certificate: saml.certificate } }),
    callbackUrl: `${url}${basePath}${path}`,
    metadataUrl: saml ? saml.ownEntityId : null,
    scim: { baseUrl: `${url}/v2/scim/2.0`, createdAt: scimCreatedAt, lastUsedAt: scimLastUsedAt },
  };
}

function metadataUrl(url: string, id: string): string {
  return `${url}${basePath}/sso/saml2/sp/metadata?providerId=${id}`;
}
