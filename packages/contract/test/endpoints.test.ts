import { describe, expect, it } from 'vitest';
import { type Endpoint, endpoints, endpointsByName, type Route, repositoryWrites, routesOf } from '../src/index.ts';

const table: readonly Endpoint[] = endpoints;
const routes: readonly Route[] = [...table.flatMap(routesOf), ...repositoryWrites];

function parametersIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => name);
}

function twice(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

/** Whether some path is taken by both. */
function overlap(one: string, other: string): boolean {
  const [left, right] = [one.split('/'), other.split('/')];
  const fits = (a: string | undefined, b: string | undefined) =>
    a === b || a?.startsWith('{') === true || b?.startsWith('{') === true;
  if (one.includes('+}') || other.includes('+}')) {
    return left.slice(0, 3).every((part, index) => fits(part, right[index]));
  }
  return left.length === right.length && left.every((part, index) => fits(part, right[index]));
}

/** The first part in which they differ is fixed in the one and a parameter in the other. */
function isMoreFixed(one: string, other: string): boolean {
  const [left, right] = [one.split('/'), other.split('/')];
  const at = left.findIndex((part, index) => part.startsWith('{') !== right[index]?.startsWith('{'));
  return at !== -1 && !left[at]?.startsWith('{');
}

describe('The table of endpoints', () => {
  it('has each name once', () => {
    expect(twice(table.map(({ name }) => name))).toEqual([]);
  });

  it('has each method and path once, aliases and what is refused included', () => {
    expect(twice(routes.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`))).toEqual([]);
  });

  it('gives every path the same parameters in its aliases', () => {
    for (const endpoint of table) {
      for (const { path } of endpoint.aliases ?? []) {
        expect(parametersIn(path).sort(), endpoint.name).toEqual(parametersIn(endpoint.path).sort());
      }
    }
  });

  it.each(table.map((endpoint) => [endpoint.name, endpoint] as const))('%s is whole', (_name, endpoint) => {
    const { path, params, summary, method, body, success, name } = endpoint;
    expect(name).toMatch(/^[a-z][A-Za-z]+$/);
    expect(path).toMatch(/^\/v2(?:\/(?:[A-Za-z0-9.-]+|\{\w+\}))+(?:\/\{\w+\+\})?$/);
    expect(parametersIn(path)).toEqual(Object.keys(params?.shape ?? {}));
    expect(summary).toMatch(/^[A-Z].*\.$/);
    if (method === 'GET' || method === 'DELETE') expect(body).toBeUndefined();
    expect(success.status === 204).toBe(success.schema === undefined && success.mediaTypes === undefined);
  });

  it('leaves no doubt which line takes a path: the more fixed one stands first', () => {
    const doubtful = routes.flatMap((one, index) =>
      routes
        .slice(index + 1)
        .filter((other) => one.method === other.method && overlap(one.path, other.path))
        .filter((other) => !isMoreFixed(one.path, other.path))
        .map((other) => `${one.method} ${one.path} and ${other.path}`),
    );
    // Aliases stand behind their endpoint: `namespaces` is fixed, so the server tries that one first.
    expect(doubtful).toEqual([]);
  });

  it('is found by names', () => {
    expect(Object.keys(endpointsByName)).toHaveLength(table.length);
    expect(endpointsByName.listMembers.path).toBe('/v2/orgs/{org}/members');
  });
});

describe('Permissions in the table', () => {
  it('name an organization wherever they ask for a role in one', () => {
    const without = table
      .filter(({ permission: { who } }) => who === 'member' || who === 'owner')
      .filter(({ path }) => !path.includes('{org}'))
      .map(({ name }) => name);
    // The body names it, or the invitation does.
    expect(without).toEqual(['inviteMembers', 'resendInvite', 'createInviteLink', 'cancelInvite']);
  });

  it('leave open to everybody only what signs in, sets up and accepts', () => {
    const open = table.filter(({ permission: { who } }) => who === 'everybody').map(({ name }) => name);
    expect(open).toEqual([
      'signIn',
      'signInWithSecondFactor',
      'createBearer',
      'viewInvitation',
      'acceptInvitation',
      'getSetUp',
      'setUp',
    ]);
  });

  it('let no organization access token touch image access', () => {
    const open = table.filter(({ path }) => /image-access|settings$/.test(path));
    expect(open.length).toBeGreaterThan(8);
    expect(open.filter(({ permission }) => permission.organizationToken).map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ['personal access tokens', /^\/v2\/access-tokens/],
    ['how people sign in', /\/(?:sign-in|sso|domains)/],
    ['one’s own account', /^\/v2\/user$/],
    ['where one is signed in', /^\/v2\/user\/sessions/],
    ['the rules of tokens', /\/settings\/access-tokens$/],
  ])('let no personal access token change %s', (_what, path) => {
    const changes = table.filter((endpoint) => endpoint.method !== 'GET' && path.test(endpoint.path));
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.filter(({ permission }) => permission.personalToken).map(({ name }) => name)).toEqual([]);
  });

  it('ask a personal access token for repo:admin before it changes anything', () => {
    const tooEasy = table
      .filter(({ method, permission: { who } }) => method !== 'GET' && who !== 'everybody')
      .filter(({ permission }) => permission.personalToken === 'repo:read')
      .map(({ name }) => name);
    // It only computes: a POST, because a policy does not fit into an address.
    expect(tooEasy).toEqual(['previewImageAccess']);
  });

  it('ask an organization access token for a scope to edit before it changes anything', () => {
    const tooEasy = table
      .filter(({ method, permission: { who } }) => method !== 'GET' && who !== 'everybody')
      .filter(
        ({ permission: { organizationToken } }) => organizationToken && !/-(?:edit|write)$/.test(organizationToken),
      )
      .map(({ name }) => name);
    expect(tooEasy).toEqual([]);
  });

  it('give what Docker’s document gives organization access tokens', () => {
    const given = Object.fromEntries(table.map(({ name, permission }) => [name, permission.organizationToken]));
    expect(given).toMatchObject({
      listMembers: 'scope-member-read',
      updateMember: 'scope-member-edit',
      removeMember: 'scope-member-edit',
      inviteMembers: 'scope-invite-edit',
      listInvites: 'scope-invite-read',
      listGroups: 'scope-group-read',
      createGroup: 'scope-group-edit',
      listAuditLogs: 'scope-activity-read',
      getRegistryAccess: 'scope-ram-read',
      setRegistryAccess: 'scope-ram-write',
    });
  });
});

describe('Paths of the API and of the registry share /v2/', () => {
  // OCI distribution-spec: what follows `/v2/` and ends like this is content of a repository.
  const registry = /^\/v2\/[a-z0-9._/{}+-]+\/(?:manifests|blobs|tags|referrers)\/[^/]+$/;

  it('has no fixed path that also reads as one of the registry', () => {
    const both = routes.filter(({ path }) => registry.test(path)).map(({ path }) => path);
    // A tag named `list` is a list of tags: the first segment decides, and these are the API's.
    expect([...new Set(both)].sort()).toEqual([
      '/v2/namespaces/{namespace}/repositories/{repository}/tags/{tag}',
      '/v2/repositories/{namespace}/{repository}/tags/{tag}',
    ]);
  });

  it('begins with words that are the API’s alone', () => {
    const words = new Set(routes.map(({ path }) => path.split('/')[2]));
    expect([...words].sort()).toEqual([
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
  });
});
