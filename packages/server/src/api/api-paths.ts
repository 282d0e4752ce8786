/** What follows `/v2/` in paths of the API. */
const nouns: ReadonlySet<string> = new Set([
  'access-tokens',
  'activity',
  'api_tokens',
  'auditlogs',
  'auth',
  'catalog',
  'decisions',
  'invites',
  'namespaces',
  'orgs',
  'repositories',
  'scim',
  'setup',
  'status',
  'user',
  'users',
]);

const pages: ReadonlySet<string> = new Set(['/openapi.json', '/docs/api']);

/** Where a browser signs in. */
export const browserPaths = '/api/auth/';

/**
 * Whether a raw path may be the API's: without loading the API, which no pull of an image needs. Only the API itself
 * knows all of its paths, and an upstream may hold a repository whose name begins like one of them.
 */
export function mayBeApi(path: string): boolean {
  if (!path.startsWith('/v2/')) {
    return path.startsWith(browserPaths) || pages.has(path.endsWith('/') ? path.slice(0, -1) : path);
  }
  const end = path.indexOf('/', 4);
  return nouns.has(path.slice(4, end === -1 ? undefined : end));
}
