import type { Endpoint } from '@pullgate/contract';
import type { BoundHandler, Target } from './bind.ts';
import { Download, Reply } from './call.ts';
import { ApiError, type ErrorForm, errorBody } from './errors.ts';

/** Answers in the form of the endpoint. */
export async function respond(endpoint: Endpoint, result: Awaited<ReturnType<BoundHandler>>): Promise<Response> {
  const { status, schema } = endpoint.success;
  if (result instanceof Download) return download(status, result);
  const headers = result instanceof Reply ? result.headers : {};
  const body: unknown = result instanceof Reply ? result.body : result;
  if (schema === undefined) return new Response(null, { status, headers });
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

/** The first piece is made before anything is sent: what is wrong with the request shows there. */
async function download(status: number, { chunks, mediaType, fileName }: Download): Promise<Response> {
  const iterator = chunks[Symbol.asyncIterator]();
  let next = await iterator.next();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      next = await iterator.next();
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  const headers = {
    'Content-Type': mediaType,
    'Content-Disposition': `attachment;filename="${fileName.replace(/[^\w.-]/g, '_')}"`,
  };
  return new Response(body, { status, headers });
}

export function page(mediaType: string, text: string): Response {
  const policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return new Response(text, {
    headers: { 'Content-Type': mediaType, 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer' },
  });
}

export function notAllowed(method: string, allow: readonly string[]): Response {
  const methods = allow.join(', ');
  return errorResponse(
    new ApiError(405, `${method} is not served here, only ${methods}.`, { headers: { Allow: methods } }),
  );
}

export function refused(message: string): Response {
  return errorResponse(new ApiError(405, message, { headers: { Allow: 'GET, HEAD' } }));
}

export function errorResponse(error: ApiError, target?: Target): Response {
  const form = formOf(error, target);
  return new Response(errorBody(error, form), {
    status: error.status,
    headers: { 'Content-Type': mediaTypes[form], ...error.headers },
  });
}

const mediaTypes = {
  hub: 'application/json',
  login: 'application/json',
  scim: 'application/scim+json',
} as const satisfies Record<ErrorForm, string>;

const loginNames: ReadonlySet<string> = new Set(['signIn', 'signInWithSecondFactor']);

/** SCIM has errors of its own, and so has the 401 of a login. */
function formOf({ status }: ApiError, target: Target | undefined): ErrorForm {
  if (target?.kind === 'provisioning') return 'scim';
  return status === 401 && target?.kind === 'endpoint' && loginNames.has(target.endpoint.name) ? 'login' : 'hub';
}
