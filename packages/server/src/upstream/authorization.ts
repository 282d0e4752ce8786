import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Audience } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import { SingleFlight } from '../single-flight.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { discard, type HttpAnswer, type HttpClient, readBody } from './http-client.ts';
import { retryAfterSeconds } from './http-failure.ts';
import { TransientError } from './retry.ts';

/** The token service of a registry (distribution token authentication). */
export interface TokenService {
  readonly realm: string;
  /** What the registry calls itself there; its own word counts when it is undefined. */
  readonly service: string | undefined;
}

/** What the gate signs in to an upstream with. */
export interface UpstreamCredential {
  readonly username: string;
  readonly password: string;
}

export interface AuthorizerOptions {
  readonly client: HttpClient;
  /** The registry itself: the only other place that ever sees a credential. */
  readonly registry: URL;
  /** Without it, only a realm on the registry's own origin is accepted. */
  readonly token: TokenService | undefined;
  /** Asked for each request, so that a changed credential counts at once. */
  readonly credentials: (audience: Audience) => UpstreamCredential | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a request is made for: `repository:library/nginx:pull` on somebody's behalf. */
export interface Access {
  readonly audience: Audience;
  readonly scope: string;
}

/** Holds the upstream's `Authorization` headers. Values never occur in errors. */
export interface Authorizer {
  /** The header to begin with, when one is known. */
  known(access: Access): string | undefined;
  /** The header that answers a 401, or undefined when nothing can. `rejected` is the one that the 401 refused. */
  answer(challenge: HttpAnswer['headers'], access: Access, rejected: string | undefined): Promise<string | undefined>;
}

/** True of a header that is the credential itself, so that a 401 in answer to it is about the credential. */
export const isCredential = (header: string): boolean => header.startsWith('Basic ');

interface Grant {
  readonly header: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const maxGrants = 1_000;
const tokenAnswerLimit = 1024 * 1024;
const basicLifetimeMs = 300_000;

/** Signs in to one upstream, by token or HTTP Basic, and remembers each grant until shortly before it expires. */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { client, credentials, now } = options;
  const grants = new LRUCache<string, Grant>({ max: maxGrants });
  const requests = new SingleFlight<Grant>();

  const known = (access: Access): string | undefined => {
    const grant = grants.get(keyOf(access, credentials(access.audience)));
    return grant !== undefined && grant.until > now() ? grant.header : undefined;
  };

  return {
    known,
    async answer(headers, access, rejected) {
      const renewed = known(access);
      if (renewed !== undefined && renewed !== rejected) return renewed;

      const challenges = parseChallenges(headers['www-authenticate']);
      const credential = credentials(access.audience);
      const key = keyOf(access, credential);
      const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
      if (bearer !== undefined) {
        const url = tokenUrl(options, bearer, access.scope);
        const grant = await requests.run(key, () => requestToken(client, url, credential, now));
        grants.set(key, grant);
        return grant.header;
      }
      if (credential === undefined || !challenges.some(({ scheme }) => scheme === 'basic')) return undefined;
      const header = basic(credential);
      if (header === rejected) throw credentialRefused(client.name);
      grants.set(key, { header, until: now() + basicLifetimeMs });
      return header;
    },
  };
}

/** The credential is part of the key: what an old one was granted ends with it. Hashed, as keys turn up in heap dumps. */
function keyOf(access: Access, credential: UpstreamCredential | undefined): string {
  const parts = [access.audience, access.scope, credential?.username ?? '', credential?.password ?? ''];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

/**
 * An upstream may name any realm, and whoever is named gets the credential (CVE-2020-15157, CVE-2026-33540). So the
 * realm must be the configured one, or the registry itself.
 */
function tokenUrl({ client, registry, token }: AuthorizerOptions, challenge: Challenge, scope: string): URL {
  const realm = URL.parse(challenge.parameters.get('realm') ?? '');
  const expected =
    token === undefined ? realm?.origin === registry.origin : realm?.href === URL.parse(token.realm)?.href;
  if (realm === null || !expected) throw foreignRealm(client.name, realm);
  const service = token?.service ?? challenge.parameters.get('service');
  if (service !== undefined) realm.searchParams.set('service', service);
  realm.searchParams.set('scope', scope);
  realm.searchParams.set('client_id', 'pullgate');
  return realm;
}

function foreignRealm(name: string, realm: URL | null): ContentError {
  const named = realm === null ? 'no usable token service' : `${realm.origin}${realm.pathname}`.slice(0, 80);
  return new ContentError(
    'untrustworthy',
    `${name} names ${named} for signing in, which is not its configured token service.`,
  );
}

async function requestToken(
  client: HttpClient,
  url: URL,
  credential: UpstreamCredential | undefined,
  now: () => number,
): Promise<Grant> {
  const headers = {
    accept: 'application/json',
    ...(credential === undefined ? {} : { authorization: basic(credential) }),
  };
  return client.withDeadline(async (signal) => {
    const answer = await client.send({ method: 'GET', url, headers, signal });
    if (answer.status === 200) {
      return parseToken(client.name, await readBody(client.name, answer, tokenAnswerLimit), now());
    }
    await discard(answer);
    throw tokenFailure(client.name, answer, credential !== undefined, now());
  });
}

function tokenFailure(name: string, { status, headers }: HttpAnswer, signedIn: boolean, now: number): ContentError {
  if (status === 401 && signedIn) return credentialRefused(name);
  if (status === 401 || status === 403) {
    return new ContentError('not-found', `${name} has no such repository, or does not show it to this gate.`);
  }
  if (status === 429) {
    const retryAfter = retryAfterSeconds(headers['retry-after'], now);
    const message = `${name} asks to slow down: too many sign-ins.`;
    return new ContentError('rate-limited', message, { retryAfter });
  }
  if (status >= 300 && status < 400) {
    return new ContentError('untrustworthy', `${name} redirects sign-ins, which is refused: they carry a credential.`);
  }
  const message = `The token service of ${name} failed (${status}).`;
  return status >= 502 && status <= 504 ? new TransientError(message) : new ContentError('unavailable', message);
}

/** The one failure that only the operator can mend. */
export function credentialRefused(name: string): ContentError {
  return new ContentError('upstream-denied', `${name} refuses the credential that this gate is configured with.`);
}

/** The distribution token specification: 60 s when the answer does not say, and never less. */
const minLifetimeSeconds = 60;
const maxLifetimeSeconds = 3_600;
/** Printable, so that it cannot break the header, and short enough for the header limits of common servers. */
const usableToken = /^[\x21-\x7e]{1,16384}$/;

function parseToken(name: string, body: Buffer, now: number): Grant {
  const answer = parseObject(body);
  const token = answer['token'] ?? answer['access_token'];
  if (typeof token !== 'string' || !usableToken.test(token)) {
    throw new ContentError('untrustworthy', `The token service of ${name} answered without a usable token.`);
  }
  const given = typeof answer['expires_in'] === 'number' ? answer['expires_in'] : 0;
  const lifetime = Math.min(Math.max(given, minLifetimeSeconds), maxLifetimeSeconds);
  // A tenth early: a token must not expire while it is under way. Our own clock, as the upstream's may be wrong.
  return { header: `Bearer ${token}`, until: now + lifetime * 900 };
}

function parseObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function basic({ username, password }: UpstreamCredential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
