import type { RegistryAccessBody } from '@pullgate/contract';
import { describe, expect, test } from 'vitest';
import { allowedHosts, allowHub, put, readRegistry, remove, switchTo } from '../../src/registry-access/registries.ts';

const ghcr = { address: 'https://ghcr.io/', friendly_name: 'GitHub', allowed: true };
const quay = { address: 'quay.io', friendly_name: 'quay.io', allowed: false };
const access: RegistryAccessBody = {
  enabled: true,
  standard_registries: [{ id: 'DockerHub', allowed: true }],
  custom_registries: [ghcr, quay],
};

describe('a registry as owners paste it', () => {
  test.each([
    ['a host', 'ghcr.io', 'ghcr.io'],
    ['an address', ' https://ghcr.io/ ', 'ghcr.io'],
    ['capitals and the default port', 'GHCR.io:443', 'ghcr.io'],
    ['another port', 'registry.acme.example:5000', 'registry.acme.example:5000'],
    ['one of the many names of Docker Hub', 'https://index.docker.io', 'docker.io'],
  ])('%s', (_what, text, host) => {
    expect(readRegistry(text)).toEqual({ host });
  });

  test.each([
    ['a repository', 'ghcr.io/acme', /Only the host/],
    ['no host at all', 'two words', /./],
  ])('%s is told to be none', (_what, text, problem) => {
    expect(readRegistry(text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('a change of the list', () => {
  test('allows Docker Hub and the registries that are allowed', () => {
    expect(allowedHosts(access)).toEqual(['docker.io', 'ghcr.io']);
    expect(allowedHosts(allowHub(false)(access))).toEqual(['ghcr.io']);
  });

  test('puts a registry in place of the same one, however that is written', () => {
    const changed = put({ address: 'ghcr.io', friendly_name: 'ghcr.io', allowed: false })(access);
    expect(changed.custom_registries).toEqual([{ address: 'ghcr.io', friendly_name: 'ghcr.io', allowed: false }, quay]);
  });

  test('adds a registry at the end, and leaves the others', () => {
    const added = { address: 'gcr.io', friendly_name: 'Google', allowed: true };
    expect(put(added)(access).custom_registries).toEqual([ghcr, quay, added]);
  });

  test('removes a registry by its host', () => {
    expect(remove('ghcr.io')(access).custom_registries).toEqual([quay]);
  });

  test('switches the whole and keeps the list', () => {
    expect(switchTo(false)(access)).toEqual({ ...access, enabled: false });
  });
});
