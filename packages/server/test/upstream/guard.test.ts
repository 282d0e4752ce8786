import type { LookupAddress, LookupOptions } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { AddressRefused, createAddressGuard } from '../../src/upstream/guard.ts';

const careful = createAddressGuard({ allowPrivate: false });
const opened = createAddressGuard({ allowPrivate: true });

describe('addresses on the internet are allowed', () => {
  test.each([
    '44.205.64.79',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '2600:1f18::1',
  ])('%s', (address) => {
    expect(careful.allows(address)).toBe(true);
  });

  test('also through NAT64, on networks that have IPv6 only', () => {
    expect(careful.allows('64:ff9b::1.1.1.1')).toBe(true);
  });
});

describe('private and reserved addresses are allowed only where the operator says so', () => {
  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback, all of it', '127.255.255.254'],
    ['RFC 1918', '10.0.0.1'],
    ['RFC 1918', '172.16.0.1'],
    ['RFC 1918', '172.31.255.255'],
    ['RFC 1918', '192.168.0.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['carrier-grade NAT', '100.127.255.255'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '203.0.113.1'],
    ['IPv6 loopback', '::1'],
    ['unique local', 'fd00::1'],
    ['unique local', 'fc00::1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped loopback in hexadecimal', '::ffff:7f00:1'],
    ['IPv4-compatible', '::10.0.0.1'],
    ['NAT64 of a private address', '64:ff9b::10.0.0.1'],
    ['NAT64 of a private address in hexadecimal', '64:ff9b::c0a8:1'],
    ['NAT64 of a local network', '64:ff9b:1::1'],
    ['6to4 of a private address', '2002:0a00:0001::1'],
    ['Teredo', '2001::1'],
  ])('%s: %s', (_, address) => {
    expect(careful.allows(address)).toBe(false);
    expect(opened.allows(address)).toBe(true);
  });
});

describe('metadata services and what is no single host are never allowed', () => {
  test.each([
    ['metadata of most clouds', '169.254.169.254'],
    ['link-local', '169.254.0.1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['metadata, IPv4-mapped', '::ffff:169.254.169.254'],
    ['metadata, IPv4-mapped in hexadecimal', '::ffff:a9fe:a9fe'],
    ['metadata through NAT64', '64:ff9b::169.254.169.254'],
    ['Alibaba Cloud metadata', '100.100.100.200'],
    ['Azure platform', '168.63.129.16'],
    ['AWS metadata over IPv6', 'fd00:ec2::254'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['a name', 'localhost'],
    ['nothing', ''],
  ])('%s: %s', (_, address) => {
    expect(careful.allows(address)).toBe(false);
    expect(opened.allows(address)).toBe(false);
  });
});

describe('a host', () => {
  test.each(['127.0.0.1', '[::1]', '[::ffff:7f00:1]', '169.254.169.254'])('%s is refused as it stands', (host) => {
    expect(() => careful.checkHost(host)).toThrow(AddressRefused);
  });

  test.each([
    ['decimal', 'http://2130706433/'],
    ['octal', 'http://0177.0.0.1/'],
    ['hexadecimal', 'http://0x7f.1/'],
    ['short', 'http://127.1/'],
    ['full-width', 'http://１２７.0.0.1/'],
  ])('written in %s is the same address', (_, url) => {
    expect(() => careful.checkHost(new URL(url).hostname)).toThrow(AddressRefused);
  });

  test.each(['registry-1.docker.io', 'localhost', '1.1.1.1', '[2600:1f18::1]'])('%s is left to the look-up', (host) => {
    expect(() => careful.checkHost(host)).not.toThrow();
  });
});

describe('the look-up at connect time', () => {
  const look = (guard: typeof careful, options: LookupOptions): Promise<string | LookupAddress[]> =>
    new Promise((resolve, reject) => {
      guard.lookup('localhost', options, (error, address) => (error ? reject(error) : resolve(address)));
    });

  test('refuses a name that stands for a private address', async () => {
    await expect(look(careful, { all: true })).rejects.toThrow(AddressRefused);
    await expect(look(careful, {})).rejects.toThrow(AddressRefused);
  });

  test('hands on what is allowed, in the form that was asked for', async () => {
    await expect(look(opened, { all: true, family: 4 })).resolves.toEqual([{ address: '127.0.0.1', family: 4 }]);
    await expect(look(opened, { family: 4 })).resolves.toBe('127.0.0.1');
  });
});
