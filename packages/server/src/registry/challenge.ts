import type { IncomingMessage } from 'node:http';
import { type Answer, ociAnswer } from '../http/answer.ts';
import type { PublicAddress } from '../http/public-address.ts';

type ChallengeError = 'invalid_token' | 'insufficient_scope';

/**
 * 401 with where to get a token (distribution's spec/auth/token.md). Only ever for who somebody is, never for what an
 * organization forbids: a challenge makes clients sign in again and hide the reason.
 */
export function challenge(
  request: IncomingMessage,
  address: PublicAddress,
  message: string,
  details: { name?: string; error?: ChallengeError } = {},
): Answer {
  const parameters = [`realm="${address.tokenRealm(request.headers.host)}"`, `service="${address.service}"`];
  if (details.name !== undefined) parameters.push(`scope="repository:${details.name}:pull"`);
  if (details.error !== undefined) parameters.push(`error="${details.error}"`);
  return ociAnswer(
    { status: 401, code: 'UNAUTHORIZED', message },
    { 'WWW-Authenticate': `Bearer ${parameters.join(',')}` },
  );
}
