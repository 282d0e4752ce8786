import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSmtpMail, type SmtpOptions } from '../../src/sign-in/smtp-mail.ts';

interface MailServer {
  readonly port: number;
  /** What clients said outside of letters, line by line. */
  readonly said: string[];
  /** Letters, as somebody reads them. */
  readonly letters: Letter[];
}

interface Letter {
  readonly headers: readonly string[];
  readonly text: string;
}

/** As much of a mail server (RFC 5321) as takes letters; it knows no TLS. */
async function startMailServer(): Promise<MailServer> {
  const said: string[] = [];
  const letters: Letter[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let letter: string[] | undefined;
    let waiting = '';

    function take(line: string): void {
      if (!letter) {
        said.push(line);
        if (/^DATA/i.test(line)) letter = [];
        return void socket.write(answerTo(line));
      }
      if (line !== '.') return void letter.push(line);
      letters.push(readLetter(letter));
      letter = undefined;
      socket.write('250 taken\r\n');
    }

    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${waiting}${text}`.split('\r\n');
      waiting = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
    socket.write('220 mail.example\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, said, letters };
}

function answerTo(line: string): string {
  if (/^EHLO/i.test(line)) return '250-mail.example\r\n250 AUTH PLAIN\r\n';
  if (/^STARTTLS/i.test(line)) return '502 not known here\r\n';
  if (/^AUTH/i.test(line)) return '235 ok\r\n';
  if (/^DATA/i.test(line)) return '354 go on\r\n';
  return '250 ok\r\n';
}

function readLetter(lines: readonly string[]): Letter {
  const end = lines.indexOf('');
  const headers = lines.slice(0, end);
  const body = lines.slice(end + 1).join('\n');
  const isQuoted = headers.some((line) => /^Content-Transfer-Encoding: quoted-printable$/i.test(line));
  return { headers, text: isQuoted ? unquote(body) : body };
}

/** Quoted-printable (RFC 2045 section 6.7) of ASCII. */
function unquote(text: string): string {
  return text
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function open(port: number, options: Partial<SmtpOptions> = {}) {
  const mail = createSmtpMail({
    host: '127.0.0.1',
    port,
    secure: false,
    requireTls: false,
    username: undefined,
    password: undefined,
    from: 'Pullgate <gate@acme.example>',
    gate: 'gate.acme.example',
    ...options,
  });
  onTestFinished(() => mail.close());
  return mail;
}

const invitation = {
  to: 'carol@acme.example',
  organization: 'acme',
  invitedBy: 'alice',
  link: 'https://gate.acme.example/invite#pgi_secret',
};

describe('a letter', () => {
  it('invites, with the link', async () => {
    const { port, said, letters } = await startMailServer();
    await open(port).invitation(invitation);
    expect(said).toContain('MAIL FROM:<gate@acme.example>');
    expect(said).toContain('RCPT TO:<carol@acme.example>');
    expect(letters).toHaveLength(1);
    expect(letters[0]?.headers).toContain('Subject: Join acme on gate.acme.example');
    expect(letters[0]?.text).toContain(`Accept: ${invitation.link}\n`);
  });

  it('lets choose a new password, with the link', async () => {
    const { port, letters } = await startMailServer();
    const link = 'https://gate.acme.example/console/reset-password#secret';
    await open(port).passwordReset({ to: 'bob@acme.example', username: 'bob', link });
    expect(letters[0]?.headers).toContain('Subject: A new password for gate.acme.example');
    expect(letters[0]?.text).toContain(`Choose one: ${link}\n`);
    expect(letters[0]?.text).toContain('Access tokens and passkeys go on: look through them');
  });

  it('goes to one address, whatever that looks like', async () => {
    const { port, said } = await startMailServer();
    const to = 'carol@acme.example,mallory@evil.example';
    await open(port)
      .invitation({ ...invitation, to })
      .catch(() => undefined);
    expect(said.filter((line) => /^RCPT TO:<mallory/i.test(line))).toEqual([]);
  });

  it('has no headers that somebody slipped into a name', async () => {
    const { port, said, letters } = await startMailServer();
    await open(port).invitation({ ...invitation, organization: 'acme\r\nBcc: mallory@evil.example' });
    expect(letters[0]?.headers.filter((line) => /^Bcc:/i.test(line))).toEqual([]);
    expect(said.filter((line) => /^RCPT/i.test(line))).toEqual(['RCPT TO:<carol@acme.example>']);
  });

  it('is not sent in clear text when TLS is asked for', async () => {
    const { port, said, letters } = await startMailServer();
    const mail = open(port, { requireTls: true, username: 'gate', password: 'canary-password' });
    await expect(mail.invitation(invitation)).rejects.toThrow('did not take the letter: ETLS 502.');
    expect(said.filter((line) => /^(?:AUTH|MAIL|RCPT|DATA)/i.test(line))).toEqual([]);
    expect(letters).toEqual([]);
  });
});
