import { Agent, fetch as send } from 'undici';
import { createAddressGuard } from './guard.ts';

export interface IdentityProviderFetchOptions {
  /** Identity providers inside of the operator's own network. */
  readonly allowPrivateAddresses: boolean;
  readonly allowHttp: boolean;
}

const timeoutMs = 10_000;
const maxBytes = 1024 * 1024;

/**
 * `fetch` for what owners of organizations name: an identity provider, and nothing inside of the network that the gate
 * stands in (server-side request forgery). Follows no redirect, and reads no more than 1 MiB.
 */
export function createIdentityProviderFetch({ allowPrivateAddresses, allowHttp }: IdentityProviderFetchOptions) {
  const guard = createAddressGuard({ allowPrivate: allowPrivateAddresses });
  const dispatcher = new Agent({
    allowH2: false,
    connections: 8,
    maxOrigins: 64,
    connect: { lookup: guard.lookup, timeout: timeoutMs },
    maxResponseSize: maxBytes,
  });

  async function guarded(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) {
      throw new Error('an identity provider is asked by https only');
    }
    guard.checkHost(url.hostname);
    const { method = 'GET', body: content = null } = init;
    if (content !== null && typeof content !== 'string' && !(content instanceof URLSearchParams)) {
      throw new Error('an identity provider is sent text only');
    }
    const response = await send(url, {
      method,
      body: content,
      headers: Object.fromEntries(new Headers(init.headers)),
      dispatcher,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]),
      redirect: 'manual',
    });
    const body = await response.arrayBuffer();
    const headers = new Headers(Object.fromEntries(response.headers));
    const hasNoBody = response.status === 204 || response.status === 304;
    return new Response(hasNoBody ? null : body, { status: response.status, headers });
  }

  return { fetch: guarded, close: () => dispatcher.destroy() };
}
