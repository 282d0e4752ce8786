import { defaultPolicy, type ImageAccessPolicy, settingTitle } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/administration-error.ts';
import { checkPolicy, policyDifference, wordsOf } from '../../src/organizations/policy-rules.ts';

function allowing(...repositories: string[]): ImageAccessPolicy {
  return { ...defaultPolicy, allowlist: { enabled: true, repositories: new Set(repositories) } };
}

function opening(...registries: string[]): ImageAccessPolicy {
  return { ...defaultPolicy, registryAccess: { enabled: true, dockerHub: true, registries: new Set(registries) } };
}

describe('a repository on the allowlist', () => {
  it.each(['docker.io/library/nginx', 'docker.io/bitnami/redis', 'ghcr.io/a/b/c', 'registry.corp:5000/app'])(
    'can be %s',
    (name) => expect(() => checkPolicy(allowing(name))).not.toThrow(),
  );

  it.each([
    ['short', 'nginx'],
    ['without a registry', 'bitnami/redis'],
    ['by an alias of the registry', 'index.docker.io/library/nginx'],
    ['with a tag', 'docker.io/library/nginx:1'],
    ['upper case', 'docker.io/library/Nginx'],
    ['a pattern', 'docker.io/bitnami/*'],
    ['empty', ''],
    ['very long', `docker.io/a/${'b'.repeat(10_000)}`],
  ])('cannot be %s', (_why, name) => {
    expect(() => checkPolicy(allowing('docker.io/library/alpine', name))).toThrow(InvalidInput);
  });

  it('is one of at most 20000', () => {
    const names = Array.from({ length: 20_001 }, (_, index) => `docker.io/acme/image${index}`);
    expect(() => checkPolicy(allowing(...names.slice(1)))).not.toThrow();
    expect(() => checkPolicy(allowing(...names))).toThrow(/at most 20000/);
  });

  it('is shown in the error, cut to a bearable length', () => {
    expect(() => checkPolicy(allowing('Nginx'))).toThrow(/"Nginx" is not the full name of a repository/);
    expect(() => checkPolicy(allowing('x'.repeat(10_000)))).toThrow(/^.{1,250}$/);
  });
});

describe('an allowed registry', () => {
  it.each(['ghcr.io', 'registry.corp:5000', 'localhost:5000'])('can be %s', (host) => {
    expect(() => checkPolicy(opening(host))).not.toThrow();
  });

  it.each([
    ['Docker Hub, which has its own switch', 'docker.io'],
    ['an alias of Docker Hub', 'index.docker.io'],
    ['upper case', 'GHCR.io'],
    ['with the default port', 'ghcr.io:443'],
    ['a URL', 'https://ghcr.io'],
    ['a repository', 'ghcr.io/acme'],
  ])('cannot be %s', (_why, host) => {
    expect(() => checkPolicy(opening(host))).toThrow(InvalidInput);
  });

  it('is one of at most 100', () => {
    const hosts = Array.from({ length: 101 }, (_, index) => `r${index}.example.com`);
    expect(() => checkPolicy(opening(...hosts.slice(1)))).not.toThrow();
    expect(() => checkPolicy(opening(...hosts))).toThrow(/At most 100/);
  });
});

describe('the difference between two policies', () => {
  it('is none when they say the same', () => {
    expect(
      policyDifference(allowing('docker.io/a/a', 'docker.io/b/b'), allowing('docker.io/b/b', 'docker.io/a/a')),
    ).toBe(undefined);
  });

  it('names each switch that changed, and what was added to and taken from each list', () => {
    const before = { ...allowing('docker.io/a/a', 'docker.io/b/b'), enabled: false };
    const after = { ...allowing('docker.io/b/b', 'docker.io/c/c'), enabled: true };
    expect(policyDifference(before, after)).toEqual({
      before: { enabled: false, 'allowlist.repositories': ['docker.io/a/a'] },
      after: { enabled: true, 'allowlist.repositories': ['docker.io/c/c'] },
    });
  });
});

describe('the words by which a change is found', () => {
  it('are the settings by their titles, all that there are, and what was put into lists and taken out', () => {
    const { enabled, allow, registryAccess } = defaultPolicy;
    const others = Object.entries(allow).map(([category, isAllowed]) => [category, !isAllowed]);
    const turned: ImageAccessPolicy = {
      enabled: !enabled,
      allow: Object.fromEntries(others),
      allowlist: { enabled: true, repositories: new Set(['docker.io/bitnami/redis']) },
      registryAccess: {
        enabled: !registryAccess.enabled,
        dockerHub: !registryAccess.dockerHub,
        registries: new Set(['ghcr.io']),
      },
    };
    const before = { ...defaultPolicy, allowlist: { enabled: false, repositories: new Set(['docker.io/old/tool']) } };
    const difference = policyDifference(before, turned);
    expect(difference && wordsOf(difference).split('\n').sort()).toEqual(
      [...Object.values(settingTitle), 'docker.io/bitnami/redis', 'docker.io/old/tool', 'ghcr.io'].sort(),
    );
  });
});
