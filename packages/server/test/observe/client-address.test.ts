import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientAddress, trustedProxies } from '../../src/observe/client-address.ts';

const proxies = trustedProxies(['10.0.0.0/8', 'fd00::/8', '192.0.2.7']);

describe('the address of the client', () => {
  test.each<[description: string, peer: string, forwardedFor: string | undefined, address: string]>([
    ['no proxy', '203.0.113.5', undefined, '203.0.113.5'],
    ['a client that pretends to be a proxy', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['one proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['a single trusted address', '192.0.2.7', '198.51.100.1', '198.51.100.1'],
    ['its neighbour', '192.0.2.8', '198.51.100.1', '192.0.2.8'],
    ['two proxies', '10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1'],
    [
      'what the client sent itself is left of what the proxy saw',
      '10.0.0.1',
      '127.0.0.1, 198.51.100.1',
      '198.51.100.1',
    ],
    ['a trusted address that the client sent', '10.0.0.1', '10.9.9.9, 198.51.100.1', '198.51.100.1'],
    ['a proxy in between that is not trusted', '10.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['a client within the trusted network', '10.0.0.1', '10.0.0.77', '10.0.0.77'],
    ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy that says the empty string', '10.0.0.1', '', '10.0.0.1'],
    ['no address', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['no address behind one', '10.0.0.1', 'for=1.2.3.4, 10.0.0.2', '10.0.0.2'],
    ['an empty entry', '10.0.0.1', '198.51.100.1,, 10.0.0.2', '10.0.0.2'],
    ['a port', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['IPv6', '10.0.0.1', '2001:DB8:0:0::1', '2001:db8::1'],
    ['IPv6 with a port', '10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['IPv6 with a zone', 'fe80::1%eth0', undefined, 'fe80::1'],
    ['IPv6 proxies', 'fd00::1', '2001:db8::1, fd00::2', '2001:db8::1'],
    ['an IPv4 client on a socket of both kinds', '::ffff:203.0.113.5', undefined, '203.0.113.5'],
    ['an IPv4 proxy on a socket of both kinds', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['IPv4 mapped in the header, in hexadecimal', '10.0.0.1', '::ffff:c633:6401', '198.51.100.1'],
    ['IPv4 with a leading zero, which some read as octal', '10.0.0.1', '010.0.0.1', '10.0.0.1'],
    ['a socket that is gone', '', '198.51.100.1', 'unknown'],
    ['markup', '10.0.0.1', '<script>alert(1)</script>', '10.0.0.1'],
    ['more hops than there are', '10.0.0.1', `198.51.100.1${', 10.0.0.2'.repeat(100)}`, '10.0.0.2'],
  ])('%s', (_description, peer, forwardedFor, address) => {
    expect(clientAddress(peer, forwardedFor, proxies)).toBe(address);
  });

  test('without trusted proxies the header counts for nothing', () => {
    expect(clientAddress('10.0.0.1', '198.51.100.1', trustedProxies([]))).toBe('10.0.0.1');
  });

  test('whatever the client sends ahead, it is the address that the proxy saw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.ipV4(), (sent, seen) => {
        fc.pre(!proxies.includes(seen));
        expect(clientAddress('10.0.0.1', `${sent}, ${seen}`, proxies)).toBe(seen);
      }),
    );
  });
});

test.each([
  '',
  'proxy.example',
  '10.0.0.0/33',
  'fd00::/129',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  '10.0.0.0/1e1',
  '10.0.0',
])('"%s" is no range of trusted proxies', (range) => {
  expect(() => trustedProxies([range])).toThrow(`"${range}" is no IP address or CIDR range`);
});
