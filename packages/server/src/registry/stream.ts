import type { ServerResponse } from 'node:http';
import type { Answer } from '../http/answer.ts';

/** How long an answer waits for its first chunk: containerd gives up after 30 s without a head. */
const firstChunkMilliseconds = 5_000;

/**
 * Waits a little for the first chunk, so that what is wrong from the start can still be answered with an error in
 * words. Afterwards only breaking the connection is left.
 */
export async function primed(body: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = body[Symbol.asyncIterator]();
  const first = iterator.next();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, firstChunkMilliseconds);
  });
  await Promise.race([first, limit]).finally(() => clearTimeout(timer));
  return replaying(first, iterator);
}

/** Not a generator: one that was never started would not pass `return` on, and a file would stay open. */
function replaying(
  first: Promise<IteratorResult<Uint8Array>>,
  iterator: AsyncIterator<Uint8Array>,
): AsyncIterable<Uint8Array> {
  let pending: Promise<IteratorResult<Uint8Array>> | undefined = first;
  return {
    [Symbol.asyncIterator]: () => ({
      next() {
        const result = pending ?? iterator.next();
        pending = undefined;
        return result;
      },
      async return() {
        await iterator.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}

/**
 * Sends a body chunk by chunk, at the pace of the client. When the bytes turn out to be wrong or stop coming, the
 * connection is broken: an ended answer would look complete.
 */
export async function stream(
  response: ServerResponse,
  { status, headers }: Answer,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  let gone: (reason: Error) => void = () => undefined;
  response.once('close', () => gone(new ClientGone()));
  response.writeHead(status, { ...headers });
  let left = Number(headers['Content-Length'] ?? Number.NaN);
  try {
    for await (const chunk of body) {
      left -= chunk.length;
      if (left < 0) throw new Error('There are more bytes in an answer than it announced.');
      // The chunk's memory is used again for the next one: it must be with the kernel first.
      await new Promise<void>((resolve, reject) => {
        gone = reject;
        response.write(chunk, (error) => (error ? reject(new ClientGone()) : resolve()));
      });
    }
    // A client would take the next answer for the rest of this one.
    if (left > 0 && !response.closed) throw new Error(`${left} bytes are missing at the end of an answer.`);
    if (!response.closed) response.end();
  } catch (error) {
    response.destroy();
    if (!(error instanceof ClientGone)) throw error;
  }
}

class ClientGone extends Error {
  override readonly name = 'ClientGone';
}
