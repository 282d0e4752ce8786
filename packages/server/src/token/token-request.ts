import type { IncomingMessage } from 'node:http';
import { basicCredentials } from '../http/request.ts';

/** A request for a registry token, whichever of the protocol's forms it came in. */
export interface TokenRequest {
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  readonly login:
    | { readonly kind: 'none' }
    | { readonly kind: 'password'; readonly username: string; readonly password: string }
    | { readonly kind: 'refresh'; readonly token: string };
  /** Whether a refresh token is asked for as well. */
  readonly offline: boolean;
}

/** Bodies of the token service are a few hundred bytes. */
const maxBodyBytes = 64 * 1024;

export class InvalidTokenRequest extends Error {
  override readonly name = 'InvalidTokenRequest';
}

/** distribution's spec/auth/token.md (GET) and spec/auth/oauth.md (POST). Throws `InvalidTokenRequest`. */
export async function readTokenRequest(request: IncomingMessage, query: URLSearchParams): Promise<TokenRequest> {
  return request.method === 'POST' ? readForm(request) : readQuery(request, query);
}

function readQuery(request: IncomingMessage, query: URLSearchParams): TokenRequest {
  if (request.headers.authorization === undefined) {
    return { ...common(query), login: { kind: 'none' }, offline: false };
  }
  const credentials = basicCredentials(request);
  if (!credentials) throw new InvalidTokenRequest('Give the user name and the access token as HTTP Basic.');
  const offline = query.get('offline_token') === 'true';
  return { ...common(query), login: { kind: 'password', ...credentials }, offline };
}

async function readForm(request: IncomingMessage): Promise<TokenRequest> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    throw new InvalidTokenRequest('Send a form: application/x-www-form-urlencoded.');
  }
  const form = new URLSearchParams(await readBody(request));
  const offline = form.get('access_type') === 'offline';
  switch (form.get('grant_type')) {
    case 'password': {
      const username = form.get('username') ?? '';
      const password = form.get('password') ?? '';
      return { ...common(form), login: { kind: 'password', username, password }, offline };
    }
    case 'refresh_token':
      return { ...common(form), login: { kind: 'refresh', token: form.get('refresh_token') ?? '' }, offline };
    default:
      throw new InvalidTokenRequest('grant_type must be password or refresh_token.');
  }
}

function common(parameters: URLSearchParams): Pick<TokenRequest, 'service' | 'scopes'> {
  return { service: parameters.get('service') ?? undefined, scopes: parameters.getAll('scope') };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) throw new InvalidTokenRequest('The form is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
