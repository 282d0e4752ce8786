import { createTransport } from 'nodemailer';
import type { Mail } from './mail.ts';

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on; otherwise the connection has to turn to it before anything is sent, if `requireTls`. */
  readonly secure: boolean;
  readonly requireTls: boolean;
  readonly username: string | undefined;
  /** The text itself. */
  readonly password: string | undefined;
  /** `Pullgate <gate@acme.example>` */
  readonly from: string;
  /** How the gate is called in letters: its host. */
  readonly gate: string;
}

const timeoutMs = 20_000;

/** Letters in plain text: nothing in them is looked at but one link. */
export function createSmtpMail(options: SmtpOptions): Mail & { close(): void } {
  const { host, port, secure, requireTls, username, password, from, gate } = options;
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: requireTls && !secure,
    ...(username !== undefined && { auth: { user: username, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // What is sent is text of ours; nothing of it is to be fetched from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  async function send(to: string, subject: string, lines: readonly string[]): Promise<void> {
    // An object: text would be parsed as a list of addresses.
    const letter = { from, to: { name: '', address: to }, subject, text: `${lines.join('\n')}\n` };
    await transport.sendMail(letter).catch((error: unknown) => {
      throw new Error(`The mail server ${host} did not take the letter: ${reasonOf(error)}.`);
    });
  }

  return {
    invitation: ({ to, organization, invitedBy, link }) =>
      send(to, `Join ${organization} on ${gate}`, [
        `${invitedBy} invites you to ${organization} on ${gate}.`,
        '',
        `Accept: ${link}`,
        '',
        'The link is for you alone. If you do not know what this is about, do nothing.',
      ]),
    passwordReset: ({ to, username: name, link }) =>
      send(to, `A new password for ${gate}`, [
        `Somebody, probably you, asked for a new password for ${name} on ${gate}.`,
        '',
        `Choose one: ${link}`,
        '',
        'The link is good for one hour. If it was not you, do nothing: your password stays as it is.',
        '',
        'A new password ends all sessions. Access tokens and passkeys go on: look through them in your account, and delete',
        'those that you do not know.',
      ]),
    close: () => transport.close(),
  };
}

/** Never what the server said: it may repeat what it was told, and that is the password or the link. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const parts = ['code', 'responseCode'].flatMap((key) => (key in error ? String(error[key as keyof object]) : []));
  return parts.join(' ') || 'unknown';
}
