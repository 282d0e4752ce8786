import { canonicalRegistry, InvalidReference, repositoryOf } from '@pullgate/policy';
import { InvalidInput } from '../administration-error.ts';
import { ContentError } from '../content/content-error.ts';
import type { PushProof } from '../organizations/push-proof.ts';
import { type Access, createAuthorizer, type TokenService } from './authorization.ts';
import { createHttpClient, defaultHttpLimits, discard, type HttpAnswer, type HttpLimits } from './http-client.ts';

/** A registry that the gate pulls from. */
export interface PushableUpstream {
  /** Canonical host. */
  readonly registry: string;
  /** The origin. */
  readonly url: string;
  readonly token?: TokenService | undefined;
  readonly allowPrivateAddresses: boolean;
  readonly allowHttp: boolean;
}

/**
 * Begins an upload, as every push does, and gives it up at once: only a registry's own answer to that tells whether a
 * credential may push. Tokens with the scope are handed out to many who may not.
 */
export function createPushProof(
  upstreams: ReadonlyMap<string, PushableUpstream>,
  now: () => number,
  limits: Partial<HttpLimits> = {},
): PushProof {
  return {
    async mayPush(given, path, credential) {
      const registry = checkedRegistry(given);
      const upstream = upstreams.get(registry);
      if (!upstream) throw new InvalidInput('registry', `The gate does not pull from ${registry}.`);
      const origin = new URL(upstream.url);
      const client = createHttpClient({ ...upstream, name: registry, limits: { ...defaultHttpLimits, ...limits } });
      const authorizer = createAuthorizer({
        client,
        registry: origin,
        token: upstream.token,
        credentials: () => credential,
        now,
      });
      const url = new URL(`/v2/${checkedPath(registry, path)}/blobs/uploads/`, origin);
      const access: Access = { audience: 'public', scope: `repository:${path}:pull,push` };

      const send = (method: 'POST' | 'DELETE', to: URL, authorization: string | undefined, signal: AbortSignal) =>
        client.send({ method, url: to, headers: authorization === undefined ? {} : { authorization }, signal });

      async function giveUp(answer: HttpAnswer, authorization: string, signal: AbortSignal): Promise<void> {
        const location = answer.headers['location'];
        const upload = typeof location === 'string' ? URL.parse(location, url.href) : null;
        if (upload?.origin !== origin.origin) return;
        await discard(await send('DELETE', upload, authorization, signal));
      }

      try {
        return await client.withDeadline(async (signal) => {
          const anonymous = await send('POST', url, undefined, signal);
          await discard(anonymous);
          // Where everybody may push, pushing proves nothing.
          if (anonymous.status !== 401) return false;
          const authorization = await authorizer.answer(anonymous.headers, access, undefined);
          if (authorization === undefined) return false;
          const answer = await send('POST', url, authorization, signal);
          await discard(answer);
          if (answer.status === 429 || answer.status >= 500) {
            throw new ContentError('unavailable', `${registry} failed (${answer.status}). Try again later.`);
          }
          if (answer.status !== 202) return false;
          await giveUp(answer, authorization, signal).catch(() => undefined);
          return true;
        });
      } catch (error) {
        // The credential that was refused is the caller's, not the gate's own.
        if (error instanceof ContentError && (error.code === 'upstream-denied' || error.code === 'not-found'))
          return false;
        throw error;
      } finally {
        await client.close();
      }
    },
  };
}

const checkedRegistry = (host: string): string => valid('registry', () => canonicalRegistry(host));
const checkedPath = (registry: string, path: string): string =>
  valid('proof.repository', () => repositoryOf(registry, path).path);

function valid(field: string, parse: () => string): string {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InvalidReference) throw new InvalidInput(field, error.message);
    throw error;
  }
}
