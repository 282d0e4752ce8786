import { type Fault, type SmallHub, startSmallHub } from '@pullgate/small-registry';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createHubApi, type HubApi, type HubApiOptions } from '../../src/upstream/hub-api.ts';
import { server } from './small-upstream.ts';

let hub: SmallHub;
beforeEach(async () => {
  const running = await startSmallHub({
    namespaces: { bitnami: 'verified_publisher', binacle: 'open_source', acme: '', jane: 'user' },
  });
  hub = running;
  return () => running.close();
});

function apiAt(url: string, options: Partial<HubApiOptions> = {}): HubApi {
  const api = createHubApi({ url, allowHttp: true, allowPrivateAddresses: true, ...options });
  onTestFinished(() => api.close());
  return api;
}

describe('the badge of a namespace on Docker Hub', () => {
  test.each([
    ['bitnami', 'verified-publisher', 'an organization with the badge'],
    ['binacle', 'sponsored-oss', 'an organization with the badge'],
    ['acme', 'community', 'an organization without a badge'],
    ['jane', 'community', 'a person'],
    ['absent', 'community', 'nobody'],
  ])('%s is %s: %s', async (namespace, category) => {
    expect(await apiAt(hub.url).badgeOf(namespace)).toEqual({ known: true, category });
  });

  test('is asked for once, with nothing that tells who asks', async () => {
    await apiAt(hub.url).badgeOf('bitnami');
    expect(hub.requests).toEqual([
      {
        method: 'GET',
        url: '/v2/orgs/bitnami/',
        headers: {
          host: new URL(hub.url).host,
          connection: 'keep-alive',
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': 'pullgate',
        },
      },
    ]);
  });

  test('is found behind a redirect that changes the slash at the end only', async () => {
    hub.faults.once(/orgs\/bitnami\/$/, { kind: 'redirect', location: '/v2/orgs/bitnami', status: 301 });
    expect(await apiAt(hub.url).badgeOf('bitnami')).toEqual({ known: true, category: 'verified-publisher' });
  });

  test.each([
    ['a new badge', '{"orgname":"bitnami","badge":"hardened"}'],
    ['a badge called like a property of every object', '{"orgname":"bitnami","badge":"constructor"}'],
    ['null', '{"orgname":"bitnami","badge":null}'],
  ])('that means nothing to the policy is none: %s', async (_, body) => {
    const url = await server((_request, response) => response.end(body));
    expect(await apiAt(url).badgeOf('bitnami')).toEqual({ known: true, category: 'community' });
  });
});

describe('a failure is told as such, and is never a category', () => {
  test.each<[string, Fault, string, number?]>([
    ['429', { kind: 'status', status: 429, retryAfter: '30' }, 'rate-limited', 30],
    ['429 without a time', { kind: 'status', status: 429 }, 'rate-limited'],
    ['500', { kind: 'status', status: 500 }, 'unavailable'],
    ['503', { kind: 'status', status: 503 }, 'unavailable'],
    ['401', { kind: 'status', status: 401 }, 'unavailable'],
    ['403, as protection against robots answers', { kind: 'status', status: 403 }, 'unavailable'],
    ['half an answer', { kind: 'short-body' }, 'unavailable'],
    ['a reset', { kind: 'reset', after: 5 }, 'unavailable'],
    ['wrong bytes', { kind: 'wrong-bytes' }, 'untrustworthy'],
    ['an endless answer', { kind: 'endless-body' }, 'untrustworthy'],
    ['a compressed answer', { kind: 'gzip' }, 'untrustworthy'],
    [
      'a redirect to another host',
      { kind: 'redirect', location: 'https://evil.example/v2/users/bitnami' },
      'untrustworthy',
    ],
    ['a redirect to another person', { kind: 'redirect', location: '/v2/users/other' }, 'untrustworthy'],
    ['a redirect to another organization', { kind: 'redirect', location: '/v2/orgs/other/' }, 'untrustworthy'],
    ['a redirect in a circle', { kind: 'redirect', location: '/v2/orgs/bitnami/' }, 'untrustworthy'],
    ['a redirect to the metadata service', { kind: 'redirect', location: 'http://169.254.169.254/' }, 'untrustworthy'],
  ])('%s', async (_, fault, reason, retryAfter) => {
    hub.faults.always(/./, fault);
    expect(await apiAt(hub.url).badgeOf('bitnami')).toEqual({ known: false, reason, retryAfter });
    expect(hub.requests.every(({ url }) => /^\/v2\/orgs\/bitnami\/?$/.test(url))).toBe(true);
  });

  test.each([
    ['no JSON', 'verified_publisher'],
    ['a list', '[]'],
    ['no badge', '{"orgname":"bitnami"}'],
    ['a badge that is no text', '{"orgname":"bitnami","badge":true}'],
    ['another organization', '{"orgname":"other","badge":"verified_publisher"}'],
    ['no organization', '{"badge":"verified_publisher"}'],
  ])('an answer with %s', async (_, body) => {
    const url = await server((_request, response) => response.end(body));
    expect(await apiAt(url).badgeOf('bitnami')).toMatchObject({ known: false, reason: 'untrustworthy' });
  });

  test.each([
    ['on a private address', { allowPrivateAddresses: false }],
    ['without https', { allowHttp: false }],
  ])('a hub %s that the operator did not allow', async (_, options) => {
    expect(await apiAt(hub.url, options).badgeOf('bitnami')).toMatchObject({ known: false, reason: 'untrustworthy' });
    expect(hub.requests).toEqual([]);
  });

  test('a hub that does not answer in time', async () => {
    hub.faults.always(/./, { kind: 'hang' });
    const api = apiAt(hub.url, { limits: { exchangeMs: 100 } });
    expect(await api.badgeOf('bitnami')).toMatchObject({ known: false, reason: 'unavailable' });
  });

  test('a hub that is down', async () => {
    const down = await startSmallHub();
    await down.close();
    expect(await apiAt(down.url).badgeOf('bitnami')).toMatchObject({ known: false, reason: 'unavailable' });
  });
});
