import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Endpoint } from '@pullgate/contract';
import { type Context, Hono } from 'hono';
import type { LiveDirectory } from '../access/directory.ts';
import type { Actor } from '../activity/activity.ts';
import { NotFound } from '../administration-error.ts';
import type { Invitations } from '../invitations/invitation.ts';
import { type Allowance, allowanceHeaders, type RateLimit } from '../rate-limit.ts';
import type { Remote, SignInPaths } from '../sign-in/authentication.ts';
import type { OrganizationTokens } from '../tokens/organization-tokens.ts';
import { browserPaths } from './api-paths.ts';
import type { Caller, createAuthenticate } from './authenticate.ts';
import { organizationSource, requireCredential, requireStanding, type Standing } from './authorize.ts';
import type { BoundHandler, Target } from './bind.ts';
import { type Call, Download } from './call.ts';
import { ApiError, forbidden, nothingThere, toApiError, tooManyRequests, unauthorized, unexpected } from './errors.ts';
import { type OriginOf, pageLinks } from './paging.ts';
import { readBody, readIfMatch, readParams, readQuery, withBoundedBody } from './read-request.ts';
import { errorResponse, notAllowed, page, refused, respond } from './respond.ts';
import { createRouteTable, type Line } from './route-table.ts';

export interface ApiOptions {
  readonly lines: readonly Line<Target>[];
  readonly authenticate: ReturnType<typeof createAuthenticate>;
  readonly directory: LiveDirectory;
  readonly invitations: Pick<Invitations, 'organizationOf'>;
  readonly organizationTokens: Pick<OrganizationTokens, 'find'>;
  readonly scim: SignInPaths['scim'];
  readonly browser: SignInPaths['browser'];
  readonly rateLimit: RateLimit;
  readonly originOf: OriginOf;
  /** Network address of the client. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** An access token was used. */
  readonly onUse: (credentialId: string, address: string) => void;
  readonly onUnexpected: (error: unknown, endpoint: string) => void;
  readonly now: () => number;
}

/** The rim of the organization API. */
export interface Api {
  /** Whether a raw path is the API's. Under `/v2/`, every other one is the registry's. */
  serves(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Requests per minute. A Terraform run of many members lists all of them once for each. */
const limits = { signedIn: 6000, browser: 600, anonymous: 180 };

interface Env {
  readonly Bindings: HttpBindings;
  readonly Variables: { allowance: Allowance };
}

export function createApi(options: ApiOptions): Api {
  const { directory, invitations, rateLimit, originOf, addressOf, now } = options;
  const table = createRouteTable(options.lines);

  async function serve(context: Context<Env>): Promise<Response> {
    const { incoming } = context.env;
    const [path = ''] = targetOf(incoming).split('?', 1);
    if (path.startsWith(browserPaths)) {
      limit(context, `browser ${addressOf(incoming)}`, limits.browser);
      return options.browser(context.req.raw, remoteOf(incoming));
    }
    const match = table.match(incoming.method ?? '', path);
    if (match === undefined) throw nothingThere();
    if (match.kind === 'malformed') throw new ApiError(400, 'A part of this path holds an encoded slash or dots.');
    if (match.kind === 'method-not-allowed') return notAllowed(context.req.method, match.allow);
    const { target, params } = match;
    switch (target.kind) {
      case 'page':
        return page(target.mediaType, target.text);
      case 'provisioning':
        limit(context, `scim ${addressOf(incoming)}`, limits.signedIn);
        return options.scim.answer(await provisioningRequest(context.req.raw), remoteOf(incoming));
      case 'refused':
        requireCredential({ who: 'person', personalToken: 'repo:read', organizationToken: 'any' }, await who(context));
        return refused(target.message);
      case 'endpoint':
        return call(context, target.endpoint, target.handler, params);
    }
  }

  /** Bodies of provisioning may be large, so those of strangers are not read: what they are told does not depend on them. */
  async function provisioningRequest(request: Request): Promise<Request> {
    if (await options.scim.isKnown(request)) return withBoundedBody(request);
    const { url, method, headers } = request;
    return new Request(url, { method, headers });
  }

  async function call(
    context: Context<Env>,
    endpoint: Endpoint,
    handler: BoundHandler,
    rawParams: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const { incoming } = context.env;
    const { permission } = endpoint;
    const request = context.req.raw;
    const caller = await who(context, permission.who === 'everybody');
    requireCredential(permission, caller);
    const params = readParams(endpoint, rawParams);
    const source = organizationSource(endpoint);
    const standingIn = (name: string) => requireStanding(permission, caller, name, directory);
    let standing: Standing | undefined;
    if (source === 'path') standing = standingIn(rawParams['org'] ?? '');
    if (source === 'invitation') standing = standingIn(await invitingOrganization(rawParams['id'] ?? ''));
    const query = readQuery(endpoint, searchOf(incoming));
    const body = await readBody(endpoint, request);
    if (source === 'body') standing = standingIn(organizationNamed(body));
    const remote = remoteOf(incoming);
    const origin = originOf(incoming);
    const parsed = { params, query, body, ...standing, caller, remote, origin } as const;
    const result = await handler({
      ...parsed,
      ifMatch: readIfMatch(endpoint, request.headers),
      actor: () => actorOf(caller, remote),
      links: (pages, total) => pageLinks(origin, targetOf(incoming), pages, total),
    } as Call);
    // In HTTP/1.0 an answer without a length ends with its connection: an export that was cut off would look whole.
    if (result instanceof Download && incoming.httpVersion === '1.0') throw new ApiError(505, 'Ask with HTTP/1.1.');
    return respond(endpoint, result);
  }

  /** To strangers, an invitation that is gone and one that is not theirs look the same. */
  async function invitingOrganization(id: string): Promise<string> {
    try {
      return await invitations.organizationOf(id);
    } catch (error) {
      throw error instanceof NotFound ? nothingThere() : error;
    }
  }

  /** Who asks; what strangers may do, also somebody may whose sign-in is over. @throws ApiError */
  async function who(context: Context<Env>, isOpen = false): Promise<Caller> {
    const address = addressOf(context.env.incoming);
    let caller: Caller;
    try {
      caller = await options.authenticate(context.req.raw);
    } catch (error) {
      limit(context, address, limits.anonymous);
      if (!isOpen || !(error instanceof ApiError) || error.status !== 401) throw error;
      return { kind: 'nobody' };
    }
    switch (caller.kind) {
      case 'nobody':
        limit(context, address, limits.anonymous);
        return caller;
      case 'person':
        limit(context, caller.person.id, limits.signedIn);
        if (caller.by.kind === 'personal-token') options.onUse(caller.by.id, address);
        return caller;
      case 'organization-token':
        limit(context, caller.id, limits.signedIn);
        options.onUse(caller.id, address);
        return caller;
    }
  }

  function limit(context: Context<Env>, caller: string, perMinute: number): void {
    const allowance = rateLimit.take(caller, perMinute);
    context.set('allowance', allowance);
    if (!allowance.exceeded) return;
    const seconds = Math.max(1, Math.ceil((allowance.resetAt - now()) / 1000));
    throw tooManyRequests(`Rate limit exceeded: ${perMinute} requests per minute.`, seconds, now());
  }

  function remoteOf(request: IncomingMessage): Remote {
    const userAgent = request.headers['user-agent'];
    return { address: addressOf(request), ...(userAgent !== undefined && { userAgent }) };
  }

  async function actorOf(caller: Caller, { address }: Remote): Promise<Actor> {
    switch (caller.kind) {
      case 'nobody':
        throw unauthorized('Sign in first.');
      case 'person': {
        const { id, username: name } = caller.person;
        const via = caller.by.kind === 'personal-token' ? { via: `pat:${caller.by.id}` } : {};
        return { kind: 'person', id, name, address, ...via };
      }
      case 'organization-token': {
        const { label } = await options.organizationTokens.find(caller.organization.name, caller.id);
        return { kind: 'organization-token', id: caller.id, name: label, address };
      }
    }
  }

  const app = new Hono<Env>();
  app.use(async (context, next) => {
    await next();
    const allowance = context.get('allowance') ?? rateLimit.take(addressOf(context.env.incoming), limits.anonymous);
    for (const [name, value] of Object.entries({ ...everywhere, ...allowanceHeaders(allowance) })) {
      context.res.headers.set(name, value);
    }
  });
  app.all('*', serve);
  app.onError((error, context) => {
    const { incoming } = context.env;
    const [path = ''] = targetOf(incoming).split('?', 1);
    const match = table.match(incoming.method ?? '', path);
    const target = match?.kind === 'found' ? match.target : undefined;
    const failure = toApiError(error);
    // Whoever hangs up in the middle of a request must not fill the log.
    const isGone = incoming.socket.destroyed && !incoming.complete;
    if (!failure && !isGone) options.onUnexpected(error, target?.kind === 'endpoint' ? target.endpoint.name : 'api');
    return errorResponse(failure ?? unexpected, target);
  });

  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
    errorHandler: () => errorResponse(new ApiError(400, 'The Host header is not the name of a host.')),
  });
  return {
    serves: (path) => table.has(path) || path.startsWith(browserPaths),
    handle: (request, response) => listener(request, response),
  };
}

const everywhere = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

function targetOf(request: IncomingMessage): string {
  return request.url ?? '';
}

function searchOf(request: IncomingMessage): URLSearchParams {
  const target = targetOf(request);
  const mark = target.indexOf('?');
  return new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1));
}

/** The body was parsed by a schema that has `org`. */
function organizationNamed(body: unknown): string {
  const { org } = body as { readonly org?: unknown };
  if (typeof org !== 'string') throw forbidden('This request does not say which organization it is about.');
  return org;
}
