import type { IncomingMessage } from 'node:http';

/** What the rims need to know of a request beside its target and its credentials. */
export interface ClientFacts {
  readonly address: string;
  /** Client family by the User-Agent: for records, never a ground for a decision. */
  readonly client: string;
}

/** The scheme and the rest of an Authorization header. Undefined when there is none or it has another form. */
export function authorizationOf(request: IncomingMessage): { scheme: string; value: string } | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const space = header.indexOf(' ');
  if (space <= 0) return undefined;
  return { scheme: header.slice(0, space).toLowerCase(), value: header.slice(space + 1).trim() };
}

/** User name and password of HTTP Basic (RFC 7617). The first colon divides: passwords may hold more. */
export function basicCredentials(request: IncomingMessage): { username: string; password: string } | undefined {
  const authorization = authorizationOf(request);
  if (authorization?.scheme !== 'basic') return undefined;
  const text = Buffer.from(authorization.value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
