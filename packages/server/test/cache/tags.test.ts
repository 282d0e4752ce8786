import { buildImage, type Fault, type SmallRegistry } from '@pullgate/small-registry';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Upstream } from '../../src/content/content.ts';
import type { ContentErrorCode } from '../../src/content/content-error.ts';
import { asDigest, failureOf, linesOf, smallRegistry, source, upstreamAt } from '../upstream/small-upstream.ts';
import { openSmallCache, type SmallCache, settled, tagTtl } from './small-cache.ts';

const one = buildImage({ files: { version: '1' } });
const two = buildImage({ files: { version: '2' } });
const web = source('acme/web');
const latest = { tag: 'latest' };
const head = 'HEAD /v2/acme/web/manifests/latest';
const get = (digest: string) => `GET /v2/acme/web/manifests/${digest}`;

let registry: SmallRegistry;
let upstream: Upstream;
let cache: SmallCache;
beforeEach(async () => {
  registry = await smallRegistry();
  registry.add('acme/web', one, ['latest']);
  upstream = { ...upstreamAt(registry.url) };
  cache = await openSmallCache({ upstream });
});

/** The registry misbehaves from now on, and nobody waits for it for long. */
function fail(match: RegExp, fault: Fault): void {
  registry.faults.always(match, fault);
  const limits = { headersMs: 200, exchangeMs: 400 };
  Object.assign(upstream, upstreamAt(registry.url, { limits, retry: { attempts: 1, delayMs: 1, budgetMs: 1 } }));
}

function recover(): void {
  registry.faults.clear();
  Object.assign(upstream, upstreamAt(registry.url));
}

/** What the registry was asked since the last look. */
function requests(): string[] {
  const lines = linesOf(registry);
  registry.requests.length = 0;
  return lines;
}

describe('a tag', () => {
  it('is asked for with HEAD, and its manifest is fetched by digest, once', async () => {
    expect(await cache.manifest(web, latest)).toMatchObject({ digest: one.root.digest, stale: false });
    expect(requests()).toEqual([head, get(one.root.digest)]);
  });

  it('is not asked for again within its time', async () => {
    await cache.manifest(web, latest);
    requests();
    cache.pass(tagTtl - 1);
    expect(await cache.manifest(web, latest)).toMatchObject({ digest: one.root.digest, stale: false });
    await cache.describeManifest(web, latest);
    expect(requests()).toEqual([]);
  });

  it('is asked for with HEAD alone afterwards, as long as it means the same', async () => {
    await cache.manifest(web, latest);
    requests();
    for (let round = 0; round < 3; round++) {
      cache.pass(tagTtl);
      await cache.manifest(web, latest);
    }
    expect(requests()).toEqual([head, head, head]);
  });

  it('is asked for once by many', async () => {
    const manifests = await Promise.all(Array.from({ length: 10 }, async () => cache.manifest(web, latest)));
    expect(new Set(manifests.map(({ digest }) => digest)).size).toBe(1);
    expect(requests()).toEqual([head, get(one.root.digest)]);
  });

  it('that moves is followed', async () => {
    await cache.manifest(web, latest);
    registry.add('acme/web', two, ['latest']);
    expect((await cache.manifest(web, latest)).digest).toBe(one.root.digest);
    cache.pass(tagTtl);
    requests();
    const moved = await cache.manifest(web, latest);
    expect(moved.digest).toBe(two.root.digest);
    expect(moved.bytes.equals(two.root.bytes)).toBe(true);
    expect(requests()).toEqual([head, get(two.root.digest)]);
    // The old one is still there by its digest.
    expect((await cache.manifest(web, { digest: asDigest(one.root.digest) })).digest).toBe(one.root.digest);
    expect(requests()).toEqual([]);
  });

  it('that is gone is gone, also when the upstream fails afterwards', async () => {
    await cache.manifest(web, latest);
    registry.removeTag('acme/web', 'latest');
    cache.pass(tagTtl);
    await failureOf(cache.manifest(web, latest), 'not-found');
    fail(/./, { kind: 'status', status: 503 });
    await failureOf(cache.manifest(web, latest), 'unavailable');
    const again = await openSmallCache({ upstream, folder: cache.folder });
    await failureOf(again.manifest(web, latest), 'unavailable');
  });

  it('that is gone can come back', async () => {
    registry.removeTag('acme/web', 'latest');
    await failureOf(cache.manifest(web, latest), 'not-found');
    registry.setTag('acme/web', 'latest', one.root.digest);
    expect((await cache.manifest(web, latest)).digest).toBe(one.root.digest);
  });

  it('that was asked for in a time to come is asked for now: the clock was wrong', async () => {
    const ahead = await openSmallCache({ upstream });
    ahead.pass(365 * 24 * 60 * 60 * 1000);
    await ahead.manifest(web, latest);
    await settled(ahead);
    requests();
    const again = await openSmallCache({ upstream, folder: ahead.folder });
    await again.manifest(web, latest);
    expect(requests()).toEqual([head]);
  });

  it('of one repository says nothing about another', async () => {
    await cache.manifest(web, latest);
    await failureOf(cache.manifest(source('acme/other'), latest), 'not-found');
    await failureOf(cache.manifest(web, { tag: 'other' }), 'not-found');
  });
});

const outages: readonly (readonly [what: string, fault: Fault, code: ContentErrorCode])[] = [
  ['503', { kind: 'status', status: 503 }, 'unavailable'],
  ['500', { kind: 'status', status: 500 }, 'unavailable'],
  ['no answer', { kind: 'hang' }, 'unavailable'],
  ['429', { kind: 'status', status: 429, retryAfter: '60' }, 'rate-limited'],
];

describe.each(outages)('while the upstream answers with %s', (_what, fault, code) => {
  it('a tag means what it meant, and is marked as stale', async () => {
    await cache.manifest(web, latest);
    await settled(cache);
    cache.pass(tagTtl);
    fail(/manifests\/latest/, fault);
    cache.lookups.length = 0;
    const manifest = await cache.manifest(web, latest);
    expect(manifest).toMatchObject({ digest: one.root.digest, stale: true });
    expect(manifest.bytes.equals(one.root.bytes)).toBe(true);
    expect(await cache.describeManifest(web, latest)).toMatchObject({ digest: one.root.digest, stale: true });
    expect(cache.lookups).toContain('stale');
    expect(await cache.manifest(web, { digest: asDigest(one.root.digest) })).toMatchObject({ stale: false });
  });

  it('it is not asked at once again', async () => {
    await cache.manifest(web, latest);
    cache.pass(tagTtl);
    fail(/manifests\/latest/, fault);
    await cache.manifest(web, latest);
    requests();
    for (let round = 0; round < 5; round++) expect((await cache.manifest(web, latest)).stale).toBe(true);
    expect(requests()).toEqual([]);
    cache.pass(60_000);
    await cache.manifest(web, latest);
    expect(requests()).toEqual([head]);
  });

  it('a tag is fresh again as soon as it answers', async () => {
    await cache.manifest(web, latest);
    cache.pass(tagTtl);
    fail(/manifests\/latest/, fault);
    await cache.manifest(web, latest);
    recover();
    registry.add('acme/web', two, ['latest']);
    cache.pass(60_000);
    expect(await cache.manifest(web, latest)).toMatchObject({ digest: two.root.digest, stale: false });
  });

  it('a tag that nobody asked for before means nothing', async () => {
    fail(/manifests\/latest/, fault);
    await failureOf(cache.manifest(web, latest), code);
    await failureOf(cache.describeManifest(web, latest), code);
  });

  it('a tag means what it meant before a restart', async () => {
    await cache.manifest(web, latest);
    await settled(cache);
    fail(/./, fault);
    const again = await openSmallCache({ upstream, folder: cache.folder });
    again.pass(tagTtl);
    expect(await again.manifest(web, latest)).toMatchObject({ digest: one.root.digest, stale: true });
  });
});

const refusals: readonly (readonly [what: string, fault: Fault, code: ContentErrorCode])[] = [
  ['404', { kind: 'status', status: 404 }, 'not-found'],
  ['403', { kind: 'status', status: 403 }, 'not-found'],
  ['401', { kind: 'status', status: 401 }, 'not-found'],
  ['a digest that it does not hold', { kind: 'digest-header', value: `sha256:${'0'.repeat(64)}` }, 'not-found'],
  ['something compressed', { kind: 'gzip' }, 'untrustworthy'],
];

it.each(refusals)('an answer of %s is an answer: nothing stale is served', async (_what, fault, code) => {
  await cache.manifest(web, latest);
  cache.pass(tagTtl);
  fail(/manifests/, fault);
  await expect(cache.manifest(web, latest)).rejects.toMatchObject({ code });
});
