import { z } from 'zod';
import { InvalidInput } from '../administration-error.ts';
import type { OidcEndpoints } from './connection-store.ts';
import type { Fetch } from './scoped-fetch.ts';

const address = z.url({ protocol: /^https?$/ }).max(2000);

/** OpenID Connect Discovery 1.0 section 3, as far as it is used. */
const document = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  userinfo_endpoint: address.optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(['client_secret_basic']),
});

/** Asks an issuer for its addresses. @throws InvalidInput when it does not answer as an issuer */
export async function discover(fetch: Fetch, issuer: string): Promise<OidcEndpoints> {
  const found = document.safeParse(await ask(fetch, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  if (!found.success) throw new InvalidInput('issuer', `${issuer} does not answer as an OpenID Connect issuer.`);
  // Exactly, or one provider could speak for another (section 4.3).
  if (found.data.issuer !== issuer) {
    throw new InvalidInput('issuer', `${issuer} calls itself ${found.data.issuer.slice(0, 200)}. Enter that.`);
  }
  const methods = found.data.token_endpoint_auth_methods_supported;
  return {
    authorization: found.data.authorization_endpoint,
    token: found.data.token_endpoint,
    jwks: found.data.jwks_uri,
    userInfo: found.data.userinfo_endpoint,
    tokenAuthentication: methods.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post',
  };
}

async function ask(fetch: Fetch, url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' } });
    return response.ok ? await response.json() : undefined;
  } catch {
    // Why it failed would tell what is reachable from here.
    return undefined;
  }
}
