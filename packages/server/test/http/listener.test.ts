import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { selfSignedCertificate } from '@pullgate/small-registry';
import { describe, expect, it, onTestFinished } from 'vitest';
import { send } from '../../src/http/answer.ts';
import { type Handler, type Listener, type ListenerOptions, listen } from '../../src/http/listener.ts';
import { stream } from '../../src/registry/stream.ts';

async function open(handle: Handler, options: Partial<ListenerOptions> = {}): Promise<Listener> {
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    handle,
    onUnexpected: () => {},
    ...options,
  });
  onTestFinished(() => listener.close(0));
  return listener;
}

function dial(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => socket.destroy());
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Everything until the connection ends. */
async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

function certificateOf({ cert, key }: { cert: string; key: string }): NonNullable<ListenerOptions['tls']> {
  return { certificate: Buffer.from(cert), key: Buffer.from(key) };
}

const hello: Handler = async (request, response) =>
  send(request, response, { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'hello' });
const request = (path: string, ...headers: string[]) =>
  `GET ${path} HTTP/1.1\r\nHost: gate.test\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`;

describe('requests of one connection', () => {
  it('are answered one after the other: those behind hold nothing while they wait', async () => {
    const started: string[] = [];
    const first = Promise.withResolvers<void>();
    const listener = await open(async (request, response) => {
      started.push(request.url ?? '');
      if (request.url === '/1') await first.promise;
      await hello(request, response);
    });
    const client = dial(listener.port);
    client.write(request('/1') + request('/2') + request('/3', 'Connection: close'));
    while (started.length === 0) await sleep(5);
    // Another connection is answered meanwhile, so the second request had every chance to start.
    const other = dial(listener.port);
    other.write(request('/other', 'Connection: close'));
    expect(await readAll(other)).toContain('hello');
    expect(started).toEqual(['/1', '/other']);
    first.resolve();
    expect((await readAll(client)).match(/hello/g)).toHaveLength(3);
  });

  it('are answered each, when one comes after the other', async () => {
    const listener = await open(hello);
    const client = dial(listener.port);
    for (const path of ['/1', '/2', '/3']) {
      client.write(request(path));
      const [answer] = await once(client, 'data');
      expect(String(answer)).toMatch(/hello$/);
    }
  });

  it('may be nine, of which eight wait', async () => {
    const listener = await open(hello);
    const client = dial(listener.port);
    client.write(request('/').repeat(8) + request('/', 'Connection: close'));
    expect((await readAll(client)).match(/hello/g)).toHaveLength(9);
  });

  it('that pile up behind a slow one end the connection', async () => {
    const listener = await open(() => new Promise(() => {}));
    const client = dial(listener.port);
    client.write(request('/').repeat(10));
    expect(await readAll(client)).toBe('');
  });

  it('are not begun for a client that has left', async () => {
    const started: string[] = [];
    const first = Promise.withResolvers<void>();
    const listener = await open(async (request, response) => {
      started.push(request.url ?? '');
      await Promise.race([once(response, 'close'), first.promise]);
      await sleep(20);
    });
    const client = dial(listener.port);
    client.write(request('/1') + request('/2'));
    while (started.length === 0) await sleep(5);
    client.destroy();
    const other = dial(listener.port);
    other.write(request('/other'));
    while (started.length < 2) await sleep(5);
    await sleep(50);
    expect(started).toEqual(['/1', '/other']);
    first.resolve();
  });
});

describe('a body', () => {
  const told: Handler = async (request, response) => {
    const own = request.headers['x-reader'] === 'web' ? Readable.toWeb(request) : request;
    let body = '';
    for await (const chunk of own as AsyncIterable<Uint8Array>) body += Buffer.from(chunk).toString();
    send(request, response, { status: 200, headers: {}, body: `read <${body}>` });
  };
  const post = (head: string, body: string, reader: string) =>
    `POST / HTTP/1.1\r\nHost: gate.test\r\nX-Reader: ${reader}\r\nConnection: close\r\n${head}\r\n${body}`;

  it.each([
    ['that is not announced is none', '', '', ''],
    ['of no length is none', 'Content-Length: 0\r\n', '', ''],
    ['of a length is read', 'Content-Length: 5\r\n', 'hello', 'hello'],
    ['in chunks is read', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n', 'hello'],
  ])('%s, and nobody waits for more', async (_, head, sent, read) => {
    const { port } = await open(told);
    for (const reader of ['node', 'web']) {
      const client = dial(port);
      client.write(post(head, sent, reader));
      expect(await readAll(client)).toContain(`read <${read}>`);
    }
  });
});

describe('closing', () => {
  it('lets a running answer end, though its client would keep the connection, and takes nothing new', async () => {
    const running = Promise.withResolvers<ServerResponse>();
    const listener = await open(async (_request, response) => running.resolve(response));
    const client = dial(listener.port);
    client.write(request('/'));
    const response = await running.promise;
    response.writeHead(200, { 'Content-Length': 10 });
    response.write('hello');
    const closed = listener.close(60_000);
    expect(await readAll(dial(listener.port))).toBe('');
    response.end('world');
    expect(await readAll(client)).toMatch(/helloworld$/);
    await closed;
  });

  it('ends idle connections at once', async () => {
    const listener = await open(hello);
    const client = dial(listener.port);
    client.write(request('/'));
    await once(client, 'data');
    await listener.close(60_000);
    await once(client, 'close');
  });

  it.each([
    ['connections', undefined],
    ['connections over TLS', certificateOf(selfSignedCertificate())],
  ])('ends %s that never asked for anything at once', async (_what, tls) => {
    const listener = await open(hello, { tls });
    const client = tls ? connectTls({ port: listener.port, rejectUnauthorized: false }) : dial(listener.port);
    await once(client, tls ? 'secureConnect' : 'connect');
    // Whoever connects later is asked about later: by then the first one is known.
    const other = tls ? connectTls({ port: listener.port, rejectUnauthorized: false }) : dial(listener.port);
    other.write(request('/', 'Connection: close'));
    await readAll(other);
    const ended = once(client.on('error', () => undefined).resume(), 'close');
    await listener.close(60_000);
    await ended;
  });

  it('ends a connection in the middle of its handshake when the grace is over', async () => {
    const listener = await open(hello, { tls: certificateOf(selfSignedCertificate()) });
    const client = dial(listener.port);
    await once(client, 'connect');
    await listener.close(50);
    await once(client.resume(), 'close');
  });

  it('breaks what still runs when the grace is over', async () => {
    const listener = await open(async (_request, response) => {
      response.writeHead(200, { 'Content-Length': 10 });
      response.write('hello');
    });
    const client = dial(listener.port);
    client.write(request('/'));
    await once(client, 'data');
    await listener.close(50);
    await once(client, 'close');
  });

  it('may be done twice', async () => {
    const listener = await open(hello);
    await Promise.all([listener.close(0), listener.close(0)]);
    await listener.close(0);
  });
});

describe('what comes behind a request', () => {
  it('is never answered in its place', async () => {
    const answer = Promise.withResolvers<void>();
    const listener = await open(async (request, response) => {
      await answer.promise;
      await hello(request, response);
    });
    const client = dial(listener.port);
    client.write(`${request('/')}no HTTP at all\r\n\r\n`);
    expect(await readAll(client)).toBe('');
    answer.resolve();
  });

  it.each([
    ['two hosts', '1.1', 'Host: a\r\nhOsT: b\r\n'],
    ['the same host twice', '1.1', 'Host: a\r\nHost: a\r\n'],
    ['an empty host', '1.1', 'Host:\r\n'],
    ['two hosts in HTTP/1.0', '1.0', 'Host: a\r\nHost: a\r\n'],
    ['an empty host in HTTP/1.0', '1.0', 'Host:\r\n'],
  ])('is not done for %s: a host can stand for a registry', async (_, version, lines) => {
    const started: string[] = [];
    const listener = await open(async (request, response) => {
      started.push(request.url ?? '');
      await hello(request, response);
    });
    const client = dial(listener.port);
    client.write(`GET /1 HTTP/${version}\r\n${lines}\r\n`);
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 400 This request names (no|more than one) Host/);
    expect(started).toEqual([]);
  });

  it('needs no host in HTTP/1.0', async () => {
    const listener = await open(hello);
    const client = dial(listener.port);
    client.write('GET /1 HTTP/1.0\r\n\r\n');
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('that a handler throws at is told, and answered with 503: whatever is unclear is closed', async () => {
    const unexpected: unknown[] = [];
    const failure = new Error('at once');
    const listener = await open(
      () => {
        throw failure;
      },
      { onUnexpected: (error) => unexpected.push(error) },
    );
    const client = dial(listener.port);
    client.write(request('/', 'Connection: close'));
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 503 /);
    expect(unexpected).toEqual([failure]);
  });

  it('that is broken off by its client is no fault to be told', async () => {
    const unexpected: unknown[] = [];
    const begun = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const listener = await open(
      async (request) => {
        try {
          for await (const _ of request) begun.resolve();
        } finally {
          setImmediate(over.resolve);
        }
      },
      { onUnexpected: (error) => unexpected.push(error) },
    );
    const client = dial(listener.port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nx');
    await begun.promise;
    client.destroy();
    await over.promise;
    await sleep(20);
    expect(unexpected).toEqual([]);
  });

  it('that finds a fault of the gate is told, though its client has left', async () => {
    const reset = Object.assign(new Error('the database hung up'), { code: 'ECONNRESET' });
    const begun = Promise.withResolvers<void>();
    const told = Promise.withResolvers<unknown>();
    const listener = await open(
      async (_request, response) => {
        begun.resolve();
        await once(response, 'close');
        throw reset;
      },
      { onUnexpected: told.resolve },
    );
    const client = dial(listener.port);
    client.write(request('/'));
    await begun.promise;
    client.destroy();
    expect(await told.promise).toBe(reset);
  });

  it('is not done when the connection ends with it', async () => {
    const started: string[] = [];
    const listener = await open(async (request, response) => {
      started.push(request.url ?? '');
      await hello(request, response);
    });
    const client = dial(listener.port);
    client.write(`GET /1 HTTP/1.1\r\n\r\n${request('/2')}`);
    expect(await readAll(client)).toMatch(/^HTTP\/1\.1 400 This request names no Host/);
    const other = dial(listener.port);
    other.write(request('/3', 'Connection: close') + request('/4'));
    expect(await readAll(other)).toMatch(/hello$/);
    expect(started).toEqual(['/3']);
  });

  it('is not done either when it comes while the last answers are still on their way', async () => {
    const started: string[] = [];
    const listener = await open(async (request, response) => {
      started.push(request.url ?? '');
      send(request, response, { status: 200, headers: {}, body: Buffer.alloc(8 * 1024 * 1024) });
    });
    const client = dial(listener.port);
    client.pause();
    client.write(`${request('/large')}GET /2 HTTP/1.1\r\n\r\n`);
    while (started.length === 0) await sleep(5);
    await sleep(20);
    client.write(request('/late'));
    await sleep(50);
    client.resume();
    expect(await readAll(client)).toMatch(/HTTP\/1\.1 400 This request names no Host/);
    expect(started).toEqual(['/large']);
  });
});

describe('a client that stops reading', () => {
  it('is dropped, what it read from is let go, and nobody else waits', async () => {
    const ended = Promise.withResolvers<void>();
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(256 * 1024);
      } finally {
        ended.resolve();
      }
    }
    const handle: Handler = async (asked, response) =>
      asked.url === '/endless' ? stream(response, { status: 200, headers: {} }, endless()) : hello(asked, response);
    const listener = await open(handle, { idleTimeoutMs: 300 });
    const stalled = dial(listener.port);
    stalled.pause();
    stalled.write(request('/endless'));
    const other = dial(listener.port);
    other.write(request('/', 'Connection: close'));
    expect(await readAll(other)).toMatch(/hello$/);
    await ended.promise;
  });

  it('is not dropped while it reads, however slowly the answer comes', async () => {
    async function* slow(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 8; count++) {
        await sleep(100);
        yield Buffer.from(String(count));
      }
    }
    const headers = { 'Content-Length': 8, Connection: 'close' };
    const listener = await open(async (_request, response) => stream(response, { status: 200, headers }, slow()), {
      idleTimeoutMs: 600,
    });
    const client = dial(listener.port);
    client.write(request('/'));
    expect(await readAll(client)).toMatch(/01234567$/);
  });
});

describe('a client whose answer takes long', () => {
  it('is not dropped while there is nothing that it could take', async () => {
    const verified = Promise.withResolvers<void>();
    const handle: Handler = async (_request, response) => {
      response.writeHead(200, { 'Content-Length': 10, Connection: 'close' });
      response.write('hello');
      await verified.promise;
      response.end('world');
    };
    const listener = await open(handle, { idleTimeoutMs: 50 });
    const client = dial(listener.port);
    client.write(request('/'));
    await once(client, 'data');
    await sleep(300);
    verified.resolve();
    expect(await readAll(client)).toMatch(/world$/);
  });

  it('is dropped once there is, and it takes nothing', async () => {
    const verified = Promise.withResolvers<void>();
    const dropped = Promise.withResolvers<void>();
    let isOpen = true;
    async function* body(): AsyncGenerator<Uint8Array> {
      await verified.promise;
      for (;;) yield Buffer.alloc(256 * 1024);
    }
    const handle: Handler = async (_request, response) => {
      response.once('close', () => {
        isOpen = false;
        dropped.resolve();
      });
      // Until the client is gone: this answer is never done.
      await stream(response, { status: 200, headers: {} }, body());
    };
    const listener = await open(handle, { idleTimeoutMs: 50 });
    const client = dial(listener.port);
    client.pause();
    client.write(request('/'));
    await sleep(300);
    expect(isOpen).toBe(true);
    verified.resolve();
    await dropped.promise;
  });

  it('is dropped when it asks for nothing', async () => {
    const listener = await open(hello, { idleTimeoutMs: 50 });
    const client = dial(listener.port);
    await once(client.resume(), 'close');
  });
});

describe('what no handler foresaw', () => {
  it('is answered with 503 and told, not shown', async () => {
    const told: unknown[] = [];
    const listener = await open(
      async () => {
        throw new Error('the secret is 42');
      },
      { onUnexpected: (error) => told.push(error) },
    );
    const client = dial(listener.port);
    client.write(request('/', 'Connection: close'));
    const answer = await readAll(client);
    expect(answer).toMatch(/^HTTP\/1\.1 503 The gate cannot decide at the moment/);
    expect(answer).toMatch(/retry-after: 5\r\n/i);
    expect(answer).not.toContain('42');
    expect(told).toEqual([new Error('the secret is 42')]);
  });

  it('breaks the connection once the answer has begun', async () => {
    const listener = await open(async (_request, response) => {
      response.writeHead(200, { 'Content-Length': 10 });
      response.write('hello');
      throw new Error('too late');
    });
    const client = dial(listener.port);
    client.write(request('/'));
    expect(await readAll(client)).not.toContain('503');
  });
});

describe('over TLS', () => {
  const { cert, key } = selfSignedCertificate();
  const tls = { certificate: Buffer.from(cert), key: Buffer.from(key) };
  const greet = (port: number, ALPNProtocols?: string[]) =>
    connectTls({ host: '127.0.0.1', port, ca: cert, ...(ALPNProtocols && { ALPNProtocols }) });

  it.each([
    ['HTTP/2 and HTTP/1.1', ['h2', 'http/1.1'], 'http/1.1'],
    ['HTTP/1.1 only', ['http/1.1'], 'http/1.1'],
    ['nothing', undefined, false],
  ])('speaks HTTP/1.1 to whoever offers %s', async (_, offered, chosen) => {
    const listener = await open(hello, { tls });
    const socket = greet(listener.port, offered);
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe(chosen);
    socket.write(request('/', 'Connection: close'));
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 200[\s\S]*hello$/);
  });

  it('serves whoever offers HTTP/1.0', async () => {
    const listener = await open(hello, { tls });
    const socket = greet(listener.port, ['http/1.0']);
    socket.write('GET / HTTP/1.0\r\n\r\n');
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 200[\s\S]*hello$/);
  });

  it('refuses whoever speaks HTTP/2 only', async () => {
    const listener = await open(hello, { tls });
    const socket = greet(listener.port, ['h2']);
    expect(await once(socket, 'error').then(([error]) => error.code)).toMatch(/NO_APPLICATION_PROTOCOL|ECONNRESET/);
  });

  it('is not confused by plain HTTP, nor by noise', async () => {
    const listener = await open(hello, { tls });
    for (const bytes of [request('/'), '\0'.repeat(100), 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']) {
      const noise = dial(listener.port);
      noise.write(bytes);
      expect(await readAll(noise)).not.toContain('hello');
    }
    const socket = greet(listener.port);
    socket.write(request('/', 'Connection: close'));
    expect(await readAll(socket)).toMatch(/hello$/);
  });

  it('fails at the start with a key that is none', async () => {
    await expect(open(hello, { tls: { ...tls, key: Buffer.from('none') } })).rejects.toThrow();
  });
});

it('a port that is taken fails at the start', async () => {
  const { port } = await open(hello);
  await expect(open(hello, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('has no certificate to change without TLS', async () => {
  const listener = await open(hello);
  expect(() => listener.useCertificate(certificateOf(selfSignedCertificate()))).toThrow('no TLS');
});
