import { repositoryOf } from '@pullgate/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouteReader, parseRoute } from '../../src/registry/route.ts';

const naming = {
  registryOfHost: (host: string) => ({ 'hub.gate.test': 'docker.io', 'ghcr.gate.test': 'ghcr.io' })[host],
};
const parse = (target: string, { method = 'GET', host = 'gate.test' } = {}) => parseRoute(method, target, host, naming);

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const long = `sha512:${'0123456789abcdef'.repeat(8)}`;
const alpine = {
  repository: repositoryOf('docker.io', 'library/alpine'),
  name: 'library/alpine',
  namespace: undefined,
};

describe('a target', () => {
  it.each([
    ['/v2/', { kind: 'base' }],
    ['/v2', { kind: 'base' }],
    ['/v2/?ns=docker.io', { kind: 'base' }],
    ['/v2/library/alpine/manifests/latest', { kind: 'manifest', ...alpine, reference: { tag: 'latest' } }],
    ['/v2/library/alpine/manifests/V1.2_3-rc', { kind: 'manifest', ...alpine, reference: { tag: 'V1.2_3-rc' } }],
    [`/v2/library/alpine/manifests/${digest}`, { kind: 'manifest', ...alpine, reference: { digest } }],
    [
      `/v2/library/alpine/manifests/${digest.replace(':', '%3A')}`,
      { kind: 'manifest', ...alpine, reference: { digest } },
    ],
    [
      `/v2/library/alpine/manifests/${digest.replace(':', '%3a')}`,
      { kind: 'manifest', ...alpine, reference: { digest } },
    ],
    [
      `/v2/library/alpine/manifests/${digest.replace(':', '-')}`,
      { kind: 'manifest', ...alpine, reference: { tag: digest.replace(':', '-') } },
    ],
    [`/v2/library/alpine/blobs/${long}`, { kind: 'blob', ...alpine, digest: long }],
    ['/v2/library/alpine/tags/list', { kind: 'tags', ...alpine, query: { limit: undefined, last: undefined } }],
    ['/v2/library/alpine/tags/list?n=5&last=3.1', { kind: 'tags', ...alpine, query: { limit: 5, last: '3.1' } }],
    [
      '/v2/library/alpine/tags/list?n=999999999',
      { kind: 'tags', ...alpine, query: { limit: 10_000, last: undefined } },
    ],
    [`/v2/library/alpine/referrers/${digest}`, { kind: 'referrers', ...alpine, digest, artifactType: undefined }],
    [
      `/v2/library/alpine/referrers/${digest}?artifactType=`,
      { kind: 'referrers', ...alpine, digest, artifactType: undefined },
    ],
    [
      `/v2/library/alpine/referrers/${digest}?artifactType=a%2Fb`,
      { kind: 'referrers', ...alpine, digest, artifactType: 'a/b' },
    ],
    ['/v2/alpine/manifests/latest', { kind: 'manifest', ...alpine, name: 'alpine', reference: { tag: 'latest' } }],
    [
      '/v2/alpine/manifests/latest?ns=index.docker.io',
      { kind: 'manifest', ...alpine, name: 'alpine', namespace: 'index.docker.io', reference: { tag: 'latest' } },
    ],
    [
      '/v2/a/manifests/b/manifests/c',
      {
        kind: 'manifest',
        repository: repositoryOf('docker.io', 'a/manifests/b'),
        name: 'a/manifests/b',
        namespace: undefined,
        reference: { tag: 'c' },
      },
    ],
    [
      '/v2/a/tags/list/tags/list',
      {
        kind: 'tags',
        repository: repositoryOf('docker.io', 'a/tags/list'),
        name: 'a/tags/list',
        namespace: undefined,
        query: { limit: undefined, last: undefined },
      },
    ],
    ['/v2/_catalog', { kind: 'catalog' }],
    ['/v2/_catalog?n=5', { kind: 'catalog' }],
  ])('%s', (target, expected) => {
    expect(parse(target)).toEqual(expected);
    expect(parse(target, { method: 'HEAD' })).toEqual(expected);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get', ''])('is not served to %s', (method) => {
    expect(parse('/v2/library/alpine/manifests/latest', { method })).toEqual({ kind: 'unsupported-method' });
    expect(parse('/v2/%', { method })).toEqual({ kind: 'unsupported-method' });
  });

  it.each([
    ['/v2/library/alpine/manifests/latest', 'hub.gate.test', 'docker.io/library/alpine'],
    ['/v2/alpine/manifests/latest', 'hub.gate.test', 'docker.io/library/alpine'],
    ['/v2/org/app/manifests/latest', 'ghcr.gate.test', 'ghcr.io/org/app'],
    ['/v2/org/app/manifests/latest?ns=GHCR.io:443', 'ghcr.gate.test', 'ghcr.io/org/app'],
    ['/v2/ghcr.io/org/app/manifests/latest', 'gate.test', 'ghcr.io/org/app'],
    ['/v2/localhost/app/manifests/latest', 'gate.test', 'localhost/app'],
    ['/v2/org/app/manifests/latest?ns=registry.test:5000', 'gate.test', 'registry.test:5000/org/app'],
    // Where the registry is named otherwise, the path holds no host: a name with a dot is a name.
    ['/v2/ghcr.io/org/app/manifests/latest', 'hub.gate.test', 'docker.io/ghcr.io/org/app'],
    ['/v2/ghcr.io/org/app/manifests/latest?ns=docker.io', 'gate.test', 'docker.io/ghcr.io/org/app'],
    ['/v2/single/manifests/latest', 'ghcr.gate.test', 'ghcr.io/single'],
    ['/v2/foo.bar/manifests/latest', 'gate.test', 'docker.io/library/foo.bar'],
  ])('%s at %s means %s', (target, host, expected) => {
    expect(parse(target, { host })).toMatchObject({ repository: { name: expected } });
  });

  it.each([
    ['/v2/library/alpine/blobs/latest', 'DIGEST_INVALID'],
    ['/v2/library/alpine/blobs/sha256:0', 'DIGEST_INVALID'],
    [`/v2/library/alpine/blobs/${digest.toUpperCase()}`, 'DIGEST_INVALID'],
    ['/v2/library/alpine/referrers/latest', 'DIGEST_INVALID'],
    ['/v2/library/alpine/manifests/a:b', 'DIGEST_INVALID'],
    ['/v2/library/alpine/manifests/-a', 'MANIFEST_INVALID'],
    [`/v2/library/alpine/manifests/${'a'.repeat(129)}`, 'MANIFEST_INVALID'],
    ['/v2/library/alpine/tags/all', 'NAME_INVALID'],
    ['/v2/library/alpine/tags/list?n=x', 'UNSUPPORTED'],
    ['/v2/library/alpine/tags/list?last=-', 'UNSUPPORTED'],
    ['/v2/Library/alpine/manifests/latest', 'NAME_INVALID'],
    ['/v2/library//alpine/manifests/latest', 'NAME_INVALID'],
    ['/v2/org/app/manifests/latest?ns=a&ns=b', 'NAME_INVALID'],
    ['/v2/org/app/manifests/latest?ns=', 'NAME_INVALID'],
    [`/v2/org/app/manifests/latest?${'x'.repeat(2048)}`, 'NAME_INVALID'],
    ['', 'NAME_INVALID'],
    ['*', 'NAME_INVALID'],
  ])('%s is malformed: %s', (target, code) => {
    expect(parse(target)).toMatchObject({ kind: 'malformed', code });
  });
});

describe('whatever the target is', () => {
  const piece = fc.constantFrom(
    '/',
    'v2',
    'library',
    'alpine',
    'manifests',
    'blobs',
    'tags',
    'list',
    'referrers',
    'latest',
    digest,
    '.',
    '..',
    '%2F',
    '%3A',
    '\\',
    '?',
    'ns=',
    'docker.io',
    '&',
    ':',
    'A',
    '-',
    '_',
  );
  const target = fc.array(piece, { maxLength: 14 }).map((pieces) => `/v2/${pieces.join('')}`);

  it('parsing never fails, and never takes long', () => {
    fc.assert(fc.property(fc.oneof(target, fc.string({ maxLength: 3000 })), (text) => void parse(text)));
  });

  it('what it means is what every reader that decodes and folds it would read', () => {
    fc.assert(
      fc.property(target, (text) => {
        const route = parse(text);
        if (!('repository' in route)) return;
        const folded = new URL(text, 'http://gate.test').pathname;
        expect(decodeURIComponent(folded)).toContain(`/v2/${route.name}/`);
        expect(route.repository.name.endsWith(route.repository.path)).toBe(true);
        expect(route.repository.path).not.toMatch(/\.\.|\/\/|%|\\|[A-Z]/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what was read', () => {
  const target = '/v2/library/alpine/manifests/latest';

  it('is remembered, and forgotten when there are more targets than anybody pulls', () => {
    const read = createRouteReader(naming);
    const first = read('GET', target, 'gate.test');
    expect(read('HEAD', target, 'gate.test')).toBe(first);
    for (let tag = 0; tag < 2_000; tag++) read('GET', `/v2/library/alpine/manifests/${tag}`, 'gate.test');
    expect(read('GET', target, 'gate.test')).not.toBe(first);
    expect(read('GET', target, 'gate.test')).toEqual(first);
  });

  it('of one host is not what it means on another, and of a pull is not what it means otherwise', () => {
    const read = createRouteReader(naming);
    const here = read('GET', target, 'gate.test');
    const there = read('GET', target, 'ghcr.gate.test');
    expect(here).toMatchObject({ repository: repositoryOf('docker.io', 'library/alpine') });
    expect(there).toMatchObject({ repository: repositoryOf('ghcr.io', 'library/alpine') });
    expect(read('PUT', target, 'gate.test')).toEqual({ kind: 'unsupported-method' });
  });
});
