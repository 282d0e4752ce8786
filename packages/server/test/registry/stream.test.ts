import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { primed, stream } from '../../src/registry/stream.ts';

/** Chunks as the test gives them, and whether their reader left. */
function chunksOf(...parts: readonly (string | Buffer | Error)[]) {
  const state = { left: false, given: 0 };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (const part of parts) {
        if (part instanceof Error) throw part;
        state.given++;
        yield Buffer.from(part);
      }
    } finally {
      state.left = true;
    }
  }
  return { chunks: chunks(), state };
}

/** Waits for ever, unless it is left. */
async function* silence(): AsyncGenerator<Uint8Array> {
  await new Promise(() => undefined);
  yield Buffer.of();
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return text;
}

describe('a body that is waited for a little', () => {
  it('is given on as it is', async () => {
    const { chunks, state } = chunksOf('one ', 'two ', 'three');
    const body = await primed(chunks);
    expect(state.given).toBe(1);
    expect(await textOf(body)).toBe('one two three');
  });

  it('of nothing is nothing', async () => {
    expect(await textOf(await primed(chunksOf().chunks))).toBe('');
  });

  it('that fails from the start can still be answered with an error', async () => {
    await expect(primed(chunksOf(new Error('wrong digest')).chunks)).rejects.toThrow('wrong digest');
  });

  it('that fails later fails for its reader', async () => {
    const body = await primed(chunksOf('one', new Error('wrong digest')).chunks);
    await expect(textOf(body)).rejects.toThrow('wrong digest');
  });

  it('that does not begin is answered with a head before the client gives up', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const waiting = primed(silence());
    await vi.advanceTimersByTimeAsync(10_000);
    await waiting;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that fails while nobody reads it does not end the program', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { promise, reject } = Promise.withResolvers<IteratorResult<Uint8Array>>();
    const failing = { [Symbol.asyncIterator]: () => ({ next: () => promise }) };
    const waiting = primed(failing);
    await vi.advanceTimersByTimeAsync(10_000);
    const body = await waiting;
    reject(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
    await expect(textOf(body)).rejects.toThrow('too late');
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await primed(chunksOf('one').chunks);
    await expect(primed(chunksOf(new Error('no')).chunks)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is left when its reader leaves, also before the first chunk was taken', async () => {
    for (const take of [0, 1]) {
      const { chunks, state } = chunksOf('one', 'two');
      const iterator = (await primed(chunks))[Symbol.asyncIterator]();
      for (let taken = 0; taken < take; taken++) await iterator.next();
      await iterator.return?.();
      expect(state.left).toBe(true);
    }
  });
});

type Serve = (response: ServerResponse, request: IncomingMessage) => Promise<void>;

/** A server that answers each request with `serve`, and what became of each. */
async function serverOf(serve: Serve) {
  const outcomes: Promise<unknown>[] = [];
  const server = createServer((request, response) => {
    outcomes.push(
      serve(response, request).then(
        () => 'served',
        (error: Error) => error.message,
      ),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, outcomes };
}

async function get(port: number): Promise<IncomingMessage> {
  const request = httpRequest({ port, host: '127.0.0.1', agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

describe('an answer', () => {
  it('is sent with its head, chunk by chunk', async () => {
    const headers = { 'Content-Length': 13, ETag: '"x"' };
    const { chunks, state } = chunksOf('one ', 'two ', 'three');
    const { port, outcomes } = await serverOf((response) => stream(response, { status: 206, headers }, chunks));
    const response = await get(port);
    expect(response.statusCode).toBe(206);
    expect(response.headers).toMatchObject({ etag: '"x"', 'content-length': '13' });
    expect(await textOf(response)).toBe('one two three');
    expect(await outcomes[0]).toBe('served');
    expect(state.left).toBe(true);
  });

  it('of nothing has a head', async () => {
    const { port } = await serverOf((response) =>
      stream(response, { status: 200, headers: { 'Content-Length': 0 } }, chunksOf().chunks),
    );
    expect(await textOf(await get(port))).toBe('');
  });

  it.each([
    ['of a known length', { 'Content-Length': 100 }],
    ['of an unknown length', {}],
  ])('%s is broken off when its bytes turn out to be wrong: an end would look complete', async (_what, headers) => {
    const { chunks, state } = chunksOf('one', new Error('wrong digest'));
    const { port, outcomes } = await serverOf((response) => stream(response, { status: 200, headers }, chunks));
    const response = await get(port);
    await expect(textOf(response)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(response.complete).toBe(false);
    expect(await outcomes[0]).toBe('wrong digest');
    expect(state.left).toBe(true);
  });

  it('reads on only as fast as the client, whose memory is used again', async () => {
    const buffer = Buffer.alloc(1024 * 1024);
    let given = 0;
    async function* reusing(): AsyncGenerator<Uint8Array> {
      for (; given < 40; given++) yield buffer.fill(given);
    }
    const { port } = await serverOf((response) => stream(response, { status: 200, headers: {} }, reusing()));
    const response = await get(port);
    const seen = new Set<number>();
    let position = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (position === 0) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(given).toBeLessThan(40);
      }
      for (let at = 0; at < chunk.length; at += 512) {
        if (chunk[at] !== Math.floor((position + at) / buffer.length)) expect.fail(`Byte ${position + at} is wrong.`);
        seen.add(chunk[at] ?? -1);
      }
      position += chunk.length;
    }
    expect(position).toBe(40 * buffer.length);
    expect(seen.size).toBe(40);
  });

  it('to a client that leaves ends at once, is left, and is nobody’s failure', async () => {
    const part = Buffer.alloc(1024 * 1024);
    const { chunks, state } = chunksOf(...Array.from({ length: 64 }, () => part));
    const { port, outcomes } = await serverOf((response) => stream(response, { status: 200, headers: {} }, chunks));
    const response = await get(port);
    response.destroy();
    expect(await outcomes[0]).toBe('served');
    expect(state.left).toBe(true);
    expect(state.given).toBeLessThan(64);
  });

  it('to a client that left before it began is not sent', async () => {
    const { chunks, state } = chunksOf('one', 'two');
    const { port, outcomes } = await serverOf(async (response) => {
      await once(response, 'close');
      await stream(response, { status: 200, headers: {} }, chunks);
    });
    const request = httpRequest({ port, host: '127.0.0.1', agent: false });
    request.on('error', () => undefined).end();
    await vi.waitFor(() => expect(outcomes).toHaveLength(1), 15_000);
    request.destroy();
    expect(await outcomes[0]).toBe('served');
    expect(state).toEqual({ left: true, given: 1 });
  });

  it('that waits behind another on its connection is left when the client leaves', async () => {
    const part = Buffer.alloc(1024 * 1024);
    const bodies = [0, 1].map(() => chunksOf(...Array.from({ length: 64 }, () => part)));
    let served = 0;
    const { port, outcomes } = await serverOf((response) => {
      const body = bodies[served++] ?? expect.fail('too many requests');
      return stream(response, { status: 200, headers: { 'Content-Length': 64 * part.length } }, body.chunks);
    });
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    await vi.waitFor(() => expect(outcomes).toHaveLength(2), 15_000);
    await vi.waitFor(() => expect(bodies.map(({ state }) => state.given > 0)).toEqual([true, true]), 15_000);
    socket.destroy();
    expect(await Promise.all(outcomes)).toEqual(['served', 'served']);
    expect(bodies.map(({ state }) => state.left)).toEqual([true, true]);
  });

  it.each([
    ['fewer', 'on', 'on'],
    ['more', 'one two', ''],
  ])(
    'of %s bytes than announced breaks the connection: the next one would be taken for a part of it',
    async (_, body, sent) => {
      const { port, outcomes } = await serverOf((response) =>
        stream(response, { status: 200, headers: { 'Content-Length': 3 } }, chunksOf(body).chunks),
      );
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      const received: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => received.push(chunk));
      await once(socket, 'close');
      const [, ...rest] = Buffer.concat(received).toString('latin1').split('\r\n\r\n');
      expect(rest.join()).toBe(sent);
      expect(await outcomes[0]).toMatch(/bytes/);
    },
  );

  it('that ends early because its client left is no fault', async () => {
    const { port, outcomes } = await serverOf((response) => {
      async function* untilNobodyReads(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('o');
        await once(response, 'close');
      }
      return stream(response, { status: 200, headers: { 'Content-Length': 3 } }, untilNobodyReads());
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    expect(await outcomes[0]).toBe('served');
  });

  it('leaves the connection to the next one', async () => {
    let bodies = 0;
    const { port } = await serverOf((response) => {
      bodies++;
      return stream(response, { status: 200, headers: { 'Content-Length': 3 } }, chunksOf('one').chunks);
    });
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    for (let round = 1; round <= 3; round++) {
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      await vi.waitFor(() => expect(text.split('one')).toHaveLength(round + 1), 15_000);
    }
    expect(bodies).toBe(3);
    socket.destroy();
  });
});
