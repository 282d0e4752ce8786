import { type Decoder, goInt, goPointer, goSlice, goString, goStruct } from './go-json.ts';
import type { Answer, Wire } from './wire.ts';

/** How versions of Docker's Terraform provider sign in. */
export const versions = {
  '0.4.3': { path: '/users/login/', name: 'username', secret: 'password', token: 'token' },
  '0.6.0': { path: '/users/login', name: 'username', secret: 'password', token: 'token' },
  '0.7.0': { path: '/auth/token', name: 'identifier', secret: 'secret', token: 'access_token' },
} as const;
export type Version = keyof typeof versions;

export interface ProviderOptions {
  readonly version: Version;
  /** Host and port, as `provider "docker" { host = … }` is given them. */
  readonly host: string;
  /** Reaches that host. */
  readonly wire: Wire;
  readonly username: string;
  readonly password: string;
  /** `max_page_results` */
  readonly maxPages?: number;
}

/** The provider's HTTP client: what it sends and how it reads the answers, mistakes included. */
export interface Provider {
  /** @returns the decoded body; undefined without a decoder, when the body is not read */
  call<T>(method: string, path: string, options?: { body?: object; decode?: Decoder<T> }): Promise<T>;
  /** All pages of a list, as far as the provider reads them. */
  list<T>(path: string, item: Decoder<T>): Promise<T[]>;
  /** `METHOD /path` of everything sent, in order, the login included. */
  readonly sent: string[];
}

/** Of the whole text of an error, no more is kept. */
const maxErrorText = 500;
/** Go's clients add it to every request. */
const goHeaders = { 'Accept-Encoding': 'gzip' };

export function createProvider(options: ProviderOptions): Provider {
  const { version, host, wire, username, password, maxPages = 50 } = options;
  if (!/^[a-zA-Z0-9:.-]+$/.test(host)) throw new Error(`The provider does not take ${host} for a host.`);
  const base = `https://${host}/v2`;
  const json = {
    Host: host,
    ...goHeaders,
    'User-Agent': `terraform-provider-docker/${version}`,
    'Content-Type': 'application/json',
  };
  const sent: string[] = [];
  let bearer: { readonly token: string; readonly endsAt: number } | undefined;

  async function send(method: string, path: string, headers: Record<string, string>, body?: object): Promise<Answer> {
    sent.push(`${method} ${path}`);
    const answer = await wire({ method, path, headers: { ...json, ...headers }, ...(body && { body }) });
    // Go follows a redirect of a POST with a GET: nothing here may ever be one.
    if (answer.status >= 300 && answer.status < 400) throw new Error(`redirected: ${method} ${path}`);
    return answer;
  }

  async function signedIn(): Promise<string> {
    if (bearer && Date.now() < bearer.endsAt) return bearer.token;
    const login = versions[version];
    const body = { [login.name]: username, [login.secret]: password };
    const { status, text } = await send('POST', `/v2${login.path}`, { Accept: 'application/json' }, body);
    if (status >= 400) throw new Error(`login failed: ${status} - ${text}`);
    const token = goStruct({ [login.token]: goString })(JSON.parse(text), 'login')[login.token] ?? '';
    bearer = { token, endsAt: expiryOf(token) };
    return token;
  }

  async function call<T>(
    method: string,
    path: string,
    { body, decode }: { body?: object; decode?: Decoder<T> } = {},
  ): Promise<T> {
    return fetchJson(`${base}${path}`, method, body, decode);
  }

  async function fetchJson<T>(url: string, method: string, body?: object, decode?: Decoder<T>): Promise<T> {
    const token = await signedIn();
    const target = url.slice(`https://${host}`.length);
    const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
    const { status, text } = await send(method, target, headers, body);
    if (status < 200 || status >= 400) throw new Error(`server response ${url}: ${text.slice(0, maxErrorText)}`);
    return (decode === undefined ? undefined : decode(JSON.parse(text), target)) as T;
  }

  return {
    call,
    sent,
    async list<T>(path: string, item: Decoder<T>) {
      const items: T[] = [];
      const page = goStruct({ count: goInt, next: goPointer(goString), results: goSlice(item) });
      let url = `${base}${path}`;
      for (let pages = 0; maxPages === 0 || pages < maxPages; pages++) {
        const { next, results } = await fetchJson(url, 'GET', undefined, page);
        items.push(...results);
        if (next === null || next === '') break;
        url = `${base}${next.startsWith('https://') && next.startsWith(base) ? next.slice(base.length) : next}`;
      }
      return items;
    },
  };
}

/** "Gone" is decided by these words in the text of an error, whatever the status was. */
export function saysGone(error: unknown): boolean {
  return error instanceof Error && error.message.toLowerCase().includes('not found');
}

/** Milliseconds since 1970. Claims of a wrong type fail the login, as in the provider's JWT library. */
function expiryOf(token: string): number {
  const [header = '', claims = '', signature = '', ...rest] = token.split('.');
  if (signature === '' || rest.length > 0) throw new Error('The bearer is no compact JWS.');
  for (const part of [header, claims]) JSON.parse(Buffer.from(part, 'base64url').toString());
  const { exp, iat, nbf, sub, iss, jti } = goStruct({
    exp: goInt,
    iat: goInt,
    nbf: goInt,
    sub: goString,
    iss: goString,
    jti: goString,
  })(JSON.parse(Buffer.from(claims, 'base64url').toString()), 'claims');
  if (exp === 0 || iat > exp || nbf > exp || [sub, iss, jti].includes('')) throw new Error('The bearer lacks claims.');
  return exp * 1000;
}
