import { Agent, type Dispatcher, request as send } from 'undici';
import { ContentError } from '../content/content-error.ts';
import { createAddressGuard } from './guard.ts';
import { contentErrorOf } from './http-failure.ts';
import { TransientError } from './retry.ts';

/** How long the gate waits for an upstream, and how many connections it opens. Times are milliseconds. */
export interface HttpLimits {
  readonly connectMs: number;
  readonly headersMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /** From the first request to the final headers, over sign-in and redirects; for documents to the end of the body. */
  readonly exchangeMs: number;
  /** Connections per origin. */
  readonly connections: number;
}

export const defaultHttpLimits: HttpLimits = {
  connectMs: 10_000,
  headersMs: 20_000,
  idleMs: 60_000,
  exchangeMs: 25_000,
  connections: 64,
};

export interface HttpClientOptions {
  /** What errors call the other side. */
  readonly name: string;
  readonly allowPrivateAddresses: boolean;
  readonly allowHttp: boolean;
  readonly limits: HttpLimits;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  readonly url: URL;
  /** Complete: nothing of the client's own request is ever passed on. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly url: URL;
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: Dispatcher.ResponseData['body'];
}

/** HTTP/1.1 to one upstream and where it redirects to. Every method throws `ContentError`. */
export interface HttpClient {
  readonly name: string;
  /** One request, one answer: redirects are answers. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Runs an exchange that is broken off when it takes too long. */
  withDeadline<T>(exchange: (signal: AbortSignal) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Redirects name origins at the upstream's will; each holds a connection pool. */
const maxOrigins = 64;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { name, limits } = options;
  const guard = createAddressGuard({ allowPrivate: options.allowPrivateAddresses });
  const agent = new Agent({
    allowH2: false,
    connections: limits.connections,
    maxOrigins,
    connect: { lookup: guard.lookup, timeout: limits.connectMs },
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.idleMs,
  });

  return {
    name,
    async send({ method, url, headers, body = null, signal }) {
      try {
        signal.throwIfAborted();
        requireSafe(url, options);
        guard.checkHost(url.hostname);
        const all = { ...headers, 'user-agent': 'pullgate', 'accept-encoding': 'identity' };
        const answer = await orAborted(send(url, { dispatcher: agent, method, headers: all, body, signal }), signal);
        requireIdentity(name, answer);
        return { url, status: answer.statusCode, headers: answer.headers, body: answer.body };
      } catch (error) {
        throw contentErrorOf(name, error);
      }
    },
    async withDeadline(exchange) {
      const controller = new AbortController();
      const expire = () => controller.abort(new TransientError(`${name} did not answer in time.`));
      const timer = setTimeout(expire, limits.exchangeMs);
      try {
        return await exchange(controller.signal);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => agent.destroy(),
  };
}

/** undici heeds the signal once a connection is free. As many slow downloads as there may be connections leave none. */
async function orAborted(
  answer: Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  // An answer that comes too late would keep its connection.
  answer.then(
    ({ body }) => signal.aborted && destroyQuietly(body),
    () => undefined,
  );
  try {
    return await Promise.race([answer, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function requireSafe(url: URL, options: HttpClientOptions): void {
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && options.allowHttp);
  if (!secure) throw new ContentError('untrustworthy', `${options.name} leads to an address without https.`);
  if (url.username !== '' || url.password !== '') {
    throw new ContentError('untrustworthy', `${options.name} leads to an address that holds a user name.`);
  }
}

/** Digests and lengths are over raw bytes, so an encoding that nobody asked for (RFC 9110, 12.5.3) is an error. */
function requireIdentity(name: string, answer: Dispatcher.ResponseData): void {
  const encoding = answer.headers['content-encoding'];
  if (encoding === undefined || String(encoding).toLowerCase() === 'identity') return;
  destroyQuietly(answer.body);
  throw new ContentError('untrustworthy', `${name} answered with a content encoding that was not asked for.`);
}

/** Ends an answer whose body is of no interest, and the connection with it. */
export function destroyQuietly(body: HttpAnswer['body']): void {
  body.on('error', () => {}).destroy();
}

const discardLimit = 64 * 1024;

/** Reads a short body to its end so that the connection can be used again, and ends a long one. */
export async function discard(answer: HttpAnswer): Promise<void> {
  await answer.body.dump({ limit: discardLimit });
}

/** The whole body. Throws `untrustworthy` as soon as it turns out to be longer than `limit` bytes. */
export async function readBody(name: string, answer: HttpAnswer, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > limit) throw tooLong(name, limit);
      chunks.push(chunk);
    }
  } catch (error) {
    destroyQuietly(answer.body);
    throw contentErrorOf(name, error);
  }
  return Buffer.concat(chunks, size);
}

/** A document that must not be so long. */
export function tooLong(name: string, limit: number): ContentError {
  return new ContentError('untrustworthy', `${name} answered with a document of more than ${limit / 1024} KiB.`);
}
