import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface WholeAnswer {
  readonly status: number;
  /** As they were spelt on the wire. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Asks once, over a connection of its own. Rejects when the server cannot be reached. */
export function ask(
  port: number,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path: target, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(pairs(response.rawHeaders)),
          body: Buffer.concat(chunks),
        }),
      );
    });
    asking.on('error', reject);
    asking.end();
  });
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as [string, string]] : []));
}

/** Waits until a server answers with 200. */
export async function answering(port: number, target: string, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const answer = await ask(port, target).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(5);
  }
  throw new Error(`Port ${port} did not answer ${target} within ${limitMs / 1000} s.`);
}

export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
