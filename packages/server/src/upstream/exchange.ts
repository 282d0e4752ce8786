import type { Source } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import { type Access, type Authorizer, credentialRefused, isCredential } from './authorization.ts';
import { destroyQuietly, discard, type HttpAnswer, type HttpClient, readBody } from './http-client.ts';
import { retryAfterSeconds } from './http-failure.ts';
import { follow } from './redirects.ts';
import { type RetryPlan, retrying, TransientError } from './retry.ts';

/** A request in parsed parts. The URL is built from them; no text of a client is ever part of it. */
export interface RegistryRequest {
  readonly source: Source;
  /** Below `/v2/<repository>/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept: string;
  /** First byte that is wanted. */
  readonly from?: number;
  /** What is asked for, in the words of the person who pulls. */
  readonly what: string;
}

/** A document that has arrived completely. */
export interface Document {
  readonly headers: HttpAnswer['headers'];
  readonly bytes: Buffer;
}

/** Requests to one registry: signed in, redirected, tried again. Answers other than 2xx become `ContentError`. */
export interface Exchange {
  /** HEAD. */
  head(request: RegistryRequest): Promise<HttpAnswer['headers']>;
  /** GET that reads the whole body, at most `limit` bytes, within one deadline. */
  document(request: RegistryRequest, limit: number): Promise<Document>;
  /** GET whose body is still running. */
  open(request: RegistryRequest): Promise<HttpAnswer>;
}

export interface ExchangeOptions {
  readonly client: HttpClient;
  readonly authorizer: Authorizer;
  readonly registry: URL;
  readonly retry: RetryPlan;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createExchange({ client, authorizer, registry, retry, now }: ExchangeOptions): Exchange {
  async function ask(method: 'GET' | 'HEAD', request: RegistryRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { source } = request;
    const headers = {
      accept: request.accept,
      ...(request.from === undefined ? {} : { range: `bytes=${request.from}-` }),
    };
    const outgoing = { method, url: urlOf(client.name, registry, request), headers, signal };
    const access: Access = { audience: source.audience, scope: `repository:${source.repository.path}:pull` };

    const first = authorizer.known(access);
    const answer = await follow(client, outgoing, first);
    if (answer.status !== 401 || answer.url.origin !== registry.origin) return answer;
    await discard(answer);
    const second = await authorizer.answer(answer.headers, access, first);
    if (second === undefined) return answer;
    const signedIn = await follow(client, outgoing, second);
    if (signedIn.status !== 401 || !isCredential(second)) return signedIn;
    destroyQuietly(signedIn.body);
    throw credentialRefused(client.name);
  }

  async function succeed(method: 'GET' | 'HEAD', request: RegistryRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await ask(method, request, signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    destroyQuietly(answer.body);
    throw failure(client.name, answer, request, registry.origin, now());
  }

  const persist = <T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    retrying(retry, () => client.withDeadline(attempt));

  return {
    head: (request) =>
      persist(async (signal) => {
        const answer = await succeed('HEAD', request, signal);
        await discard(answer);
        return answer.headers;
      }),
    document: (request, limit) =>
      persist(async (signal) => {
        const answer = await succeed('GET', request, signal);
        return { headers: answer.headers, bytes: await readBody(client.name, answer, limit) };
      }),
    open: (request) => persist((signal) => succeed('GET', request, signal)),
  };
}

/** Refuses parts that `URL` folds (`..`, `\`): they would ask for another repository than the one that was judged. */
function urlOf(name: string, registry: URL, { source, path, query }: RegistryRequest): URL {
  const url = new URL(registry);
  const full = `/v2/${source.repository.path}/${path}`;
  url.pathname = full;
  if (url.pathname !== full) throw notFound(name, 'such repository');
  for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
  return url;
}

/** The registry knows no referrers; or not this way of asking for them. */
export class NoReferrers extends ContentError {}

/** What it says then: their API is younger than many registries. */
const withoutReferrers: ReadonlySet<number> = new Set([400, 405, 501]);

function failure(
  name: string,
  answer: HttpAnswer,
  request: RegistryRequest,
  origin: string,
  now: number,
): ContentError {
  const { status, headers, url } = answer;
  const { what } = request;
  if (status === 429) {
    const retryAfter = retryAfterSeconds(headers['retry-after'], now);
    const message = `${name} asks to slow down: its pull limit is reached.`;
    return new ContentError('rate-limited', message, { retryAfter });
  }
  if (status >= 502 && status <= 504) return new TransientError(`${name} is not available (${status}).`);
  // Signed addresses of a content network answer 403 when they are too old: that says nothing about the repository.
  if (url.origin !== origin && status !== 404) {
    return new ContentError('unavailable', `The storage that ${name} redirects to failed (${status}).`);
  }
  if (withoutReferrers.has(status) && request.path.startsWith('referrers/')) {
    return new NoReferrers('not-found', absence(name, what));
  }
  if (status === 416) return new ContentError('unavailable', `${name} has less of ${what} than it said.`);
  // Registries answer 401 and 403 for private and for missing repositories alike, so as not to tell which.
  if (status === 401 || status === 403 || status === 404) return notFound(name, what);
  return new ContentError('unavailable', `${name} failed (${status}).`);
}

export function notFound(name: string, what: string): ContentError {
  return new ContentError('not-found', absence(name, what));
}

/** Private and missing look the same from here, and the sentence says so. */
function absence(name: string, what: string): string {
  return `${name} has no ${what}, or does not show it to this gate.`;
}
