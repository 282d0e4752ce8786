import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

export interface MailServer {
  readonly port: number;
  /** Letters as they came, headers first. */
  readonly letters: string[];
  /** Everything else that the gate said: names and passwords among it. */
  readonly said: string[];
  /** From here on nobody is let in, and everybody is told what they said. */
  refuse(): void;
  close(): Promise<void>;
}

/** Takes every letter from whoever signs in (RFC 5321, RFC 4954), in clear text. */
export async function startMailServer(): Promise<MailServer> {
  const letters: string[] = [];
  const said: string[] = [];
  const sockets = new Set<Socket>();
  let isOpen = true;

  function converse(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let waiting = '';
    let letter: string[] | undefined;
    const reply = (line: string) => socket.write(`${line}\r\n`);

    function take(line: string): void {
      if (!letter) answer(line);
      else if (line !== '.') letter.push(line);
      else {
        letters.push(letter.join('\n'));
        letter = undefined;
        reply('250 taken');
      }
    }

    function answer(line: string): void {
      said.push(line);
      switch (line.slice(0, 4).toUpperCase()) {
        case 'EHLO':
          return void reply('250-mail.test\r\n250 AUTH PLAIN LOGIN');
        case 'AUTH':
          return void reply(isOpen ? '235 welcome' : `535 5.7.8 nobody is let in by ${line}`);
        case 'DATA':
          letter = [];
          return void reply('354 go on');
        case 'QUIT':
          reply('221 bye');
          return void socket.end();
        default:
          reply('250 fine');
      }
    }

    socket.on('data', (chunk) => {
      const lines = `${waiting}${chunk}`.split('\r\n');
      waiting = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
    reply('220 mail.test');
  }

  const server = createServer(converse);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    letters,
    said,
    refuse() {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
