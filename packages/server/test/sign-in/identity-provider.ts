import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

/** What the provider says of whoever signs in next. */
export interface Claims {
  readonly sub: string;
  readonly email: string;
  readonly name?: string;
  readonly email_verified?: boolean;
  readonly groups?: readonly string[];
}

export interface Misbehaviour {
  /** The ID token is for another client. */
  readonly audience?: string;
  /** The ID token names another issuer. */
  readonly issuer?: string;
  /** The ID token is signed with a key that nobody published. */
  readonly forged?: boolean;
  /** The ID token has ended. */
  readonly expired?: boolean;
}

export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Signs somebody in, as a person there would, and gives the address that the browser is sent back to. */
  authorize(url: string, claims: Claims, wrong?: Misbehaviour): string;
  /** Requests that were made to it, by path. */
  readonly requests: string[];
}

/** An OpenID provider on loopback: discovery, code flow with PKCE, ID tokens by RS256. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const stranger = await generateKeyPair('RS256');
  const key = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const [clientId, clientSecret] = ['gate', 'canary-client-secret'];
  const codes = new Map<string, { claims: Claims; challenge: string; wrong: Misbehaviour; redirect: string }>();
  const requests: string[] = [];
  let issuer = '';

  async function idToken(claims: Claims, wrong: Misbehaviour): Promise<string> {
    const issued = Math.floor(Date.now() / 1000) - (wrong.expired ? 7200 : 0);
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(wrong.issuer ?? issuer)
      .setAudience(wrong.audience ?? clientId)
      .setIssuedAt(issued)
      .setExpirationTime(issued + 300)
      .sign(wrong.forged ? stranger.privateKey : privateKey);
  }

  async function token(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const credentials = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString();
    const asked = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const verifier = Buffer.from(
      await crypto.subtle.digest('SHA-256', Buffer.from(form.get('code_verifier') ?? '')),
    ).toString('base64url');
    const isGood = credentials === `${clientId}:${clientSecret}` && asked?.redirect === form.get('redirect_uri');
    if (!asked || !isGood || verifier !== asked.challenge) return undefined;
    return {
      access_token: 'canary-access-token',
      token_type: 'Bearer',
      id_token: await idToken(asked.claims, asked.wrong),
      refresh_token: 'canary-refresh-token',
    };
  }

  async function answer(request: IncomingMessage): Promise<unknown> {
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
        };
      case '/keys':
        return { keys: [key] };
      case '/token':
        return token(request);
      default:
        return undefined;
    }
  }

  const server = createServer(async (request, response: ServerResponse) => {
    requests.push(request.url ?? '');
    const body = await answer(request);
    response.writeHead(body === undefined ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { error: 'invalid_grant' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    issuer,
    clientId,
    clientSecret,
    requests,
    authorize(address, claims, wrong = {}) {
      const query = new URL(address).searchParams;
      const code = crypto.randomUUID();
      const redirect = query.get('redirect_uri') ?? '';
      codes.set(code, { claims, wrong, redirect, challenge: query.get('code_challenge') ?? '' });
      const back = new URL(redirect);
      back.searchParams.set('code', code);
      back.searchParams.set('state', query.get('state') ?? '');
      return back.href;
    },
  };
}
