import { endpoints, repositoryWrites, routesOf } from '@pullgate/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouteTable } from '../../src/api/route-table.ts';
import { parseRoute } from '../../src/registry/route.ts';

// The registry and the organization API share `/v2/`. One table decides which of them a raw path belongs to.

const lines = [
  ...endpoints.flatMap((endpoint) =>
    routesOf(endpoint).map((route) => ({ ...route, target: endpoint.name as string })),
  ),
  ...repositoryWrites.map((route) => ({ ...route, target: 'refused' })),
];
const table = createRouteTable(lines);
const none = { registryOfHost: () => undefined };
const found = (method: string, path: string) => {
  const match = table.match(method, path);
  return match?.kind === 'found' ? `${match.target} ${JSON.stringify(match.params)}` : match?.kind;
};

describe('paths that both could read', () => {
  it.each([
    ['GET', '/v2/orgs/manifests/settings', 'getSettings {"org":"manifests"}'],
    ['GET', '/v2/orgs/manifests/members', 'listMembers {"org":"manifests"}'],
    ['GET', '/v2/orgs/acme/groups/manifests/members', 'listGroupMembers {"org":"acme","team":"manifests"}'],
    ['GET', '/v2/auditlogs/manifests/actions', 'listAuditActions {"org":"manifests"}'],
    ['GET', '/v2/namespaces/manifests/repositories', 'listRepositories {"namespace":"manifests"}'],
    ['GET', '/v2/repositories/manifests/web', 'getRepository {"namespace":"manifests","repository":"web"}'],
    ['GET', '/v2/repositories/acme/manifests/groups', 'refused {"namespace":"acme","repository":"manifests"}'],
    [
      'GET',
      '/v2/namespaces/acme/repositories/manifests/tags',
      'listTags {"namespace":"acme","repository":"manifests"}',
    ],
    [
      'GET',
      '/v2/namespaces/acme/repositories/web/tags/list',
      'getTag {"namespace":"acme","repository":"web","tag":"list"}',
    ],
    ['GET', '/v2/repositories/acme/web/tags/list', 'getTag {"namespace":"acme","repository":"web","tag":"list"}'],
  ])('%s %s belongs to the API', (method, path, expected) => {
    expect(found(method, path)).toBe(expected);
    expect(parseRoute(method, path, 'gate.test', none).kind, 'or it would not be ambiguous').not.toBe('malformed');
  });

  it.each([
    '/v2/orgs/acme/manifests/latest',
    '/v2/orgs/manifests/latest',
    '/v2/orgs/acme/groups/manifests/latest',
    '/v2/orgs/acme/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '/v2/users/tags/list',
    '/v2/auth/manifests/latest',
    '/v2/invites/acme/manifests/resend',
    '/v2/scim/2.0/manifests/users',
    '/v2/catalog/docker.io/library/nginx/manifests/latest',
    '/v2/catalog/docker.io/library/tags/list',
    '/v2/catalog/manifests/latest',
    '/v2/library/alpine/manifests/latest',
    '/v2/',
    '/v2',
    '/v2/_catalog',
  ])('%s stays the registry’s', (path) => {
    expect(table.has(path)).toBe(false);
    expect(table.has(`${path}/`)).toBe(false);
  });

  it('leaves every path of the registry to it whose first part no API path has', () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,8}(?:\/[a-z0-9]{1,8}){0,4}$/);
    const end = fc.constantFrom('manifests/latest', 'tags/list', 'blobs/sha256:00', 'referrers/sha256:00');
    const firsts = new Set(lines.map(({ path }) => path.split('/')[2]));
    fc.assert(
      fc.property(name, end, (repository, last) => {
        fc.pre(!firsts.has(repository.split('/')[0] ?? ''));
        expect(table.has(`/v2/${repository}/${last}`)).toBe(false);
      }),
    );
  });
});

describe('a path of the API', () => {
  it.each([
    ['/v2/users/login', 'signIn {}'],
    ['/v2/users/login/', 'signIn {}'],
    ['/v2/orgs/acme/groups/', 'createGroup {"org":"acme"}'],
    ['/v2/invites/x/resend', 'resendInvite {"id":"x"}'],
  ])('is served with and without one slash at the end: %s', (path, expected) => {
    expect(found('POST', path)).toBe(expected);
  });

  it.each([
    ['two slashes at the end', '/v2/orgs/acme//'],
    ['two slashes in the middle', '/v2/orgs//acme'],
    ['two slashes in front', '//v2/orgs/acme'],
    ['an encoded first part', '/v2/%6frgs/acme'],
    ['an encoded fixed part', '/v2/orgs/acme/%6dembers'],
    ['another letter case', '/v2/Orgs/acme'],
    ['an absolute target', 'http://gate.test/v2/orgs/acme'],
    ['nothing', ''],
    ['an empty parameter', '/v2/orgs/'.concat('/members')],
  ])('is matched byte for byte, not with %s', (_what, path) => {
    expect(table.has(path)).toBe(false);
  });

  it.each([
    '/v2/orgs/acme%2Fmembers',
    '/v2/orgs/acme%2fmembers/settings',
    '/v2/orgs/../members',
    '/v2/orgs/%2e%2e/members',
    '/v2/orgs/./members',
    '/v2/orgs/a%5Cb',
    '/v2/orgs/a%00',
    '/v2/orgs/a%0d%0ab',
    '/v2/orgs/%ff',
    '/v2/orgs/%',
    '/v2/catalog/docker.io/library%2Fnginx',
    '/v2/catalog/docker.io/library/../nginx',
  ])('is refused when a parameter reads differently once decoded: %s', (path) => {
    expect(table.match('GET', path)).toEqual({ kind: 'malformed' });
  });

  it('decodes a parameter once', () => {
    expect(found('DELETE', '/v2/orgs/acme/members/bob%40acme.test/')).toBe(
      'removeMember {"org":"acme","username":"bob@acme.test"}',
    );
    expect(found('GET', '/v2/orgs/acme/groups/a%2541')).toBe('getGroup {"org":"acme","team":"a%41"}');
  });

  it('takes a fixed part before a parameter, and leaves other methods to the parameter', () => {
    expect(found('GET', '/v2/orgs/acme/members/export')).toBe('exportMembers {"org":"acme"}');
    expect(found('DELETE', '/v2/orgs/acme/members/export')).toBe('removeMember {"org":"acme","username":"export"}');
    expect(found('GET', '/v2/repositories/namespaces')).toBe('listRepositoryNamespaces {}');
  });

  it('takes the rest of a path where the table says so', () => {
    expect(found('GET', '/v2/catalog/docker.io/library/nginx')).toBe(
      'getCategory {"registry":"docker.io","repository":"library/nginx"}',
    );
    expect(found('GET', '/v2/catalog/docker.io')).toBeUndefined();
  });

  it('answers a HEAD where there is a GET, and tells which methods there are', () => {
    expect(found('HEAD', '/v2/orgs/acme')).toBe('getOrganization {"org":"acme"}');
    expect(table.match('DELETE', '/v2/orgs/acme')).toEqual({
      kind: 'method-not-allowed',
      allow: ['GET', 'HEAD', 'PATCH'],
    });
  });

  it('never throws, and finds nothing in what the table does not have', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', '/v2/', '/v2/orgs/', '/v2/catalog/'), (text, front) => {
        const match = table.match('GET', front + text);
        expect(match === undefined).toBe(!table.has(front + text));
      }),
    );
  });
});
