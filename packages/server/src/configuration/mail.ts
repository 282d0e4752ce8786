import type { Complain } from './complaints.ts';
import type { MailConfiguration } from './configuration.ts';
import type { MailSettings } from './schema.ts';
import type { SecretReader } from './secrets.ts';

/** RFC 8314 section 7.3; without TLS it is a server next door. */
const defaultPorts = { starttls: 587, tls: 465, none: 25 } as const;

/** The server that letters are sent through; undefined for none. */
export function resolveMail(
  settings: MailSettings,
  secrets: SecretReader,
  complain: Complain,
): MailConfiguration | undefined {
  const { host, security, username, from } = settings;
  if (host === undefined) {
    const [beside] = (['port', 'username', 'password', 'from'] as const).filter((key) => settings[key] !== undefined);
    if (beside) complain({ path: ['mail', beside], part: 'key', expected: 'a host beside it', found: 'none' });
    return undefined;
  }
  if (from === undefined)
    complain({ path: ['mail', 'host'], part: 'key', expected: 'a from beside it', found: 'none' });
  if (username !== undefined && settings.password === undefined) {
    complain({ path: ['mail', 'username'], part: 'key', expected: 'a password beside it', found: 'none' });
  }
  const password = settings.password && secrets.read(settings.password, ['mail', 'password']);
  return { host, port: settings.port ?? defaultPorts[security], security, username, password, from: from ?? '' };
}
