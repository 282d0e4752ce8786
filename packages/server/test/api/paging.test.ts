import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createOriginOf, pageLinks, pageOfAll, pageRequest } from '../../src/api/paging.ts';
import { createPublicAddress } from '../../src/http/public-address.ts';
import { trustedProxies } from '../../src/observe/client-address.ts';

const address = createPublicAddress('https://gate.acme.dev:8443', new Map());
const originOf = createOriginOf(address, trustedProxies(['10.0.0.0/8']));

interface Asked {
  readonly from?: string;
  readonly tls?: boolean;
  readonly headers?: Record<string, string>;
}

function request({ from = '192.0.2.7', tls = false, headers = {} }: Asked): IncomingMessage {
  const socket = Object.create(tls ? TLSSocket.prototype : null, { remoteAddress: { value: from } });
  return { headers, socket } as IncomingMessage;
}

const forwarded = { 'x-forwarded-host': 'hub.acme.dev', 'x-forwarded-proto': 'https' };

describe('the origin of links', () => {
  const rows: readonly (readonly [string, Asked, string])[] = [
    [
      'the host and the port of the request, over TLS',
      { tls: true, headers: { host: 'a.test:1' } },
      'https://a.test:1',
    ],
    ['in the letter case of the request', { tls: true, headers: { host: 'Gate.Test' } }, 'https://Gate.Test'],
    ['in clear text, when it came so', { headers: { host: 'localhost:80' } }, 'http://localhost:80'],
    [
      'by the configured scheme, when a proxy that nobody declared ends TLS',
      { headers: { host: 'gate.acme.dev:8443' } },
      'https://gate.acme.dev:8443',
    ],
    ['an IPv6 address', { headers: { host: '[::1]:8080' } }, 'http://[::1]:8080'],
    ['what a trusted proxy says', { from: '10.1.2.3', headers: { host: 'x', ...forwarded } }, 'https://hub.acme.dev'],
    [
      'what a trusted proxy says, over IPv4 in IPv6',
      { from: '::ffff:10.1.2.3', headers: { host: 'x', ...forwarded } },
      'https://hub.acme.dev',
    ],
    ['not what anybody else says', { headers: { host: 'a.test', ...forwarded } }, 'http://a.test'],
    ['the configured address without a Host header', {}, 'https://gate.acme.dev:8443'],
    [
      'the configured address for a Host that is none',
      { headers: { host: 'a.test/evil?' } },
      'https://gate.acme.dev:8443',
    ],
    ['the configured address for a Host with a user', { headers: { host: 'u@a.test' } }, 'https://gate.acme.dev:8443'],
  ];
  it.each(rows)('is %s', (_what, asked, expected) => {
    expect(originOf(request(asked))).toBe(expected);
  });
});

describe('links to other pages', () => {
  const links = (target: string, page: number, total: number) =>
    pageLinks('https://gate.test', target, { page, page_size: 10 }, total);

  it('keep the path as it was asked for, its slash, the filters and the page size', () => {
    expect(links('/v2/orgs/acme/members/?search=a%26b&page=2&page_size=10', 2, 25)).toEqual({
      next: 'https://gate.test/v2/orgs/acme/members/?search=a%26b&page=3&page_size=10',
      previous: 'https://gate.test/v2/orgs/acme/members/?search=a%26b&page=1&page_size=10',
    });
  });

  it.each([
    ['nothing at all', 1, 0, false, false],
    ['one full page', 1, 10, false, false],
    ['one item more', 1, 11, true, false],
    ['the last page', 2, 20, false, true],
    ['a page behind the end', 9, 20, false, true],
  ])('are there when there is something: %s', (_what, page, total, next, previous) => {
    const result = links('/v2/user/orgs', page, total);
    expect([result.next !== null, result.previous !== null]).toEqual([next, previous]);
  });

  it('lead back to the last page from behind the end', () => {
    expect(links('/v2/user/orgs', 9, 20).previous).toContain('page=2&');
  });
});

it('takes a part of a list', () => {
  expect(pageRequest({ page: 3, page_size: 10 })).toEqual({ offset: 20, limit: 10 });
  expect(pageOfAll([1, 2, 3, 4, 5], { page: 2, page_size: 2 })).toEqual({ items: [3, 4], total: 5 });
});
