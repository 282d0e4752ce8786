import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Soon } from '../soon.ts';
import { ociAnswer, send } from './answer.ts';

/** Is done once the answer is handed over. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Soon<void>;

export interface ListenerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** PEM. */
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
  readonly handle: Handler;
  /** For what no handler foresaw. It is answered with 503: whatever is unclear is closed. Without a request, the port's. */
  readonly onUnexpected: (error: unknown, request?: IncomingMessage) => void;
  /** A client that takes no byte for so long is dropped, in milliseconds. 60 seconds by default. */
  readonly idleTimeoutMs?: number;
}

export interface Listener {
  readonly port: number;
  /** Accepts nothing new, lets running answers end for at most so many milliseconds, then breaks them. */
  close(graceMilliseconds: number): Promise<void>;
}

const headersTimeoutMs = 15_000;
const requestTimeoutMs = 60_000;
const keepAliveTimeoutMs = 65_000;
const defaultIdleTimeoutMs = 60_000;
const maxHeaderBytes = 16 * 1024;
const maxConnections = 10_000;

/**
 * HTTP/1.1 only, also over TLS: HTTP/2 has no reason phrase, and that is the one place where older containerd shows why
 * a pull was refused.
 */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const limits = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: maxHeaderBytes,
    noDelay: true,
  };
  const { tls } = options;
  const onRequest = toListener(options);
  const server: Server = tls
    ? createTlsServer({ ...limits, cert: tls.certificate, key: tls.key, ALPNProtocols: ['http/1.1'] }, onRequest)
    : createServer(limits, onRequest);
  server.maxConnections = maxConnections;
  server.timeout = options.idleTimeoutMs ?? defaultIdleTimeoutMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  // A connection that could not be accepted ends nothing else.
  server.on('error', (error) => options.onUnexpected(error));

  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMilliseconds) {
      // A connection whose answer ends from here on would otherwise wait for a next request until the grace is over.
      server.keepAliveTimeout = 1;
      server.keepAliveTimeoutBuffer = 0;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Requests of one connection that may wait for their turn. Registry clients send one at a time. */
const maxPipelined = 8;

type Exchange = [request: IncomingMessage, response: ServerResponse];

/**
 * Answers the requests of a connection one after the other. Node hands out pipelined ones all at once, and each answer
 * that waits for its turn would hold buffers: a few bytes of requests could fill the memory.
 */
function toListener({ handle, onUnexpected }: ListenerOptions): RequestListener {
  /** By connection on which a request is being answered: what waits behind it. */
  const queues = new Map<Socket, Exchange[]>();

  async function answerAll(socket: Socket, first: Exchange): Promise<void> {
    const queue: Exchange[] = [];
    queues.set(socket, queue);
    for (let next: Exchange | undefined = first; next && !socket.destroyed; next = queue.shift()) {
      try {
        await handle(...next);
      } catch (error) {
        answerUnexpected(error, ...next);
      }
    }
    queues.delete(socket);
  }

  function answerUnexpected(error: unknown, ...[request, response]: Exchange): void {
    onUnexpected(error, request);
    if (response.headersSent) return void response.destroy();
    const message = 'The gate cannot decide at the moment, so nothing is served. Try again soon.';
    send(request, response, ociAnswer({ status: 503, code: 'UNKNOWN', message, retryAfter: 5 }));
  }

  return (...exchange) => {
    const [{ socket }] = exchange;
    const queue = queues.get(socket);
    if (queue === undefined) return void answerAll(socket, exchange);
    if (queue.length === maxPipelined) return void socket.destroy();
    queue.push(exchange);
  };
}
