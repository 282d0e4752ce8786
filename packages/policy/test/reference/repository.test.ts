import { describe, expect, test } from 'vitest';
import { isDigest, isOfficialName, isTag, namespaceOf, repositoryOf } from '../../src/index.ts';

describe('a repository on the wire', () => {
  test.each([
    ['docker.io', 'library/nginx', 'docker.io', 'library/nginx'],
    ['docker.io', 'nginx', 'docker.io', 'library/nginx'],
    ['registry-1.docker.io', 'nginx', 'docker.io', 'library/nginx'],
    ['docker.io', 'acme/app', 'docker.io', 'acme/app'],
    ['docker.io', 'library/foo/bar', 'docker.io', 'library/foo/bar'],
    ['GHCR.io:443', 'acme/app', 'ghcr.io', 'acme/app'],
    ['ghcr.io', 'app', 'ghcr.io', 'app'],
    ['registry.corp:5000', 'a/b/c', 'registry.corp:5000', 'a/b/c'],
    // a path that looks like a host stays a path
    ['docker.io', 'ghcr.io/acme/app', 'docker.io', 'ghcr.io/acme/app'],
  ])('%s and %s', (host, wire, registry, path) => {
    expect(repositoryOf(host, wire)).toEqual({ registry, path, name: `${registry}/${path}` });
  });

  test.each([
    ['docker.io', '', 'invalid-path'],
    ['docker.io', 'library/', 'invalid-path'],
    ['docker.io', '/nginx', 'invalid-path'],
    ['docker.io', 'library//nginx', 'invalid-path'],
    ['docker.io', 'library/../acme/app', 'invalid-path'],
    ['docker.io', 'library/./nginx', 'invalid-path'],
    ['docker.io', 'library%2Fnginx', 'invalid-path'],
    ['docker.io', 'library\\nginx', 'invalid-path'],
    ['docker.io', 'nginx:latest', 'invalid-path'],
    ['docker.io', 'library/nginx@sha256', 'invalid-path'],
    ['docker.io', 'Library/nginx', 'uppercase'],
    ['docker.io', 'library/NGINX', 'uppercase'],
    ['ghcr.io', 'a'.repeat(256), 'too-long'],
    ['docker.io', 'a'.repeat(248), 'too-long'],
    ['gh cr.io', 'acme/app', 'invalid-host'],
  ])('%s and %j: %s', (host, path, code) => {
    expect(() => repositoryOf(host, path)).toThrow(expect.objectContaining({ code }));
  });

  test('the error of one in upper case writes it in lower case', () => {
    expect(() => repositoryOf('docker.io', 'Acme/Web')).toThrow('Acme/Web must be lower case: write acme/web.');
  });

  test('the library/ that is added counts among the 255 characters', () => {
    expect(repositoryOf('docker.io', 'a'.repeat(247)).path).toHaveLength(255);
    expect(repositoryOf('ghcr.io', 'a'.repeat(255)).path).toHaveLength(255);
  });
});

test.each([
  ['docker.io', 'acme/app', 'acme'],
  ['docker.io', 'nginx', 'library'],
  ['ghcr.io', 'acme/team/app', 'acme'],
  ['ghcr.io', 'app', 'app'],
])('the namespace of %s/%s is %s', (registry, path, namespace) => {
  expect(namespaceOf(repositoryOf(registry, path))).toBe(namespace);
});

test.each([
  ['docker.io', 'nginx', true],
  ['docker.io', 'library/nginx', true],
  ['index.docker.io', 'library/nginx', true],
  ['docker.io', 'library/foo/bar', false],
  ['docker.io', 'acme/library/nginx', false],
  ['docker.io', 'acme/nginx', false],
  ['docker.io', 'librarys/nginx', false],
  ['docker.io', 'library/library', true],
  ['ghcr.io', 'library/nginx', false],
  ['docker.io:5000', 'library/nginx', false],
  ['public.ecr.aws', 'docker/library/nginx', false],
  ['dhi.io', 'nginx', false],
])('%s/%s can be a Docker Official Image: %s', (registry, path, expected) => {
  expect(isOfficialName(repositoryOf(registry, path))).toBe(expected);
});

test.each([
  ['latest', true],
  ['1', true],
  ['V1.2-rc_3', true],
  ['_', true],
  ['t'.repeat(128), true],
  [`sha256-${'a'.repeat(64)}`, true],
  ['', false],
  ['t'.repeat(129), false],
  ['.x', false],
  ['-x', false],
  ['a b', false],
  ['a/b', false],
  ['a:b', false],
  ['a\n', false],
  ['\u00e4', false],
])('%j is a tag: %s', (text, expected) => {
  expect(isTag(text)).toBe(expected);
});

test.each([
  [`sha256:${'0123456789abcdef'.repeat(4)}`, true],
  [`sha512:${'0123456789abcdef'.repeat(8)}`, true],
  [`sha256:${'a'.repeat(63)}`, false],
  [`sha256:${'a'.repeat(65)}`, false],
  [`sha512:${'a'.repeat(64)}`, false],
  [`sha512:${'a'.repeat(127)}`, false],
  [`sha512:${'a'.repeat(129)}`, false],
  [`sha256:${'a'.repeat(128)}`, false],
  [`sha256:${'A'.repeat(64)}`, false],
  [`sha256:${'g'.repeat(64)}`, false],
  [`sha512:${'g'.repeat(128)}`, false],
  [`xsha256:${'a'.repeat(64)}`, false],
  [`sha512:${'a'.repeat(128)}\n`, false],
  [`xsha512:${'a'.repeat(128)}`, false],
  [`sha384:${'a'.repeat(96)}`, false],
  [`blake3:${'a'.repeat(64)}`, false],
  ['a'.repeat(64), false],
])('%s can be verified: %s', (text, expected) => {
  expect(isDigest(text)).toBe(expected);
});
