import { endpoints, repositoryWrites, routesOf } from '@pullgate/contract';
import { describe, expect, it } from 'vitest';
import { mayBeApi } from '../../src/api/api-paths.ts';

describe('what may be a path of the API', () => {
  const paths = [...endpoints.flatMap(routesOf), ...repositoryWrites].map(({ path }) => path);

  it.each([...new Set(paths)])('%s, with and without a trailing slash', (path) => {
    const filled = path.replace(/\{\w+\+?\}/g, 'x');
    expect(mayBeApi(filled)).toBe(true);
    expect(mayBeApi(`${filled}/`)).toBe(true);
  });

  it.each(['/openapi.json', '/docs/api', '/docs/api/', '/api/auth/get-session'])('%s', (path) => {
    expect(mayBeApi(path)).toBe(true);
  });

  it.each([
    ['the registry itself', '/v2/'],
    ['the registry itself, without a slash', '/v2'],
    ['an official image', '/v2/library/alpine/manifests/latest'],
    ['a name that begins like a noun of the API', '/v2/usersguide/web/manifests/latest'],
    ['a noun in another place', '/v2/library/orgs/manifests/latest'],
    ['an encoded noun', '/v2/%6frgs/acme'],
    ['another case', '/v2/Orgs/acme'],
    ['an empty segment before', '/v2//orgs/acme'],
    ['something beside the API', '/v1/orgs/acme'],
    ['the token service', '/token'],
    ['the console', '/console/o/acme'],
    ['nothing', ''],
  ])('is not %s', (_, path) => {
    expect(mayBeApi(path)).toBe(false);
  });
});
