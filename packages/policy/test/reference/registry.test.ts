import { describe, expect, test } from 'vitest';
import { canonicalRegistry, isHostWithoutPort } from '../../src/index.ts';

describe('one registry has one spelling', () => {
  test.each([
    // Docker Hub's aliases
    ['docker.io', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['registry.hub.docker.com', 'docker.io'],
    ['hub.docker.com', 'docker.io'],
    ['DOCKER.IO', 'docker.io'],
    ['Registry-1.Docker.io', 'docker.io'],
    ['docker.io:443', 'docker.io'],
    ['index.docker.io:443', 'docker.io'],
    ['registry-1.docker.io:443', 'docker.io'],
    ['REGISTRY.HUB.DOCKER.COM:443', 'docker.io'],
    ['hub.docker.com:443', 'docker.io'],
    ['docker.io:80', 'docker.io'],
    ['docker.io:0443', 'docker.io'],
    // not Docker Hub, however much it looks like it
    ['docker.io:5000', 'docker.io:5000'],
    ['registry-2.docker.io', 'registry-2.docker.io'],
    ['docker.io.evil.example', 'docker.io.evil.example'],
    ['notdocker.io', 'notdocker.io'],
    ['docker.com', 'docker.com'],
    // others
    ['ghcr.io', 'ghcr.io'],
    ['GHCR.io', 'ghcr.io'],
    ['ghcr.io:443', 'ghcr.io'],
    ['ghcr.io:80', 'ghcr.io'],
    ['ghcr.io:00080', 'ghcr.io'],
    ['Registry.Corp:5000', 'registry.corp:5000'],
    ['registry.corp:05000', 'registry.corp:5000'],
    ['registry.corp:1', 'registry.corp:1'],
    ['registry.corp:65535', 'registry.corp:65535'],
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1:443', '127.0.0.1'],
    ['127.0.0.1:5000', '127.0.0.1:5000'],
    ['localhost', 'localhost'],
    ['LOCALHOST:443', 'localhost'],
    ['localhost:80', 'localhost'],
    ['localhost:5000', 'localhost:5000'],
    // a host of one label keeps a port, or its images would read as Docker Hub's
    ['Foo', 'foo:443'],
    ['registry', 'registry:443'],
    ['registry:443', 'registry:443'],
    ['registry:80', 'registry:80'],
    ['registry:5000', 'registry:5000'],
    // an IPv6 address has many spellings
    ['[fc00::1]', '[fc00::1]'],
    ['[FC00::1]:443', '[fc00::1]'],
    ['[fc00:0:0:0:0:0:0:1]:5000', '[fc00::1]:5000'],
    ['[fc00:0000::0001]:5000', '[fc00::1]:5000'],
    ['[::1]:80', '[::1]'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalRegistry(text)).toBe(canonical);
    expect(canonicalRegistry(canonical)).toBe(canonical);
  });

  test.each([
    ['', '"" is not a registry host. Write it like ghcr.io, registry.example.com:5000 or [fc00::1]:5000.'],
    [
      'ghcr.io/acme',
      'ghcr.io/acme is not a registry host. Write it like ghcr.io, registry.example.com:5000 or [fc00::1]:5000.',
    ],
    [
      'ghcr.io.',
      'ghcr.io. is not a registry host. Write it like ghcr.io, registry.example.com:5000 or [fc00::1]:5000.',
    ],
    [
      'user@ghcr.io',
      'user@ghcr.io is not a registry host. Write it like ghcr.io, registry.example.com:5000 or [fc00::1]:5000.',
    ],
    ['ghcr.io:0', 'ghcr.io:0 has no valid port. A port is a number from 1 to 65535.'],
    ['ghcr.io:65536', 'ghcr.io:65536 has no valid port. A port is a number from 1 to 65535.'],
    ['[fd00123123123]:5000', '[fd00123123123] is not an IPv6 address. Write it like [fc00::1].'],
    ['[1:2:3:4:5:6:7:8:9]', '[1:2:3:4:5:6:7:8:9] is not an IPv6 address. Write it like [fc00::1].'],
  ])('%j is refused', (text, message) => {
    expect(() => canonicalRegistry(text)).toThrow(
      expect.objectContaining({ name: 'InvalidReference', code: 'invalid-host', message }),
    );
  });

  test('a host may have 255 characters', () => {
    const host = `${'a'.repeat(251)}.com`;
    expect(canonicalRegistry(host)).toBe(host);
    expect(() => canonicalRegistry(`a${host}`)).toThrow('is not a registry host');
  });
});

test.each([
  ['localhost', true],
  ['a.b', true],
  ['a:1', true],
  ['acme', false],
  ['localhosts', false],
  ['', false],
])('%j is a host before a slash: %s', (text, expected) => {
  expect(isHostWithoutPort(text)).toBe(expected);
});
