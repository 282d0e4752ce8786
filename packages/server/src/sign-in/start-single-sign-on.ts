import type { ConnectionStore } from './connection-store.ts';
import { domainOf } from './enforcement.ts';
import { refusal } from './refusal.ts';

/** What the library is asked. */
export interface Asked {
  readonly body: string | undefined;
  /** Of the single sign-on connection that it is about. */
  readonly connectionId?: string;
}

/** Of the gate itself: `//evil.example` and `/\evil.example` are addresses elsewhere. */
const ownPath = /^\/(?![/\\])[\x21-\x7e]{0,1000}$/;

/** Begins single sign-on for an address, at the connection of its domain. */
export async function startSingleSignOn(
  { email, callbackURL, errorCallbackURL = callbackURL }: Record<string, unknown>,
  connections: Pick<ConnectionStore, 'byDomain'>,
): Promise<Asked | Response> {
  const isOwn = (path: unknown) => typeof path === 'string' && ownPath.test(path) && !path.includes('\\');
  if (!isOwn(callbackURL) || !isOwn(errorCallbackURL)) {
    return refusal(400, 'FOREIGN_CALLBACK', 'callbackURL is a path of the gate, such as /console.');
  }
  const domain = typeof email === 'string' ? domainOf(email) : undefined;
  const connection = domain === undefined ? undefined : await connections.byDomain(domain);
  if (!connection) {
    return refusal(404, 'NO_SINGLE_SIGN_ON', 'No organization signs in with single sign-on for this address.');
  }
  const { id } = connection;
  return {
    body: JSON.stringify({ providerId: id, callbackURL, errorCallbackURL, loginHint: email }),
    connectionId: id,
  };
}

const relayCookie = /(?:^|; ?)__Secure-pullgate\.relay_state=([^;]+)/;

/**
 * Whether the browser that posts an assertion is the one that asked for it. Otherwise a page elsewhere could sign a visitor
 * in as somebody else. Over plain HTTP browsers keep no cookie that another site's form takes along.
 */
export function isOwnRelayState({ headers }: Request, form: string | undefined): boolean {
  const told = new URLSearchParams(form).get('RelayState');
  const [, cookie = ''] = relayCookie.exec(headers.get('cookie') ?? '') ?? [];
  return told !== null && told !== '' && cookie.startsWith(`${encodeURIComponent(told)}.`);
}
