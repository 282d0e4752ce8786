import { defaultPolicy } from '@pullgate/policy';
import { expect, test } from 'vitest';
import { changedPolicy } from '../../../src/commands/policy/change.ts';
import { differences } from '../../../src/commands/policy/difference.ts';

const before = { policy: defaultPolicy, enforceSignIn: true };

test('nothing differs from itself', () => {
  expect(differences(before, before)).toEqual([]);
});

test('every change is named once, in the words of the policy', () => {
  const policy = changedPolicy(defaultPolicy, {
    enable: true,
    allow: ['community'],
    refuse: ['official'],
    allowlist: true,
    addRepository: ['nginx'],
    registryAccess: true,
    dockerHub: false,
    addRegistry: ['ghcr.io'],
  });
  expect(differences(before, { policy, enforceSignIn: false })).toEqual([
    { setting: 'Image access management', before: 'off', after: 'on' },
    { setting: 'Enforce sign-in', before: 'on', after: 'off' },
    { setting: 'Official images', before: 'allowed', after: 'refused' },
    { setting: 'Community images', before: 'refused', after: 'allowed' },
    { setting: 'Repository allowlist', before: 'off', after: 'on' },
    { setting: 'Registry access', before: 'off', after: 'on' },
    { setting: 'Docker Hub', before: 'allowed', after: 'refused' },
    { setting: 'Allowlist', before: 'not listed', after: 'docker.io/library/nginx' },
    { setting: 'Registries', before: 'not listed', after: 'ghcr.io' },
  ]);
});

test('what is taken off a list is told too', () => {
  const listed = { policy: changedPolicy(defaultPolicy, { addRepository: ['nginx'] }), enforceSignIn: true };
  expect(differences(listed, before)).toEqual([
    { setting: 'Allowlist', before: 'docker.io/library/nginx', after: 'not listed' },
  ]);
});
