import { createHmac, createSecretKey, randomUUID, webcrypto } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Soon } from '../soon.ts';

/** Lifetime of a registry token, in seconds. Short, although revocation does not wait for it. */
export const registryTokenSeconds = 300;
/** Longer tokens are not ours, and not worth parsing. The token service asks for none that would be longer. */
const maxTokenLength = 14 * 1024;
/**
 * Compact serialization (RFC 7515 section 7.1) with a signature of 32 bytes, whose last character has two bits left over.
 * Decoders also take what is not: one token would have many spellings.
 */
const compact = /^[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/;
/** Characters of verified tokens kept, so that a client's many requests cost one signature check. */
const maxVerifiedLength = 32 * 1024 * 1024;
const clockLeewaySeconds = 30;
const algorithm = 'HS256';
const protectedHeader = base64url({ alg: algorithm, typ: 'JWT' });

/** What a registry token says once its signature, audience, issuer and times were checked. */
export interface VerifiedToken {
  /** Id of the credential that it was issued for. */
  readonly subject: string;
  readonly scope: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface RegistryTokens {
  /** A token for the pull side of the repositories named, as the client spells them. */
  issue(subject: string, repositories: readonly string[]): string;
  /** A token that only the token service takes, to issue registry tokens for as long as the credential lives. */
  issueRefresh(subject: string): string;
  /** Undefined for anything that is not a valid registry token of this gate. At once for one that was verified before. */
  verify(token: string): Soon<VerifiedToken | undefined>;
  /** The subject of a refresh token, or undefined. */
  verifyRefresh(token: string): Promise<string | undefined>;
}

export interface RegistryTokenOptions {
  /** At least 32 random bytes. */
  readonly key: Uint8Array<ArrayBuffer>;
  /** The gate's external URL. */
  readonly issuer: string;
  /** The gate's service name: tokens of and for another service are refused. */
  readonly service: string;
  readonly now?: () => number;
}

/**
 * Registry tokens by distribution's JWT form (spec/auth/jwt.md), with a key of our own. The key and the algorithm are
 * pinned: `alg`, `kid`, `jwk` and `x5c` of a token's header choose nothing (CVE-2025-24976). What comes in is checked by
 * jose. What goes out is signed here (RFC 7515 section 7.1, compact form): a signature through WebCrypto takes a detour
 * over another thread that costs five times the signature.
 */
export async function createRegistryTokens(options: RegistryTokenOptions): Promise<RegistryTokens> {
  const { issuer, service, now = Date.now } = options;
  const refreshAudience = `${service}#refresh`;
  const signingKey = createSecretKey(options.key);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', options.key, hmac, false, ['verify']);
  /** By signature, since a map reads the whole of a key each time. Only a token that is the same to the letter counts. */
  const verified = new LRUCache<string, VerifiedToken & { readonly token: string }>({
    maxSize: maxVerifiedLength,
    // As much again for what it says, which holds the same names.
    sizeCalculation: ({ token }) => 2 * token.length,
  });

  function sign(subject: string, audience: string, claims: JWTPayload): string {
    const seconds = Math.floor(now() / 1000);
    const payload = {
      iss: issuer,
      sub: subject,
      aud: audience,
      iat: seconds,
      nbf: seconds,
      jti: randomUUID(),
      ...claims,
    };
    const signed = `${protectedHeader}.${base64url(payload)}`;
    return `${signed}.${createHmac('sha256', signingKey).update(signed).digest('base64url')}`;
  }

  async function check(token: string, audience: string, requiredClaims: string[]): Promise<JWTPayload | undefined> {
    if (token.length > maxTokenLength || !compact.test(token)) return undefined;
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [algorithm],
        issuer,
        audience,
        requiredClaims: ['sub', ...requiredClaims],
        clockTolerance: clockLeewaySeconds,
        currentDate: new Date(now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  async function verifyNew(token: string): Promise<VerifiedToken | undefined> {
    const payload = await check(token, service, ['exp']);
    if (payload?.sub === undefined || payload.exp === undefined) return undefined;
    const expiresAt = (payload.exp + clockLeewaySeconds) * 1000;
    const result = { token, subject: payload.sub, scope: scopeOf(payload['access']), expiresAt };
    verified.set(signatureOf(token), result);
    return result;
  }

  return {
    issue: (subject, repositories) =>
      sign(subject, service, {
        exp: Math.floor(now() / 1000) + registryTokenSeconds,
        access: repositories.map((name) => ({ type: 'repository', name, actions: ['pull'] })),
      }),

    issueRefresh: (subject) => sign(subject, refreshAudience, {}),

    verify(token) {
      const known = verified.get(signatureOf(token));
      if (known?.token !== token) return verifyNew(token);
      return now() < known.expiresAt ? known : undefined;
    },

    async verifyRefresh(token) {
      const payload = await check(token, refreshAudience, []);
      return payload?.sub;
    },
  };
}

function signatureOf(token: string): string {
  return token.slice(token.lastIndexOf('.') + 1);
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function scopeOf(access: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  if (!Array.isArray(access)) return names;
  for (const entry of access as { type?: unknown; name?: unknown }[]) {
    if (entry?.type === 'repository' && typeof entry.name === 'string') names.add(entry.name);
  }
  return names;
}
