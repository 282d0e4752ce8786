import { closeSync, openSync, read } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from './parent.ts';

/** What a server answers that knows and checks nothing: the most that Node.js could do for these bytes. */
export interface BareOrder {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly base64: string } | { readonly file: string; readonly chunkBytes: number };
}

export interface BareFacts {
  readonly port: number;
}

function listenerOf({ headers, body }: BareOrder): RequestListener {
  if ('file' in body) {
    return (_request, response) => {
      response.writeHead(200, headers);
      sendFile(response, body.file, body.chunkBytes);
    };
  }
  const bytes = Buffer.from(body.base64, 'base64');
  return (_request, response) => {
    response.writeHead(200, headers);
    response.end(bytes);
  };
}

/** Reads into one buffer while the other is sent: a stream would make a new buffer of each chunk, and be half as fast. */
function sendFile(response: ServerResponse, file: string, chunkBytes: number): void {
  const fd = openSync(file, 'r');
  let filled = Buffer.allocUnsafeSlow(chunkBytes);
  let sent = Buffer.allocUnsafeSlow(chunkBytes);
  let waiting = 2;
  let length = 0;

  function proceed(): void {
    waiting -= 1;
    if (waiting > 0) return;
    if (length === 0 || response.destroyed) {
      closeSync(fd);
      response.end();
      return;
    }
    waiting = 2;
    [filled, sent] = [sent, filled];
    response.write(sent.subarray(0, length), proceed);
    fill();
  }

  function fill(): void {
    read(fd, filled, 0, chunkBytes, null, (error, bytes) => {
      if (error) response.destroy(error);
      length = bytes;
      proceed();
    });
  }

  waiting = 1;
  fill();
}

answerParent<BareOrder, BareFacts>((order) => {
  const server = createServer(listenerOf(order));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ port: (server.address() as AddressInfo).port }));
  });
});
