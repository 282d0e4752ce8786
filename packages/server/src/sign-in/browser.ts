import { LRUCache } from 'lru-cache';
import { holdsNul, nulRefused } from '../http/nul.ts';
import type { Remote, SignInPath } from './authentication.ts';
import { browserPath } from './browser-paths.ts';
import type { ConnectionStore } from './connection-store.ts';
import { basePath, type Library } from './library.ts';
import { connectionHeader, remoteHeaders } from './library-remote.ts';
import { refusal } from './refusal.ts';
import { isSameOrigin } from './same-origin.ts';
import { type Fetch, withFetch } from './scoped-fetch.ts';
import { type Asked, isOwnRelayState, startSingleSignOn } from './start-single-sign-on.ts';

export interface BrowserOptions {
  readonly library: Pick<Library, 'handler'>;
  readonly connections: Pick<ConnectionStore, 'byDomain'>;
  /** For identity providers only. */
  readonly fetch: Fetch;
  /** Whether links for a new password can be sent. */
  readonly hasMail: boolean;
  /** A link for a new password that could not be made, told after the answer. */
  readonly onResetError: (error: unknown) => void;
  /** The gate's origin. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const defaultMaxBytes = 16 * 1024;
/** Requests that change something, from one address in one minute. */
const perMinute = 60;
const minuteMs = 60_000;
const maxAddresses = 50_000;

/**
 * What a browser signs in with: a few of the library's routes, each only as it is needed. A link for a new password is made
 * after the answer: only those of people who exist are, and writing that takes time which would tell.
 */
export function createBrowser(options: BrowserOptions): SignInPath {
  const { library, url, now } = options;
  const counts = new LRUCache<string, { count: number; readonly endsAt: number }>({ max: maxAddresses });

  /** Seconds to wait, when there were too many requests. */
  function excess(address: string): number | undefined {
    const known = counts.get(address);
    const current = known && known.endsAt > now() ? known : { count: 0, endsAt: now() + minuteMs };
    counts.set(address, current);
    current.count++;
    return current.count > perMinute ? Math.ceil((current.endsAt - now()) / 1000) : undefined;
  }

  function refuseOtherSite(request: Request): Response | undefined {
    if (isSameOrigin(request, url)) return undefined;
    return refusal(403, 'CROSS_SITE', 'This request was sent by a page of another site, so nothing was changed.');
  }

  function refuseOtherBrowser(request: Request, form: string | undefined): Response | undefined {
    if (!url.startsWith('https:') || isOwnRelayState(request, form)) return undefined;
    return refusal(403, 'OTHER_BROWSER', 'This sign-in was begun in another browser. Begin it here.');
  }

  return async (request, remote) => {
    const { pathname, search } = new URL(request.url);
    const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : '';
    const route = browserPath(request.method, path);
    if (!route) return refusal(404, 'NOT_FOUND', 'Nothing is here.');
    const wait = request.method === 'POST' ? excess(remote.address) : undefined;
    if (wait !== undefined) {
      return refusal(429, 'LIMITED', 'Too many requests. Wait a minute.', { 'Retry-After': String(wait) });
    }
    const body = request.method === 'POST' ? await readText(request, route.maxBytes ?? defaultMaxBytes) : undefined;
    if (body instanceof Response) return body;
    const foreign = route.isFromElsewhere ? refuseOtherBrowser(request, body) : refuseOtherSite(request);
    if (foreign) return foreign;
    const asked = await rewrite(path, body, options);
    if (asked instanceof Response) return asked;
    const clean = cleanRequest(`${url}${basePath}${path}${search}`, request, asked, remote);
    const answer = withFetch(options.fetch, () => library.handler(clean));
    return withoutTokens(await answerInTime(path, answer, options));
  };
}

/** Whoever asks for a link for a new password is told the same of everybody, before anything was done. */
async function answerInTime(
  path: string,
  answer: Promise<Response>,
  { hasMail, onResetError }: BrowserOptions,
): Promise<Response> {
  if (path !== '/request-password-reset' || !hasMail) return answer;
  answer.catch(onResetError);
  return Response.json({ status: true });
}

/** Nothing of what proxies or clients say about where the gate is: it knows. */
const passed = ['accept', 'content-type', 'cookie', 'origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'];

function cleanRequest(url: string, request: Request, { body, connectionId }: Asked, remote: Remote): Request {
  const headers = headersFor(request, remote, connectionId);
  return new Request(url, { method: request.method, headers, ...(body !== undefined && { body }) });
}

function headersFor({ headers }: Request, remote: Remote, connectionId = ''): Headers {
  const chosen = new Headers({ ...remoteHeaders(remote), [connectionHeader]: connectionId });
  for (const name of passed) {
    const value = headers.get(name);
    if (value !== null) chosen.set(name, value);
  }
  return chosen;
}

/** Makes of some requests what the library may be asked. */
async function rewrite(
  path: string,
  body: string | undefined,
  { connections }: BrowserOptions,
): Promise<Asked | Response> {
  if (path === '/sign-in/sso') return startSingleSignOn(parsed(body), connections);
  if (path === '/change-password') return { body: JSON.stringify({ ...parsed(body), revokeOtherSessions: true }) };
  const [, connectionId] = callbackPath.exec(path) ?? [];
  return { body, ...(connectionId !== undefined && { connectionId }) };
}

const callbackPath = /^\/sso\/callback\/([0-9a-f]{32})$/;
function parsed(body: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Or a refusal, of what is too long or cannot be kept. */
async function readText(request: Request, maxBytes: number): Promise<string | Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return refusal(413, 'TOO_LONG', 'This request is too long.');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks, size).toString('utf8');
  return holdsNul(text) ? refusal(400, 'NUL', nulRefused) : text;
}

/** The library tells pages what the cookie holds, which no script has to know. */
async function withoutTokens(response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  headers.set('Cache-Control', 'no-store');
  headers.set('X-Content-Type-Options', 'nosniff');
  const { status } = response;
  if (!headers.get('content-type')?.startsWith('application/json')) {
    return new Response(response.body, { status, headers });
  }
  headers.delete('content-length');
  const text = await response.text();
  return new Response(text === '' ? '{}' : JSON.stringify(strip(JSON.parse(text))), { status, headers });
}

function strip(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { token, ...rest } = { token: undefined, ...value };
  if (!('session' in rest)) return rest;
  return { ...rest, session: strip(rest.session) };
}
