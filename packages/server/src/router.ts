import type { createDecisionPage } from './decision-page/handler.ts';
import { type Answer, jsonAnswer, ociAnswer, send } from './http/answer.ts';
import type { Handler } from './http/listener.ts';
import type { PublicAddress } from './http/public-address.ts';
import { alive, type createOperation } from './observe/operation.ts';

export interface Rims {
  readonly registry: Handler;
  readonly token: Handler;
  readonly decisionPage: ReturnType<typeof createDecisionPage>;
  readonly operation: ReturnType<typeof createOperation>;
  readonly address: PublicAddress;
}

const decisionPath = /^\/d\/([0-9a-z]{1,64})$/;

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

/** Which rim a request belongs to, by its raw target. Only `/v2` is the registry's; its own grammar decides the rest. */
export function createRouter({ registry, token, decisionPage, operation, address }: Rims): Handler {
  return async (request, response) => {
    const target = request.url ?? '';
    const path = target.split('?', 1)[0] ?? '';
    if (path.startsWith('/v2/') || path === '/v2') return registry(request, response);
    if (path === '/token' && (request.method === 'GET' || request.method === 'POST')) return token(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return send(request, response, notAllowed(path));
    }
    const decision = decisionPath.exec(path)?.[1];
    if (decision !== undefined) return decisionPage(request, response, decision);
    const known = await operation(path);
    if (known) return send(request, response, known);
    // An absolute or a rootless target belongs to a proxy, which this is not; nothing of it is read.
    if (!target.startsWith('/')) {
      const message = 'Ask for a path, not for an address: this is a registry, not a proxy.';
      return send(request, response, ociAnswer({ status: 400, code: 'NAME_INVALID', message }));
    }
    const message = `Nothing is here. Pull through ${address.host}, for example ${address.host}/library/alpine.`;
    return send(request, response, jsonAnswer(404, { message }));
  };
}
