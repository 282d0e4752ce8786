import {
  type Endpoint,
  type EndpointName,
  repositoryWriteRefusal,
  repositoryWrites,
  routesOf,
} from '@pullgate/contract';
import { organizationSource } from './authorize.ts';
import type { Call, Download, HandledName, Handlers, Reply } from './call.ts';
import type { Line } from './route-table.ts';

/** Any of the handlers, once the request has been parsed by its endpoint. */
export type BoundHandler = (call: Call) => Promise<object | Reply<unknown> | Download | undefined>;

/** What a path of the API leads to. */
export type Target =
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint; readonly handler: BoundHandler }
  /** SCIM has bearers, bodies and errors of its own. */
  | { readonly kind: 'provisioning'; readonly endpoint: Endpoint }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'page'; readonly mediaType: string; readonly text: string };

/** The reference: for machines and for people. */
export interface Reference {
  readonly openApi: string;
  readonly html: string;
}

const known: ReadonlySet<string> = new Set([
  'everybody',
  'person',
  'member',
  'owner',
  'administrator',
  'provisioning',
] satisfies Endpoint['permission']['who'][]);

/**
 * Binds each line of the table to its handler.
 *
 * @throws Error when a line has no handler, or a permission that nobody can check: then nothing is served at all
 */
export function bindEndpoints(
  endpoints: readonly Endpoint[],
  handlers: Partial<Handlers>,
  reference: Reference,
): readonly Line<Target>[] {
  return [
    ...endpoints.flatMap((endpoint) => {
      const target = targetOf(endpoint, handlers);
      return routesOf(endpoint).map((route) => ({ ...route, target }));
    }),
    ...repositoryWrites.map((route) => ({
      ...route,
      target: { kind: 'refused', message: repositoryWriteRefusal } as const,
    })),
    page('/openapi.json', 'application/json', reference.openApi),
    page('/docs/api', 'text/html; charset=utf-8', reference.html),
  ];
}

function page(path: string, mediaType: string, text: string): Line<Target> {
  return { method: 'GET', path, target: { kind: 'page', mediaType, text } };
}

function targetOf(endpoint: Endpoint, handlers: Partial<Handlers>): Target {
  const { name, permission } = endpoint;
  if (!known.has(permission?.who)) throw new Error(`The endpoint ${name} does not say who may call it.`);
  if (permission.who === 'provisioning') return { kind: 'provisioning', endpoint };
  const isAbout = permission.who === 'member' || permission.who === 'owner';
  if (isAbout && organizationSource(endpoint) === undefined) {
    throw new Error(`The endpoint ${name} does not say which organization it is about.`);
  }
  const handler = handlerOf(handlers, name);
  if (!handler) throw new Error(`The endpoint ${name} has no handler.`);
  return { kind: 'endpoint', endpoint, handler };
}

/** The handlers' types promise that each takes what its endpoint's schemas give, and the table is looked up by name. */
function handlerOf(handlers: Partial<Handlers>, name: string): BoundHandler | undefined {
  return Object.hasOwn(handlers, name) ? (handlers[name as HandledName & EndpointName] as BoundHandler) : undefined;
}
