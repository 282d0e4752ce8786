import { anonymous, type Principal } from '@pullgate/policy';
import { andThen, type Soon } from '../soon.ts';
import type { RegistryTokens, VerifiedToken } from '../tokens/registry-token.ts';
import type { Credential } from './directory.ts';
import { type CatchingUp, orWhenCaughtUp } from './live-directory.ts';

/** Who asks, as far as this request proves. */
export interface Caller {
  readonly principal: Principal;
  /** Absent for anonymous callers. */
  readonly credential: Credential | undefined;
  /** Repository names, as the client spells them, that its registry token was issued for. */
  readonly scope: ReadonlySet<string>;
}

/** Whether a credential opens anything at this moment. */
export function isUsable(credential: Credential, now: number): boolean {
  return credential.active && (credential.expiresAt === null || now < credential.expiresAt);
}

/** The `sub` of a registry token that was given to nobody in particular. */
export const anonymousSubject = 'anonymous';

/**
 * Tells who holds a registry token. The token only names a credential: whether that still exists, is active and belongs
 * to whom is looked up on each request, so that revoking it counts from the next one.
 */
export function createIdentify(
  tokens: Pick<RegistryTokens, 'verify'>,
  directory: CatchingUp,
  now: () => number,
): (token: string) => Soon<Caller | undefined> {
  function holderOf(verified: VerifiedToken | undefined): Soon<Caller | undefined> {
    if (!verified) return undefined;
    const { subject, scope } = verified;
    if (subject === anonymousSubject) return { principal: anonymous, credential: undefined, scope };
    const find = () => directory.current.credentialById(subject);
    return andThen(orWhenCaughtUp(directory, find), (credential) => {
      if (!credential || !isUsable(credential, now())) return undefined;
      return { principal: credential.principal, credential, scope };
    });
  }

  return (token) => andThen(tokens.verify(token), holderOf);
}
