import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from './api/api.ts';
import { mayBeApi } from './api/api-paths.ts';
import type { createConsole } from './console/handler.ts';
import type { createDecisionPage } from './decision-page/handler.ts';
import { type Answer, jsonAnswer, ociAnswer, send } from './http/answer.ts';
import type { Handler } from './http/listener.ts';
import type { PublicAddress } from './http/public-address.ts';
import { alive, type createOperation } from './observe/operation.ts';
import type { Soon } from './soon.ts';

export interface Rims {
  readonly registry: Handler;
  /** Loads it first, if nobody has asked for it yet. */
  readonly api: () => Promise<Api>;
  readonly token: Handler;
  readonly console: ReturnType<typeof createConsole>;
  readonly decisionPage: ReturnType<typeof createDecisionPage>;
  readonly operation: ReturnType<typeof createOperation>;
  readonly address: PublicAddress;
}

const tokenMethods: ReadonlySet<string> = new Set(['GET', 'POST']);
const decisionPath = /^\/d\/([0-9a-z]{1,64})$/;

const toConsole: Answer = { status: 302, headers: { Location: '/console/', 'Cache-Control': 'no-store' } };

/** A person with a browser, where scripts ask for JSON or for anything. */
function wantsPage(request: IncomingMessage): boolean {
  return request.headers.accept?.includes('text/html') ?? false;
}

/** Everything is closed until the gate has read its state. It is alive: whoever watches over it must let it start. */
export const starting: Handler = async (request, response) => {
  if (request.url === '/healthz') return send(request, response, alive);
  const message = 'The gate is starting. Try again in a moment.';
  send(request, response, ociAnswer({ status: 503, code: 'UNKNOWN', message, retryAfter: 1 }));
};

function notAllowed(path: string): Answer {
  const allow = path === '/token' ? 'GET, POST' : 'GET, HEAD';
  return jsonAnswer(405, { message: `Only ${allow} is served here.` }, { Allow: allow });
}

/**
 * Which rim a request belongs to, by its raw target. `/v2/` is shared: what matches no path of the API is the registry's,
 * whose own grammar decides the rest. A host that stands for a registry has no API: its names are all repositories.
 */
export function createRouter({ registry, api, token, console, decisionPage, operation, address }: Rims): Handler {
  /** Whatever no rim is for. */
  async function nowhere(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    send(request, response, (await operation(path)) ?? notFound(request.url ?? ''));
  }

  function notFound(target: string): Answer {
    // An absolute or a rootless target belongs to a proxy, which this is not; nothing of it is read.
    if (!target.startsWith('/')) {
      const message = 'Ask for a path, not for an address: this is a registry, not a proxy.';
      return ociAnswer({ status: 400, code: 'NAME_INVALID', message });
    }
    const message = `Nothing is here. Pull through ${address.host}, for example ${address.host}/library/alpine.`;
    return jsonAnswer(404, { message });
  }

  /** What people look at with a browser. Undefined when it is none of that. */
  function page(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> | undefined {
    const decision = decisionPath.exec(path)?.[1];
    if (decision !== undefined) return decisionPage(request, response, decision);
    if (path === '/console' || path.startsWith('/console/')) return console(request, response, path);
    if (path !== '/' || !wantsPage(request)) return undefined;
    return Promise.resolve(send(request, response, toConsole));
  }

  async function apiOrElse(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const loaded = await api();
    if (loaded.serves(path)) return loaded.handle(request, response);
    return notApi(request, response, path);
  }

  function notApi(request: IncomingMessage, response: ServerResponse, path: string): Soon<void> {
    if (path.startsWith('/v2/') || path === '/v2') return registry(request, response);
    const method = request.method ?? '';
    if (path === '/token' && tokenMethods.has(method)) return token(request, response);
    if (method !== 'GET' && method !== 'HEAD') return send(request, response, notAllowed(path));
    return page(request, response, path) ?? nowhere(request, response, path);
  }

  return (request, response) => {
    const target = request.url ?? '';
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const isForApi = mayBeApi(path) && address.registryOfHost(request.headers.host ?? '') === undefined;
    return isForApi ? apiOrElse(request, response, path) : notApi(request, response, path);
  };
}
