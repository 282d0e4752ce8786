import { isIP } from 'node:net';
import path from 'node:path';
import type { Complain } from './complaints.ts';
import type { PostgresConfiguration } from './configuration.ts';
import type { DatabaseSettings } from './schema.ts';
import type { SecretReader } from './secrets.ts';

/** A PostgreSQL server's address as it stands in the file: everything but the password. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

const defaultPort = 5432;

/**
 * `postgres://pullgate@db.example:5432/pullgate`; a folder of a Unix socket is the host with its slashes as `%2F`.
 * Undefined for everything else, and for addresses with a password or options: they have settings of their own.
 */
export function parsePostgresAddress(value: unknown): PostgresAddress | undefined {
  if (typeof value !== 'string' || !/^postgres(?:ql)?:\/\/[^\s\\]+$/i.test(value) || !URL.canParse(value))
    return undefined;
  const url = new URL(value);
  if (url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  const host = decoded(url.hostname)?.replace(/^\[(.*)\]$/, '$1');
  const user = decoded(url.username);
  const database = decoded(url.pathname.slice(1));
  if (!host || !user || !database || database.includes('/')) return undefined;
  return { host, user, database, port: url.port === '' ? defaultPort : Number(url.port) };
}

function decoded(text: string): string | undefined {
  try {
    const plain = decodeURIComponent(text);
    return plain.includes('\0') ? undefined : plain;
  } catch {
    return undefined;
  }
}

/** The database for several nodes; undefined for the embedded one. Relative paths are relative to `folder`. */
export function resolveDatabase(
  { url, password, connections, statement_timeout, tls }: DatabaseSettings,
  folder: string,
  secrets: SecretReader,
  complain: Complain,
): PostgresConfiguration | undefined {
  if (url === undefined) {
    if (password !== undefined) {
      complain({ path: ['database', 'password'], part: 'key', expected: 'a url beside it', found: 'none' });
    }
    return undefined;
  }
  return {
    ...url,
    password: password && secrets.read(password, ['database', 'password']),
    connections,
    statementTimeoutMs: statement_timeout,
    tls: resolveTls(tls, url, folder, complain),
  };
}

/** On the way to another machine everybody could read along, so that is encrypted unless somebody says otherwise. */
function resolveTls(
  { mode, ca, certificate, key }: DatabaseSettings['tls'],
  { host }: PostgresAddress,
  folder: string,
  complain: Complain,
): PostgresConfiguration['tls'] {
  const at = (name: string) => ({ path: ['database', 'tls', name], part: 'key' }) as const;
  if (certificate !== undefined && key === undefined) {
    complain({ ...at('certificate'), expected: 'a key beside it', found: 'none' });
  }
  if (key !== undefined && certificate === undefined) {
    complain({ ...at('key'), expected: 'a certificate beside it', found: 'none' });
  }
  if ((mode ?? (isThisMachine(host) ? 'off' : 'verify')) === 'off') return undefined;
  return {
    ca: ca && path.resolve(folder, ca),
    client:
      certificate === undefined || key === undefined
        ? undefined
        : { certificate: path.resolve(folder, certificate), key: path.resolve(folder, key) },
  };
}

function isThisMachine(host: string): boolean {
  return (
    host.startsWith('/') || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  );
}
