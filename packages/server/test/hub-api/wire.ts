import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Ask {
  /** `GET` when absent. */
  readonly method?: string;
  /** Path and query, sent as they are. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** What came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, taken for JSON. */
  json<T = Record<string, unknown>>(): T;
}

/** Somebody who is asked by HTTP, or HTTPS when there is a certificate to trust. */
export type Wire = (ask: Ask) => Promise<Answer>;

/** @param ca PEM of the authority that the server's certificate is checked with; plain HTTP without it */
export function createWire(port: number, ca: string | undefined): Wire {
  const where = { host: '127.0.0.1', port, agent: false } as const;
  return ({ method = 'GET', path, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
      const all = { ...where, method, path, headers: { ...headers, ...length } };
      const request = ca === undefined ? httpRequest(all) : httpsRequest({ ...all, ca, servername: 'localhost' });
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(answerOf(response.statusCode ?? 0, response.headers, chunks)));
      });
      request.end(text);
    });
}

function answerOf(status: number, headers: IncomingHttpHeaders, chunks: readonly Buffer[]): Answer {
  const text = Buffer.concat(chunks).toString();
  return { status, headers, text, json: () => JSON.parse(text) };
}
