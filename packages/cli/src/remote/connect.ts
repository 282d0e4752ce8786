import { type Client, createClient } from '@pullgate/contract';
import { exitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';
import type { Shell } from '../shell.ts';
import { hasEnded } from './bearer.ts';
import { gateFetch } from './gate-fetch.ts';
import { orFailure } from './refusal.ts';
import { readSignIn, type StoredSignIn, storeSignIn } from './stored-sign-in.ts';

/** Where to ask, and as whom. */
export interface Connection {
  /** Scheme and host. */
  readonly baseUrl: string;
  /** Absent: as nobody. */
  readonly token?: string;
}

/**
 * As whoever signed in with `pullgate login`.
 *
 * @throws {Failure} when nobody is signed in, or not any more
 */
export async function connectSignedIn(shell: Shell): Promise<Connection> {
  const stored = readSignIn(shell);
  if (stored === undefined) {
    throw new Failure(
      `Nobody is signed in here. Sign in first: ${shell.program} login --url https://gate.acme.dev --username alice`,
      exitCode.unauthorized,
    );
  }
  return { baseUrl: stored.url, token: await bearerOf(stored, shell) };
}

/** For what everybody may ask: as whoever is signed in there, if anybody is. */
export async function connectAnyhow(shell: Shell, url: string | undefined): Promise<Connection> {
  const stored = readSignIn(shell);
  if (url === undefined || stored?.url === url) return connectSignedIn(shell);
  return { baseUrl: url };
}

/** The bearer that is kept, as long as it is good; then a new one, if a token was signed in with. */
async function bearerOf(stored: StoredSignIn, shell: Shell): Promise<string> {
  const { url, username, token, bearer } = stored;
  if (!hasEnded(bearer, Date.now())) return bearer;
  if (token === undefined) {
    throw new Failure(
      `The sign-in of ${username} at ${url} has ended. Sign in again: ${shell.program} login`,
      exitCode.unauthorized,
    );
  }
  const renewed = await orFailure(shell, () => exchange(clientFor({ baseUrl: url }), username, token));
  storeSignIn(shell, { ...stored, bearer: renewed });
  return renewed;
}

/** Makes a bearer of an access token. */
export async function exchange(client: Client, username: string, token: string): Promise<string> {
  return (await client.createBearer({ body: { identifier: username, secret: token } })).access_token;
}

export function clientFor(connection: Connection, fetch = gateFetch): Client {
  return createClient({ ...connection, fetch });
}
