import { type Endpoint, type EndpointName, type EndpointNamed, endpoints, type Parsed } from '@pullgate/contract';
import type { Provisioning, Remote } from '../authentication.ts';
import type { ConnectionStore, StoredConnection } from '../connection-store.ts';
import { onlyAttributes } from './attributes.ts';
import { resourceTypes, schemaDescriptions, serviceProviderConfig } from './descriptions.ts';
import { createScimGroups } from './groups.ts';
import { listed, type ScimCall, type ScimOptions } from './provisioned.ts';
import { ScimError, scimErrorResponse, scimResponse, toScimError } from './scim-error.ts';
import { hashScimSecret, looksLikeScimSecret } from './secret.ts';
import { createScimUsers } from './users.ts';

type ScimName = {
  [Name in EndpointName]: EndpointNamed<Name>['permission']['who'] extends 'provisioning' ? Name : never;
}[EndpointName];

type Handlers = {
  readonly [Name in ScimName]: (call: ScimCall, asked: Parsed<EndpointNamed<Name>>) => Promise<unknown>;
};

export interface ScimHandlerOptions extends ScimOptions {
  /** The gate's origin. */
  readonly url: string;
  readonly onUnexpected: (error: unknown) => void;
}

export const scimPath = '/v2/scim/2.0';
const bearer = /^bearer +(\S{1,200})$/i;
/** How often the use of a token is written down. */
const useMs = 60_000;

/** SCIM 2.0 (RFC 7644), for the people and teams of the organization whose connection the bearer belongs to. */
export function createScim(options: ScimHandlerOptions): Provisioning {
  const { administration, connections, url, now, onUnexpected } = options;
  const handlers = scimHandlers(options, `${url}${scimPath}`);
  const routes = endpoints.flatMap((endpoint) =>
    endpoint.permission.who === 'provisioning' ? [{ endpoint, parts: endpoint.path.split('/') }] : [],
  );

  function routeOf(request: Request) {
    const path = new URL(request.url).pathname.replace(/\/$/, '').split('/');
    const here = routes.filter(({ parts }) => matches(parts, path));
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = here.find(({ endpoint }) => endpoint.method === method);
    if (route) return { endpoint: route.endpoint, id: decodeURIComponent(path.at(-1) ?? '') };
    throw here.length > 0
      ? new ScimError(405, `${request.method} is not served here.`)
      : new ScimError(404, 'This resource was not found.');
  }

  async function callOf(request: Request, { address }: Remote): Promise<ScimCall> {
    const connection = await connectionOf(connections, request);
    if (connection === undefined) throw new ScimError(401, 'Send the SCIM token of a single sign-on connection.');
    if ((connection.scimLastUsedAt ?? 0) + useMs < now()) await connections.noteScimUse(connection.id, now());
    const { name: organization } = await administration.organizations.byId(connection.organizationId);
    const { id, name, organizationId } = connection;
    const actor = { kind: 'provisioning', id, name, organizationId, address } as const;
    return { connection, organization, actor, baseUrl: `${url}${scimPath}` };
  }

  async function answer(request: Request, remote: Remote): Promise<Response> {
    try {
      // Before anything is told of what there is.
      const call = await callOf(request, remote);
      const { endpoint, id } = routeOf(request);
      const asked = await readRequest(endpoint, request, id);
      const handle = handlers[endpoint.name as ScimName] as (call: ScimCall, asked: unknown) => Promise<unknown>;
      return scimResponse(endpoint.success.status, await handle(call, asked));
    } catch (error) {
      const failure = toScimError(error);
      if (!failure) onUnexpected(error);
      return scimErrorResponse(failure ?? new ScimError(500, 'Something failed here. Try again.'));
    }
  }

  return { answer, isKnown: async (request) => (await connectionOf(connections, request)) !== undefined };
}

function scimHandlers(options: ScimOptions, baseUrl: string): Handlers {
  const [users, groups] = [createScimUsers(options), createScimGroups(options)];
  return {
    getScimConfiguration: async () => serviceProviderConfig(baseUrl),
    listScimResourceTypes: async () => listed(resourceTypes(baseUrl)),
    getScimResourceType: async (_call, { params: { id } }) => byId(resourceTypes(baseUrl), id),
    listScimSchemas: async () => listed(schemaDescriptions(baseUrl)),
    getScimSchema: async (_call, { params: { id } }) => byId(schemaDescriptions(baseUrl), id),
    listScimUsers: async (call, { query }) => onlyAttributes(await users.list(call, query), query.attributes),
    createScimUser: (call, { body }) => users.create(call, body),
    getScimUser: (call, { params: { id } }) => users.find(call, id),
    replaceScimUser: (call, { params: { id }, body }) => users.replace(call, id, body),
    patchScimUser: (call, { params: { id }, body }) => users.patch(call, id, body),
    deleteScimUser: (call, { params: { id } }) => users.remove(call, id),
    listScimGroups: async (call, { query }) => onlyAttributes(await groups.list(call, query), query.attributes),
    createScimGroup: (call, { body }) => groups.create(call, body),
    getScimGroup: (call, { params: { id } }) => groups.find(call, id),
    replaceScimGroup: (call, { params: { id }, body }) => groups.replace(call, id, body),
    patchScimGroup: (call, { params: { id }, body }) => groups.patch(call, id, body),
    deleteScimGroup: (call, { params: { id } }) => groups.remove(call, id),
  };
}

function byId<Resource extends { readonly id: string }>(all: readonly Resource[], id: string): Resource {
  const found = all.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (found) return found;
  throw new ScimError(404, 'This resource was not found.');
}

async function connectionOf(connections: ConnectionStore, request: Request): Promise<StoredConnection | undefined> {
  const [, secret = ''] = bearer.exec(request.headers.get('authorization') ?? '') ?? [];
  return looksLikeScimSecret(secret) ? connections.byScimToken(hashScimSecret(secret)) : undefined;
}

function matches(parts: readonly string[], path: readonly string[]): boolean {
  return parts.length === path.length && parts.every((part, place) => part === '{id}' || part === path[place]);
}

/** By the schemas of the table. @throws ScimError */
async function readRequest(endpoint: Endpoint, request: Request, id: string): Promise<unknown> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  return {
    params: { id },
    ...(endpoint.query && { query: parsed(endpoint.query, query) }),
    ...(endpoint.body && { body: parsed(endpoint.body, await jsonOf(request)) }),
  };
}

function parsed(schema: NonNullable<Endpoint['body']>, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') || 'the request';
  throw new ScimError(400, `${where}: ${issue?.message ?? 'not understood'}`, 'invalidValue');
}

async function jsonOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new ScimError(400, 'The body is no JSON.', 'invalidSyntax');
  }
}
