import { defaultPolicy, type ImageAccessPolicy, InvalidReference } from '@pullgate/policy';
import { describe, expect, test } from 'vitest';
import { changedPolicy, type PolicyOptions, parseCategories } from '../../../src/commands/policy/change.ts';

const policy: ImageAccessPolicy = {
  enabled: true,
  allow: { official: true, 'verified-publisher': false, 'sponsored-oss': false, community: true },
  allowlist: { enabled: true, repositories: new Set(['docker.io/bitnami/redis']) },
  registryAccess: { enabled: false, dockerHub: true, registries: new Set(['ghcr.io']) },
};

test.each<[string, PolicyOptions, Partial<ImageAccessPolicy>]>([
  ['nothing', {}, {}],
  ['--enable', { enable: true }, { enabled: true }],
  ['--disable', { disable: true }, { enabled: false }],
  [
    '--allow and --refuse leave the other categories alone',
    { allow: ['verified-publisher'], refuse: ['community'] },
    { allow: { official: true, 'verified-publisher': true, 'sponsored-oss': false, community: false } },
  ],
  [
    '--allowlist off keeps what is on it',
    { allowlist: false },
    { allowlist: { enabled: false, repositories: new Set(['docker.io/bitnami/redis']) } },
  ],
  [
    '--add-repository, in any spelling',
    { addRepository: ['nginx', 'index.docker.io/bitnami/redis', 'GHCR.io/acme/web'] },
    {
      allowlist: {
        enabled: true,
        repositories: new Set(['docker.io/bitnami/redis', 'docker.io/library/nginx', 'ghcr.io/acme/web']),
      },
    },
  ],
  [
    '--remove-repository, in any spelling',
    { removeRepository: ['registry-1.docker.io/bitnami/redis', 'not/there'] },
    { allowlist: { enabled: true, repositories: new Set() } },
  ],
  [
    '--registry-access on, --docker-hub off, --add-registry, --remove-registry',
    { registryAccess: true, dockerHub: false, addRegistry: ['Quay.io:443'], removeRegistry: ['ghcr.io'] },
    { registryAccess: { enabled: true, dockerHub: false, registries: new Set(['quay.io']) } },
  ],
])('%s', (_, options, changed) => {
  expect(changedPolicy(policy, options)).toEqual({ ...policy, ...changed });
});

test('the policy that is changed stays as it was', () => {
  changedPolicy(defaultPolicy, { enable: true, addRepository: ['nginx'], allow: ['community'] });
  expect(defaultPolicy).toMatchObject({ enabled: false, allow: { community: false } });
  expect(defaultPolicy.allowlist.repositories.size).toBe(0);
});

describe('what cannot be meant', () => {
  test.each<[string, PolicyOptions, string]>([
    [
      'a tag on the allowlist',
      { addRepository: ['nginx:1.27'] },
      'Write docker.io/library/nginx instead of nginx:1.27.',
    ],
    ['Docker Hub among the other registries', { addRegistry: ['index.docker.io'] }, '--docker-hub on or off'],
  ])('%s', (_, options, message) => {
    expect(() => changedPolicy(policy, options)).toThrow(message);
  });

  test('what is no image name', () => {
    expect(() => changedPolicy(policy, { addRepository: ['acme/UPPER'] })).toThrow(InvalidReference);
  });
});

describe('a list of categories', () => {
  test('is separated by commas', () => {
    expect(parseCategories('official, sponsored-oss')).toEqual(['official', 'sponsored-oss']);
  });

  test.each([
    ['organization', "An organization's own images are always allowed."],
    ['offical', 'offical is not a category'],
    ['official,', 'Write categories with a comma and no space between: official,community.'],
  ])('%j is refused', (text, message) => {
    expect(() => parseCategories(text)).toThrow(message);
  });
});
