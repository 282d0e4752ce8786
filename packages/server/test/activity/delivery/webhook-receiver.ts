import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly port: number;
  /** What was answered with 2xx, in order. */
  readonly taken: Received[];
  /** Everything that arrived. */
  readonly seen: Received[];
  /** Ids of what was taken, each once, in order. */
  ids(): string[];
}

/** A receiver on loopback. `answer` gives the status of each delivery, or undefined to never answer. */
export async function receiveWebhooks(
  answer: (received: Received, count: number) => number | undefined = () => 204,
  port = 0,
): Promise<WebhookReceiver> {
  const seen: Received[] = [];
  const taken: Received[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const received = { headers: request.headers, body };
    seen.push(received);
    const status = answer(received, seen.length);
    if (status === undefined) return;
    if (status < 300) taken.push(received);
    response.writeHead(status, status < 400 && status >= 300 ? { location: '/elsewhere' } : {}).end();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}/hook?key=hunter2`,
    port: bound,
    taken,
    seen,
    ids: () => [...new Set(taken.map(({ headers }) => String(headers['webhook-id'])))],
  };
}
