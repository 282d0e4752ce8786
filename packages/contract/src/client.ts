import { readError } from './api-error.ts';
import type { Answer, Arguments, Endpoint, Route } from './endpoint.ts';
import type { EndpointName, EndpointNamed } from './endpoints.ts';

// Nothing here needs a schema: what a browser loads is this file and a few kilobytes of names and paths.

/** All that a client needs to know of an endpoint. */
export interface ClientEndpoint extends Route {
  readonly name: EndpointName;
  readonly answer: 'json' | 'text';
}

export interface ClientOptions {
  /** Scheme and host: `https://gate.acme.dev`. In a browser, `location.origin`. */
  readonly baseUrl: string;
  readonly fetch?: (request: Request) => Promise<Response>;
  /** A bearer, or how to get the one in force. Absent in a browser, whose cookie tells who it is. */
  readonly token?: string | (() => string | undefined);
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

type Call<E extends Endpoint> =
  Record<never, never> extends Arguments<E>
    ? (args?: Arguments<E>, options?: CallOptions) => Promise<Answer<E>>
    : (args: Arguments<E>, options?: CallOptions) => Promise<Answer<E>>;

/**
 * A method for each endpoint. It throws `ApiError` when the server refuses, and what `fetch` throws when the server
 * cannot be reached. Answers are taken as the table says: a newer server may add to them.
 */
export type Client = { readonly [Name in EndpointName]: Call<EndpointNamed<Name>> };

/** What calls may have, whichever endpoint it is. */
interface AnyArguments {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: number;
}

/** @param table every endpoint: `clientEndpoints` */
export function clientOf(table: readonly ClientEndpoint[], options: ClientOptions): Client {
  return Object.fromEntries(
    table.map((endpoint) => [
      endpoint.name,
      (args?: AnyArguments, call?: CallOptions) => request(endpoint, options, args, call),
    ]),
  ) as unknown as Client;
}

async function request(
  endpoint: ClientEndpoint,
  { baseUrl, fetch = globalThis.fetch, token }: ClientOptions,
  args: AnyArguments = {},
  { signal }: CallOptions = {},
): Promise<unknown> {
  const { method, answer } = endpoint;
  const response = await fetch(
    new Request(addressOf(endpoint, baseUrl, args), {
      method,
      headers: headersOf(args, typeof token === 'function' ? token() : token),
      // A redirect would carry the bearer, or turn a POST into a GET.
      redirect: 'error',
      ...(args.body !== undefined && { body: JSON.stringify(args.body) }),
      ...(signal && { signal }),
    }),
  );
  if (!response.ok) throw await readError(response);
  if (response.status === 204) return undefined;
  return answer === 'text' ? response.text() : response.json();
}

function headersOf({ body, ifMatch }: AnyArguments, token: string | undefined): Record<string, string> {
  return {
    Accept: '*/*',
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(ifMatch !== undefined && { 'If-Match': `"${ifMatch}"` }),
  };
}

/** The whole address of a call: what a browser opens to download an export. */
export function addressOf(
  { path }: Pick<Route, 'path'>,
  baseUrl: string,
  { params = {}, query = {} }: Pick<AnyArguments, 'params' | 'query'>,
): string {
  const filled = path.replace(/\{(\w+)(\+?)\}/g, (_, name: string, several: string) => {
    const value = String(params[name] ?? '');
    return several ? value.split('/').map(segment).join('/') : segment(value);
  });
  const search = new URLSearchParams(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return `${baseUrl.replace(/\/$/, '')}${filled}${search && `?${search}`}`;
}

/** An empty segment, `.` and `..` would lead to another endpoint: a DELETE of one thing would become one of another. */
function segment(value: string): string {
  if (value === '' || value === '.' || value === '..')
    throw new TypeError(`${JSON.stringify(value)} cannot be in a path.`);
  return encodeURIComponent(value);
}
