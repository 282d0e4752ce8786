/**
 * A PostgreSQL database and how to connect to it. Plain data, password included: it goes to the archive's thread, never to
 * a log or an error. `postgresLabel` is what people see of it.
 */
export interface PostgresLocation {
  readonly kind: 'postgres';
  /** Host name or address, or the folder of the server's Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Undefined when the server asks for none, as on a Unix socket. */
  readonly password: string | undefined;
  /** How many connections this process may open with it. */
  readonly connections: number;
  /** Milliseconds that a statement may take. */
  readonly statementTimeoutMs: number;
  /** Absolute paths of PEM files; undefined speaks without TLS. The server's certificate is always verified. */
  readonly tls: PostgresTls | undefined;
}

export interface PostgresTls {
  /** Authorities to trust instead of the well-known ones. */
  readonly ca: string | undefined;
  /** What this client identifies itself with. */
  readonly client: { readonly certificate: string; readonly key: string } | undefined;
}

/** The database as people write it, without the password. */
export function postgresLabel({ user, host, port, database }: PostgresLocation): string {
  const place = host.startsWith('/') || host.includes(':') ? encodeHost(host) : host;
  return `postgres://${encodeURIComponent(user)}@${place}:${port}/${encodeURIComponent(database)}`;
}

function encodeHost(host: string): string {
  return host.startsWith('/') ? encodeURIComponent(host) : `[${host}]`;
}
