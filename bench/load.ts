import { connect, type Socket } from 'node:net';

/**
 * One request, sent again and again over kept connections: the next one as soon as the last answer is complete. Raw
 * sockets, because a client that costs as much as the server would measure itself.
 */
export interface LoadOrder {
  readonly port: number;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  /** Answers in all, or a time after which nothing new is asked. */
  readonly until: { readonly answers: number } | { readonly milliseconds: number };
}

export interface Measured {
  readonly answers: number;
  /** Of all bodies. */
  readonly bytes: number;
  readonly seconds: number;
}

/** Room for one read of a socket. */
const readBytes = 256 * 1024;
/** A head is in one of these; longer ones are none that this bench sees. */
const maxHeadBytes = 8 * 1024;

/** Rejects with the status line when an answer is anything but 200. */
export async function runLoad(order: LoadOrder): Promise<Measured> {
  const mayAsk = limitOf(order.until);
  const started = performance.now();
  const counts = await Promise.all(Array.from({ length: order.connections }, () => runConnection(order, mayAsk)));
  const seconds = (performance.now() - started) / 1000;
  return {
    answers: counts.reduce((sum, { answers }) => sum + answers, 0),
    bytes: counts.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds,
  };
}

function limitOf(until: LoadOrder['until']): () => boolean {
  if ('answers' in until) {
    let left = until.answers;
    return () => left-- > 0;
  }
  const end = performance.now() + until.milliseconds;
  return () => performance.now() < end;
}

interface Count {
  answers: number;
  bytes: number;
}

function runConnection(order: LoadOrder, mayAsk: () => boolean): Promise<Count> {
  const headers = Object.entries({ Host: `localhost:${order.port}`, ...order.headers });
  const request = `GET ${order.target} HTTP/1.1\r\n${headers.map((header) => header.join(': ')).join('\r\n')}\r\n\r\n`;
  const count: Count = { answers: 0, bytes: 0 };

  return new Promise((resolve, reject) => {
    function askOrEnd(): void {
      if (mayAsk()) socket.write(request, 'latin1');
      else socket.end(() => resolve(count));
    }
    const read = answerReader({
      onBody: (bytes) => {
        count.bytes += bytes;
      },
      onComplete() {
        count.answers += 1;
        askOrEnd();
      },
    });
    const socket: Socket = connect({
      host: '127.0.0.1',
      port: order.port,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytes),
        callback(length, buffer) {
          try {
            read(buffer as Buffer, length);
          } catch (error) {
            socket.destroy();
            reject(error);
          }
          return true;
        },
      },
    });
    socket.on('connect', askOrEnd);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${order.target}: the server closed the connection.`)));
  });
}

interface AnswerEvents {
  onBody(bytes: number): void;
  onComplete(): void;
}

/** Reads one answer after the other, and keeps nothing of them. */
function answerReader({ onBody, onComplete }: AnswerEvents): (buffer: Buffer, length: number) => void {
  let head = '';
  let left = 0;

  /** Takes in more of a head, and tells how many of these bytes belonged to it. */
  function readHead(buffer: Buffer, from: number, length: number): number {
    const before = head.length;
    head += buffer.toString('latin1', from, Math.min(length, from + maxHeadBytes));
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return length - from;
    left = contentLength(head.slice(0, end));
    head = '';
    return end + 4 - before;
  }

  return (buffer, length) => {
    for (let at = 0; at < length; ) {
      if (left === 0) {
        at += readHead(buffer, at, length);
        if (head === '' && left === 0) onComplete();
        continue;
      }
      const taken = Math.min(left, length - at);
      at += taken;
      left -= taken;
      onBody(taken);
      if (left === 0) onComplete();
    }
  };
}

function contentLength(head: string): number {
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(head.slice(0, head.indexOf('\r\n')));
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (length === undefined) throw new Error('An answer without Content-Length.');
  return Number(length);
}
