import { describe, expect, test } from 'vitest';
import { parseTokenResource } from '../../src/index.ts';

describe('what an organization access token may pull', () => {
  test.each([
    ['acme/web', { kind: 'repository', name: 'docker.io/acme/web' }],
    ['library/nginx', { kind: 'repository', name: 'docker.io/library/nginx' }],
    ['docker.io/acme/web', { kind: 'repository', name: 'docker.io/acme/web' }],
    ['REGISTRY-1.docker.io:443/acme/web', { kind: 'repository', name: 'docker.io/acme/web' }],
    ['acme/team/web', { kind: 'repository', name: 'docker.io/acme/team/web' }],
    ['ghcr.io/acme/web', { kind: 'repository', name: 'ghcr.io/acme/web' }],
    ['registry.corp:5000/web', { kind: 'repository', name: 'registry.corp:5000/web' }],
    ['acme/*', { kind: 'prefix', prefix: 'docker.io/acme/' }],
    ['index.docker.io/acme/*', { kind: 'prefix', prefix: 'docker.io/acme/' }],
    ['ghcr.io/acme/*', { kind: 'prefix', prefix: 'ghcr.io/acme/' }],
    ['GHCR.io:443/acme/*', { kind: 'prefix', prefix: 'ghcr.io/acme/' }],
    ['ghcr.io/acme/team/*', { kind: 'prefix', prefix: 'ghcr.io/acme/team/' }],
    ['*/*/public', { kind: 'public' }],
  ])('%s', (text, expected) => {
    expect(parseTokenResource(text)).toEqual(expected);
  });

  test.each([
    ['', 'invalid-resource'],
    ['*', 'invalid-resource'],
    ['acme', 'invalid-resource'],
    // a whole registry, which must not turn into its official images or into a namespace of Docker Hub
    ['docker.io/*', 'invalid-resource'],
    ['index.docker.io/*', 'invalid-resource'],
    ['registry-1.docker.io/*', 'invalid-resource'],
    ['ghcr.io/*', 'invalid-resource'],
    ['Acme/*', 'invalid-resource'],
    ['docker.io/nginx', 'invalid-resource'],
    ['*/*', 'invalid-path'],
    ['/*', 'invalid-path'],
    ['*/web', 'invalid-path'],
    ['acme/**', 'invalid-path'],
    ['acme/*/web', 'invalid-path'],
    ['acme/w*', 'invalid-path'],
    ['acme/', 'invalid-path'],
    ['acme/web:latest', 'invalid-path'],
    ['ghcr.io/acme/*/*', 'invalid-path'],
    ['*/*/private', 'invalid-path'],
    ['acme/Web', 'uppercase'],
    ['ghcr.io/Acme/*', 'uppercase'],
    ['gh_cr.io/acme/*', 'invalid-host'],
    [`acme/${'a'.repeat(255)}`, 'too-long'],
    [`${'a'.repeat(256)}/*`, 'too-long'],
  ])('%j is refused: %s', (text, code) => {
    expect(() => parseTokenResource(text)).toThrow(expect.objectContaining({ name: 'InvalidReference', code }));
  });

  test.each([
    ['acme/Web', 'acme/Web must be lower case: write acme/web.'],
    ['Acme/Web', 'Acme/Web must be lower case: write acme/web.'],
    ['ghcr.io/Acme/*', 'ghcr.io/Acme/* must be lower case: write ghcr.io/acme/*.'],
    ['Acme/Team/*', 'Acme/Team/* must be lower case: write acme/team/*.'],
  ])('the error writes the whole of %s in lower case', (text, message) => {
    expect(() => parseTokenResource(text)).toThrow(expect.objectContaining({ message }));
  });

  test('the error shows what can be written', () => {
    expect(() => parseTokenResource('docker.io/*')).toThrow(
      'docker.io/* is not a resource of an access token. Write a repository like acme/web, all of a namespace like acme/*, or */*/public.',
    );
  });
});
