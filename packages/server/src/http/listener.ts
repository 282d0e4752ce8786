import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Soon } from '../soon.ts';
import { ociAnswer, send } from './answer.ts';
import type { Certificate } from './certificate.ts';

/** Is done once the answer is handed over. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Soon<void>;

export interface ListenerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly tls: CertificateInUse | undefined;
  readonly handle: Handler;
  /** For what no handler foresaw. It is answered with 503: whatever is unclear is closed. Without a request, the port's. */
  readonly onUnexpected: (error: unknown, request?: IncomingMessage) => void;
  /** A client that takes no byte for so long is dropped, in milliseconds. 60 seconds by default. */
  readonly idleTimeoutMs?: number;
}

/** PEM. */
type CertificateInUse = Pick<Certificate, 'certificate' | 'key'>;

export interface Listener {
  readonly port: number;
  /** Connections from now on get this one. @throws Error when it has no TLS, or the two do not belong together */
  useCertificate(tls: CertificateInUse): void;
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
    // Both hold only when Node.js looks, which it does twice a minute by itself.
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: maxHeaderBytes,
    noDelay: true,
    // Most requests are a head only: no stream is set up, read and ended for a body that is none. Such a request never
    // emits `close`: that a client left is told by its response.
    optimizeEmptyRequests: true,
    handshakeTimeout: headersTimeoutMs,
    // Node's own refusals have no body: see `refuseUnreadable` and `handleOne`.
    requireHostHeader: false,
  };
  const { tls } = options;
  const server: Server = tls
    ? createTlsServer({ ...limits, cert: tls.certificate, key: tls.key, ALPNProtocols: ['http/1.1', 'http/1.0'] })
    : createServer(limits);
  server.maxConnections = maxConnections;
  server.timeout = options.idleTimeoutMs ?? defaultIdleTimeoutMs;
  /** With TLS, also those whose handshake is not done, of which Node.js' own list knows nothing. */
  const connections = tracked(server, 'connection');
  /** Those that can be spoken to and have not asked for anything yet, which Node.js does not count as idle. */
  const silent = tracked(server, tls ? 'secureConnection' : 'connection');
  const greeted = new WeakSet<Socket>();
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => greeted.add(socket));
  const { onRequest, isAnswering, wouldAnswerAnother } = toListener(options);
  // Whoever waits for what is not there yet refuses nothing: a range of a blob waits until all of the blob is verified.
  server.on('timeout', (socket: Socket) => {
    if (socket.writableLength > 0 || !isAnswering(socket)) socket.destroy();
  });
  server.on('request', (request, response) => {
    silent.delete(request.socket);
    onRequest(request, response);
  });
  server.on('clientError', (error, duplex) => {
    const socket = duplex as Socket;
    const canBeTold = greeted.has(socket) && socket.writable && !isReset(error) && !wouldAnswerAnother(socket);
    if (canBeTold) refuseUnreadable(socket, error);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  // A connection that could not be accepted ends nothing else.
  server.on('error', (error) => options.onUnexpected(error));

  return {
    port: (server.address() as AddressInfo).port,
    useCertificate({ certificate, key }) {
      if (!(server instanceof TlsServer)) throw new Error('This listener has no TLS.');
      server.setSecureContext({ cert: certificate, key });
    },
    async close(graceMilliseconds) {
      // A connection whose answer ends from here on would otherwise wait for a next request until the grace is over.
      server.keepAliveTimeout = 1;
      server.keepAliveTimeoutBuffer = 0;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      for (const socket of silent) socket.destroy();
      const timer = setTimeout(() => {
        for (const socket of connections) socket.destroy();
      }, graceMilliseconds);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** What Node.js' parser says, and what is answered. Everything else is no HTTP. */
const unreadable: Readonly<Record<string, { status: number; message: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The head of this request is too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, message: 'The chunks of this request are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The rest of this request did not come in time.' },
};
const noHttp = { status: 400, message: 'This is not a request of HTTP/1.1.' };

/** The sockets of an event, until they are closed. */
function tracked(server: Server, event: 'connection' | 'secureConnection'): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on(event, (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

function refuseUnreadable(socket: Socket, error: NodeJS.ErrnoException): void {
  const refusal = unreadable[error.code ?? ''] ?? noHttp;
  const { status, reason, headers, body = '' } = ociAnswer({ code: 'UNSUPPORTED', ...refusal });
  const all = { ...headers, 'Content-Length': body.length, Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${body}`);
  socket.destroySoon();
}

/** Each may be meant by somebody else (RFC 9112 section 3.2), and a host can stand for a registry. */
function hostsIn(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

/** Requests of one connection that may wait for their turn. Registry clients send one at a time. */
const maxPipelined = 8;

type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

/** Of one connection. */
interface Turns {
  /** The exchange that is being answered. */
  current: Exchange | undefined;
  /** Those behind it. */
  readonly waiting: Exchange[];
  /** The last answer is given, or on its way. */
  hasEnded: boolean;
}

/**
 * Answers the requests of a connection one after the other. Node hands out pipelined ones all at once, and each answer
 * that waits for its turn would hold buffers: a few bytes of requests could fill the memory.
 */
function toListener({ handle, onUnexpected }: ListenerOptions) {
  const turnsOf = new WeakMap<Socket, Turns>();

  function begin(socket: Socket): Turns {
    const turns: Turns = { current: undefined, waiting: [], hasEnded: false };
    turnsOf.set(socket, turns);
    return turns;
  }

  async function answerAll(socket: Socket, turns: Turns, first: Exchange): Promise<void> {
    for (let turn: Exchange | undefined = first; turn && !socket.destroyed; turn = turns.waiting.shift()) {
      turns.current = turn;
      try {
        await handleOne(...turn);
      } catch (error) {
        answerUnexpected(error, ...turn);
      }
      turns.hasEnded = !turn[1].shouldKeepAlive;
      if (turns.hasEnded) break;
    }
    turns.current = undefined;
  }

  function handleOne(...[request, response]: Exchange): Soon<void> {
    const { host } = request.headers;
    const hosts = hostsIn(request.rawHeaders);
    if (hosts <= 1 && (host || (request.httpVersion === '1.0' && host === undefined))) return handle(request, response);
    const message = `This request names ${hosts > 1 ? 'more than one' : 'no'} Host, and one is wanted.`;
    response.shouldKeepAlive = false;
    send(request, response, ociAnswer({ status: 400, code: 'UNSUPPORTED', message }));
  }

  function answerUnexpected(error: unknown, ...[request, response]: Exchange): void {
    // Whoever hangs up in the middle of a request finds no answer, and must not fill the log.
    if (request.socket.destroyed && !request.complete) return;
    onUnexpected(error, request);
    if (response.headersSent) return void response.destroy();
    const message = 'The gate cannot decide at the moment, so nothing is served. Try again soon.';
    send(request, response, ociAnswer({ status: 503, code: 'UNKNOWN', message, retryAfter: 5 }));
  }

  const onRequest: RequestListener = (...exchange) => {
    const [{ socket }] = exchange;
    const turns = turnsOf.get(socket) ?? begin(socket);
    // Behind the last answer of a connection nothing can be answered, so nothing is done either.
    if (turns.hasEnded) return;
    if (turns.current === undefined) return void answerAll(socket, turns, exchange);
    if (turns.waiting.length === maxPipelined) return void socket.destroy();
    turns.waiting.push(exchange);
  };

  function isAnswering(socket: Socket): boolean {
    return turnsOf.get(socket)?.current !== undefined;
  }

  /** What is said on a connection now belongs to the request in turn, which has come whole or is being answered. */
  function wouldAnswerAnother(socket: Socket): boolean {
    const [request, response] = turnsOf.get(socket)?.current ?? [];
    return (request?.complete || response?.headersSent) ?? false;
  }

  return { onRequest, isAnswering, wouldAnswerAnother };
}
