import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface SyslogReceiver {
  readonly port: number;
  /** Whole messages, in the order in which they arrived. */
  readonly messages: string[];
  readonly connections: number;
}

/** A syslog receiver (RFC 5425) on loopback. `onData` may break a connection, given how many there have been. */
export async function receiveSyslog(
  tls: TlsOptions,
  onData: (socket: TLSSocket, connection: number) => void = () => {},
  port = 0,
): Promise<SyslogReceiver> {
  const messages: string[] = [];
  let connections = 0;
  const sockets = new Set<TLSSocket>();
  const server: Server = createServer(tls, (socket) => {
    const connection = ++connections;
    let unread: Buffer = Buffer.alloc(0);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const { found, rest } = framesIn(Buffer.concat([unread, chunk]));
      messages.push(...found);
      unread = rest;
      onData(socket, connection);
    });
  });
  server.on('tlsClientError', () => {});
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    messages,
    get connections() {
      return connections;
    },
  };
}

/** RFC 6587, 3.4.1: the length in octets, a space, the message. */
function framesIn(bytes: Buffer): { found: string[]; rest: Buffer } {
  const found: string[] = [];
  let rest = bytes;
  while (true) {
    const [head, digits] = /^(\d{1,9}) /.exec(rest.toString('latin1', 0, 10)) ?? [];
    if (head === undefined) return { found, rest };
    const end = head.length + Number(digits);
    if (rest.length < end) return { found, rest };
    found.push(rest.toString('utf8', head.length, end));
    rest = rest.subarray(end);
  }
}
