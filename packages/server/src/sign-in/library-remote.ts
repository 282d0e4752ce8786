import type { Remote } from './authentication.ts';

/** Set by the gate on each request that the library gets, whatever a client sends. */
export const addressHeader = 'x-pullgate-address';

/** Id of the connection that a request is about; set by the gate, whatever a client sends. */
export const connectionHeader = 'x-pullgate-connection';

const maxUserAgentLength = 256;

/** Headers that tell the library where a request comes from. */
export function remoteHeaders({ address, userAgent }: Remote): Record<string, string> {
  return { [addressHeader]: address, 'user-agent': userAgent?.slice(0, maxUserAgentLength) ?? '' };
}

export function remoteOf(headers: Headers | undefined): Remote {
  const userAgent = headers?.get('user-agent') ?? '';
  return { address: headers?.get(addressHeader) ?? 'unknown', ...(userAgent !== '' && { userAgent }) };
}
