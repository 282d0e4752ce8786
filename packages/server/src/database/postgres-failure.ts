import { DatabaseError } from './database-error.ts';
import { type PostgresLocation, postgresLabel } from './postgres-location.ts';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const wrongPassword = '28P01';
const notAuthorized = '28000';
const noSuchDatabase = '3D000';
const tooManyConnections = '53300';
const lockNotAvailable = '55P03';
const queryCanceled = '57014';
const deadlock = '40P01';

/** Why there is no connection, and what to do about it, for whoever runs the installation. */
export function connectionFailure(location: PostgresLocation, cause: unknown): DatabaseError {
  const label = postgresLabel(location);
  return new DatabaseError(`The database ${label} cannot be reached: ${connectionSentence(location, cause)}`, {
    cause,
  });
}

function connectionSentence({ host, port, user, database, tls }: PostgresLocation, cause: unknown): string {
  switch (codeOf(cause)) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return 'nothing listens there. Start the server, or correct database.url.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no host ${host}. Correct database.url.`;
    case 'EACCES':
      return `this user may not use the socket in ${host}.`;
    case wrongPassword:
      return `it does not take the password of ${user}. Correct database.password.`;
    case notAuthorized:
      return `it lets ${user} in neither from here nor like this (${messageOf(cause)}). Look into its pg_hba.conf.`;
    case noSuchDatabase:
      return `the server has no database ${database}. Create it, with ${user} as its owner.`;
    case tooManyConnections:
      return 'it takes no more connections. Raise its max_connections, or lower database.connections.';
  }
  const message = messageOf(cause);
  if (/SASL|SCRAM/.test(message) && /password/.test(message)) return 'it asks for a password. Set database.password.';
  if (/timeout/i.test(message))
    return `no connection in time. Look whether port ${port} of ${host} is open to this machine.`;
  if (/does not support SSL/.test(message)) {
    return 'it does not speak TLS. Switch ssl on there; only where nobody can listen, set database.tls.mode to off.';
  }
  if (tls !== undefined && isCertificateTrouble(cause)) {
    return `its certificate is not trusted (${message}). Put its authority into database.tls.ca.`;
  }
  return `${message}.`;
}

/** What people can do about a statement that failed, or the error itself when that is for programmers. */
export function statementFailure(location: PostgresLocation, cause: unknown): unknown {
  switch (codeOf(cause)) {
    case lockNotAvailable:
    case deadlock:
      return new DatabaseError('Somebody else has been changing the database for too long. Try again.', { cause });
    case queryCanceled:
      return new DatabaseError(
        `The database took more than ${location.statementTimeoutMs / 1000} seconds for a statement. Ask for less, or raise database.statement_timeout.`,
        { cause },
      );
  }
  if (!isBrokenConnection(cause)) return cause;
  return new DatabaseError(
    `The connection to the database ${postgresLabel(location)} broke (${messageOf(cause)}). Try again.`,
    { cause },
  );
}

/** The server says nothing without a five-character code: everything else comes from the way there. */
export function isBrokenConnection(error: unknown): boolean {
  const code = codeOf(error);
  // 57P01 to 57P03: the server is going down or coming up.
  return code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^57P0[123]$/.test(code);
}

function isCertificateTrouble(error: unknown): boolean {
  return /CERT|SIGNED|ISSUER|ALTNAME|CRL/.test(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // A host with several addresses fails with all their errors; the first one tells it.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
