import { describe, expect, it } from 'vitest';
import { createPublicAddress } from '../../src/http/public-address.ts';

const aliases = new Map([['hub.gate.test', 'docker.io']]);

describe('the public address', () => {
  it.each([
    ['https://gate.test', 'https://gate.test', 'gate.test'],
    ['https://gate.test/', 'https://gate.test', 'gate.test'],
    ['https://gate.test:443', 'https://gate.test', 'gate.test'],
    ['http://localhost:5050', 'http://localhost:5050', 'localhost:5050'],
  ])('%s', (external, url, host) => {
    expect(createPublicAddress(external, aliases)).toMatchObject({ url, host, service: host });
  });

  it.each([
    ['hub.gate.test', 'docker.io', 'https://hub.gate.test:8443/token'],
    ['HUB.GATE.test:1234', 'docker.io', 'https://hub.gate.test:8443/token'],
    ['gate.test', undefined, 'https://gate.test:8443/token'],
    ['', undefined, 'https://gate.test:8443/token'],
    ['evil.test', undefined, 'https://gate.test:8443/token'],
    ['hub.gate.test.evil.test', undefined, 'https://gate.test:8443/token'],
    ['evil-hub.gate.test', undefined, 'https://gate.test:8443/token'],
    ['hub.gate.test@evil.test', undefined, 'https://gate.test:8443/token'],
    ['hub.gate.test/evil', undefined, 'https://gate.test:8443/token'],
    ['hub.gate.test"', undefined, 'https://gate.test:8443/token'],
  ])('a client that came by %j: registry %s, token service %s', (host, registry, realm) => {
    const address = createPublicAddress('https://gate.test:8443', aliases);
    expect(address.registryOfHost(host)).toBe(registry);
    expect(address.tokenRealm(host)).toBe(realm);
  });

  it('without a host, and without aliases', () => {
    expect(createPublicAddress('https://gate.test', aliases).tokenRealm(undefined)).toBe('https://gate.test/token');
    expect(createPublicAddress('https://gate.test', new Map()).registryOfHost('hub.gate.test')).toBeUndefined();
  });
});
