import { randomUUID } from 'node:crypto';
import { type Answer, json, registryError, type SmallRequest } from './answer.ts';

export interface TokenAuthOptions {
  /** Where clients fetch tokens. `/token` of the registry itself by default. */
  readonly realm?: string;
  /** `small-registry` by default. */
  readonly service?: string;
  /** Passwords by user name. */
  readonly users?: Readonly<Record<string, string>>;
  /** Repositories that are pulled by users only. All others give tokens to everybody. */
  readonly privateRepositories?: readonly string[];
}

/** Docker's token authentication (distribution: spec/auth/token), with opaque tokens. */
export interface TokenAuth {
  /** Undefined when the request may go on, else the challenge. No repository for `/v2/` itself. */
  challenge(request: SmallRequest, repository: string | undefined): Answer | undefined;
  /** Answers `GET /token`. */
  token(request: SmallRequest, query: URLSearchParams): Answer;
  /** Makes every token so far invalid, as if it had expired. */
  revokeTokens(): void;
}

export function createTokenAuth(options: TokenAuthOptions, ownRealm: () => string): TokenAuth {
  const service = options.service ?? 'small-registry';
  const users = new Map(Object.entries(options.users ?? {}));
  const privateRepositories = new Set(options.privateRepositories);
  const grants = new Map<string, ReadonlySet<string>>();

  const refuse = (repository: string | undefined, error: string): Answer => {
    const scope = repository === undefined ? '' : `,scope="repository:${repository}:pull"`;
    const header = `Bearer realm="${options.realm ?? ownRealm()}",service="${service}"${scope}${error}`;
    return registryError(401, 'UNAUTHORIZED', 'authentication required', { 'WWW-Authenticate': header });
  };

  return {
    challenge(request, repository) {
      const token = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
      if (token === undefined) return refuse(repository, '');
      const granted = grants.get(token);
      if (granted === undefined) return refuse(repository, ',error="invalid_token"');
      if (repository === undefined || granted.has(repository)) return undefined;
      return refuse(repository, ',error="insufficient_scope"');
    },
    token(request, query) {
      // Clients that try the OAuth2 form first go on with GET after a 404 (spec/auth/oauth).
      if (request.method !== 'GET') return registryError(404, 'UNSUPPORTED', 'tokens are fetched with GET');
      const basic = basicCredentials(request.headers['authorization']);
      if (basic !== undefined && users.get(basic.user) !== basic.password) {
        return registryError(401, 'UNAUTHORIZED', 'incorrect username or password');
      }
      const asked = query.getAll('scope').flatMap(pulledRepository);
      const granted = asked.filter((repository) => basic !== undefined || !privateRepositories.has(repository));
      const token = randomUUID();
      grants.set(token, new Set(granted));
      return json(200, { token, access_token: token, expires_in: 300, issued_at: new Date().toISOString() });
    },
    revokeTokens: () => grants.clear(),
  };
}

function basicCredentials(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return { user, password: password.join(':') };
}

/** `repository:library/nginx:pull,push` to `library/nginx`. Other scopes give nothing. */
function pulledRepository(scope: string): string[] {
  const [, repository, actions] = /^repository:(.+):([^:]*)$/.exec(scope) ?? [];
  return repository !== undefined && actions?.split(',').includes('pull') ? [repository] : [];
}
