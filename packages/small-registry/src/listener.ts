import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, SmallRequest } from './answer.ts';

export interface ListenerOptions {
  /** On the loopback interface. 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** PEM. Plain HTTP without it. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Slows every body down. */
  readonly bytesPerSecond?: number | undefined;
}

export interface Listener {
  /** Without a slash at the end: `http://127.0.0.1:34567`. */
  readonly url: string;
  readonly port: number;
  /** Every request in the order of its arrival. Empty it with `length = 0`. */
  readonly requests: SmallRequest[];
  /** Breaks the connections that are still open. */
  close(): Promise<void>;
}

/** Answers every request on a port of the loopback interface. */
export async function listen(options: ListenerOptions, respond: (request: SmallRequest) => Answer): Promise<Listener> {
  const requests: SmallRequest[] = [];
  const onRequest = (incoming: IncomingMessage, response: ServerResponse): void => {
    const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: singleHeaders(incoming) };
    requests.push(request);
    incoming.resume();
    response.on('error', () => response.destroy());
    void deliver(request.method, respond(request), response, options.bytesPerSecond);
  };
  const server = options.tls === undefined ? createServer(onRequest) : createTlsServer(options.tls, onRequest);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function singleHeaders(incoming: IncomingMessage): SmallRequest['headers'] {
  return Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]));
}

async function deliver(
  method: string,
  answer: Answer,
  response: ServerResponse,
  bytesPerSecond: number | undefined,
): Promise<void> {
  const { delayMs, silent, cut } = answer.delivery ?? {};
  if (silent) return;
  if (delayMs !== undefined) await sleep(delayMs);
  if (response.destroyed) return;
  response.writeHead(answer.status, answer.headers);
  if (method === 'HEAD') {
    response.end();
    return;
  }
  for (const chunk of paced(bodyOf(answer), bytesPerSecond)) {
    if (!response.write(chunk)) await drainedOrClosed(response);
    if (response.destroyed) return;
    if (bytesPerSecond !== undefined) await sleep((1000 * chunk.length) / bytesPerSecond);
  }
  if (cut === undefined) response.end();
  else breakConnection(response, cut.by);
}

function drainedOrClosed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

function* bodyOf({ body, delivery }: Answer): Iterable<Buffer> {
  do yield* body.read(0, delivery?.cut?.after);
  while (delivery?.endless);
}

/** Pieces of at most a twentieth of a second, so that a slow body flows instead of stuttering. */
function* paced(chunks: Iterable<Buffer>, bytesPerSecond: number | undefined): Iterable<Buffer> {
  const most = bytesPerSecond === undefined ? Number.POSITIVE_INFINITY : Math.ceil(bytesPerSecond / 20);
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += most) yield chunk.subarray(start, start + most);
  }
}

/** Once what was written has left this process. */
function breakConnection(response: ServerResponse, by: 'close' | 'reset'): void {
  const { socket } = response;
  if (socket === null) return;
  response.write('', () => {
    if (by === 'close') socket.end();
    // Node has no reset for TLS sockets: there the client sees the connection end without a close_notify.
    else if ('encrypted' in socket) socket.destroy();
    else socket.resetAndDestroy();
  });
}
