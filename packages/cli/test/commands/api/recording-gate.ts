import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly method: string;
  /** With the query. */
  readonly target: string;
  /** Undefined when there is none. */
  readonly body: unknown;
  readonly headers: NodeJS.Dict<string | string[]>;
}

export interface RecordingGate {
  readonly url: string;
  /** What was asked since the last look. */
  take(): readonly Asked[];
  close(): Promise<void>;
}

export interface GateAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Answers everything as it is told to, and remembers what it was asked. */
export async function startRecordingGate(answer: (asked: Asked) => GateAnswer): Promise<RecordingGate> {
  let asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const sent = await text(request);
    const { method = '', url: target = '', headers } = request;
    const one = { method, target, headers, body: sent === '' ? undefined : JSON.parse(sent) };
    asked.push(one);
    const { status, headers: more, body } = answer(one);
    response.writeHead(status, more).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = asked;
      asked = [];
      return taken;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
