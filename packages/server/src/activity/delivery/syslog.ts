import { readFile } from 'node:fs/promises';
import { connect, type TLSSocket } from 'node:tls';
import { type Sender, syslogFrame } from './syslog-message.ts';
import { type AddressGuard, DeliveryError, type Event, type Target } from './target.ts';

export interface SyslogOptions {
  readonly host: string;
  readonly port: number;
  /** PEM file with the authorities that the receiver's certificate may come from; undefined for the usual ones. */
  readonly ca: string | undefined;
  /** PEM files that the gate shows to the receiver. */
  readonly client: { readonly certificate: string; readonly key: string } | undefined;
  readonly guard: AddressGuard;
  readonly sender: Sender;
  /** Milliseconds for connecting, and again for the receipt. */
  readonly timeoutMs?: number;
}

/**
 * Sends events to a syslog receiver over TLS (RFC 5425). Syslog has no receipts: what was written to a connection that
 * breaks later may or may not have arrived. So each batch has a connection of its own, which is closed after it, and counts
 * as delivered only when the receiver has closed its side in return: it has got everything then. What it does with it,
 * nobody but itself can know.
 */
export function createSyslog(options: SyslogOptions): Target {
  const { timeoutMs = 10_000, sender } = options;
  return {
    name: 'syslog',
    batch: 200,
    async send(events, signal) {
      const socket = await open(options, signal, timeoutMs);
      try {
        await deliver(socket, events, sender, timeoutMs);
      } finally {
        socket.destroy();
      }
    },
    close: async () => {},
  };
}

async function open(options: SyslogOptions, signal: AbortSignal, timeoutMs: number): Promise<TLSSocket> {
  const { host, port, guard } = options;
  // Read each time: certificates are renewed while the gate runs.
  const files = await readFiles(options);
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  try {
    guard.checkHost(host);
  } catch {
    throw new DeliveryError('The syslog receiver is at an address that must not be reached.');
  }
  const socket = connect({ host, port, lookup: guard.lookup, minVersion: 'TLSv1.2', ...files });
  const fail = (error: Error) =>
    reject(new DeliveryError(`The syslog receiver cannot be reached: ${reasonOf(error)}.`));
  const abort = () => socket.destroy(new Error('the gate is closing'));
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('it did not answer in time')));
  socket.once('error', fail).once('secureConnect', () => resolve(socket));
  return promise;
}

function deliver(socket: TLSSocket, events: readonly Event[], sender: Sender, timeoutMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (why: string) => reject(new DeliveryError(`The syslog receiver did not take everything: ${why}.`));
  let isWritten = false;
  let isReceived = false;
  socket.setTimeout(timeoutMs);
  socket.on('error', (error) => fail(reasonOf(error)));
  socket.on('end', () => {
    isReceived = isWritten;
  });
  socket.on('close', () => (isReceived ? resolve() : fail('it closed the connection too early')));
  // Nothing is expected; without being read, the end of the stream would not be seen.
  socket.resume();
  socket.end(Buffer.concat(events.map((event) => syslogFrame(event, sender))), () => {
    isWritten = true;
  });
  return promise;
}

async function readFiles({ ca, client }: SyslogOptions) {
  try {
    return {
      ...(ca === undefined ? {} : { ca: await readFile(ca) }),
      ...(client === undefined ? {} : { cert: await readFile(client.certificate), key: await readFile(client.key) }),
    };
  } catch (error) {
    throw new DeliveryError(`The files of activity.syslog cannot be read: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
