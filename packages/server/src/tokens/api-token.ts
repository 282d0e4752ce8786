import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

/** What an API token was issued for, and is looked up by on each request. */
export interface ApiSubject {
  readonly kind: 'pat' | 'oat' | 'session';
  readonly id: string;
}

/** Whom an API token tells its holder to be. Docker's own clients read the user name there. */
export interface ApiIdentity {
  readonly username: string;
  /** With dashes. */
  readonly uuid: string;
  /** Empty when there is none. */
  readonly email: string;
}

export interface ApiTokens {
  /** @param seconds how long it may be used, at least */
  issue(subject: ApiSubject, identity: ApiIdentity, seconds: number): Promise<string>;
  /** Undefined for anything that is not a valid API token of this gate. */
  verify(token: string): Promise<ApiSubject | undefined>;
}

export interface ApiTokenOptions {
  /** At least 32 random bytes. */
  readonly key: Uint8Array;
  /** The gate's external URL. */
  readonly issuer: string;
  /** The gate's service name. */
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const algorithm = 'HS256';
const maxTokenLength = 4096;
/** Docker's Terraform provider uses a token until the second it ends, and does not sign in again when it is refused. */
const clockLeewaySeconds = 60;
/** Compact serialization (RFC 7515 section 7.1). Decoders also take what is not: one token would have many spellings. */
const compact = /^[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/;
const subjectShape = /^(pat|oat|session):([\w-]{1,128})$/;

/**
 * Bearer tokens of the API. They carry an audience of their own, so that a registry token opens no API and an API token
 * no registry, and name a credential: what that may do is looked up on each request.
 */
export function createApiTokens({ key, issuer, service, now = Date.now }: ApiTokenOptions): ApiTokens {
  const audience = `${service}#api`;

  return {
    issue({ kind, id }, { username, uuid, email }, seconds) {
      const issued = Math.floor(now() / 1000);
      const hub = { username, uuid, email, session_id: id, source: kind };
      return new SignJWT({ 'https://hub.docker.com': hub })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(`${kind}:${id}`)
        .setJti(randomUUID())
        .setIssuedAt(issued)
        .setNotBefore(issued)
        .setExpirationTime(issued + seconds)
        .sign(key);
    },

    async verify(token) {
      if (token.length > maxTokenLength || !compact.test(token)) return undefined;
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          issuer,
          audience,
          requiredClaims: ['sub', 'exp'],
          clockTolerance: clockLeewaySeconds,
          currentDate: new Date(now()),
        });
        return parseSubject(payload.sub ?? '');
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

function parseSubject(text: string): ApiSubject | undefined {
  const [, kind, id] = subjectShape.exec(text) ?? [];
  if (id === undefined) return undefined;
  return kind === 'pat' || kind === 'oat' || kind === 'session' ? { kind, id } : undefined;
}
