import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ca?: string;
  /** Goes away after so many bytes of the body. */
  readonly enough?: number;
}

/** One request, nothing followed and nothing decoded. Rejects when the connection breaks before the body is whole. */
export function ask(url: string, question: Question = {}): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const get = url.startsWith('https:') ? httpsGet : httpGet;
  const { method = 'GET', headers = {}, ca, enough = Number.POSITIVE_INFINITY } = question;
  const request = get(url, { method, headers, agent: false, ...(ca !== undefined && { ca }) }, (response) => {
    const chunks: Buffer[] = [];
    const reply = (): Reply => ({
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Buffer.concat(chunks),
    });
    let received = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      received += chunk.length;
      if (received < enough) return;
      resolve(reply());
      request.destroy();
    });
    response.on('end', () => resolve(reply()));
    response.on('error', reject);
  });
  request.on('error', reject);
  return promise;
}

export function documentOf(reply: Reply): unknown {
  return JSON.parse(reply.body.toString());
}

/** The answer as it is on the wire, to a path as it is: Node's own client would fold `..` and judge the answer. */
export async function askRaw(port: number, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return Buffer.concat(await socket.toArray()).toString();
}
