import type { Digest } from '@pullgate/policy';
import { buildImage, type SmallRegistry } from '@pullgate/small-registry';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemberships, Membership } from '../../src/cache/membership.ts';
import type { Source, Upstream } from '../../src/content/content.ts';
import { ContentError, type ContentErrorCode } from '../../src/content/content-error.ts';
import type { ContentIndex, KnownContent } from '../../src/content/content-index.ts';
import type { Soon } from '../../src/soon.ts';
import { asDigest, failureOf, linesOf, smallRegistry, source, upstreamAt } from '../upstream/small-upstream.ts';
import { fakeUpstream, sha256 } from './fake-upstream.ts';
import { asked, openSmallCache, type SmallCache, settled, sourceAt } from './small-cache.ts';

const image = buildImage({ files: { hello: 'world' }, platforms: ['linux/amd64', 'linux/arm64'] });
const index = asDigest(image.root.digest);
const manifest = asDigest(image.manifest.digest);
const config = asDigest(image.config.digest);
const layer = asDigest(image.layers[0]?.digest ?? '');

const holder = source('acme/web');
const other = source('evil/web');
const latest = { tag: 'latest' };

let registry: SmallRegistry;
let upstream: Upstream;
let cache: SmallCache;
beforeEach(async () => {
  registry = await smallRegistry();
  registry.add('acme/web', image, ['latest']);
  registry.add('evil/web', buildImage({ files: { other: 'image' } }), ['latest']);
  upstream = upstreamAt(registry.url);
  cache = await openSmallCache({ upstream });
  await pullEverything(holder);
});

async function pullEverything(from: Source): Promise<void> {
  await cache.manifest(from, latest);
  await cache.manifest(from, { digest: manifest });
  for (const digest of [config, layer]) await cache.pull(from, digest);
  await settled(cache);
  registry.requests.length = 0;
}

/** Every way to a content by its digest. */
const ways: readonly (readonly [what: string, ask: (from: Source) => Soon<unknown>])[] = [
  ['GET of an index', (from) => cache.manifest(from, { digest: index })],
  ['GET of a manifest', (from) => cache.manifest(from, { digest: manifest })],
  ['HEAD of an index', (from) => cache.describeManifest(from, { digest: index })],
  ['HEAD of a manifest', (from) => cache.describeManifest(from, { digest: manifest })],
  ['GET of a blob', (from) => cache.pull(from, layer)],
  ['HEAD of a blob', (from) => cache.describeBlob(from, layer)],
  ['GET of a manifest as a blob', (from) => cache.pull(from, manifest)],
  ['GET of a blob as a manifest', (from) => cache.manifest(from, { digest: config })],
];

const strangers: readonly (readonly [who: string, from: Source])[] = [
  ['another repository', other],
  ['a repository that does not exist', source('nobody/nothing')],
  ['the same name with something before it', source('x/acme/web')],
  ['the same name with something behind it', source('acme/web/x')],
];

/** Asks in every way, and expects the same failure of each. */
async function refused(from: Source, by: typeof ways, code: ContentErrorCode): Promise<void> {
  for (const [way, ask] of by)
    await failureOf(ask(from), code).catch((cause) => expect.fail(`${way}: ${cause.message}`));
}

it.each(strangers)('%s does not get by digest what only another one holds', async (_who, from) => {
  await refused(from, ways, 'not-found');
  expect(linesOf(registry).every((line) => line.includes(`/v2/${from.repository.path}/`))).toBe(true);
  registry.faults.always(/./, { kind: 'status', status: 503 });
  await refused(from, ways, 'unavailable');
});

it('who holds it gets it in every way without asking anybody', async () => {
  registry.faults.always(/./, { kind: 'status', status: 503 });
  for (const [, ask] of ways.slice(0, 6)) await ask(holder);
  expect(linesOf(registry)).toEqual([]);
});

describe('a repository whose upstream confirms it', () => {
  beforeEach(() => registry.add('evil/web', image));

  it('gets a blob for one HEAD, and without it from then on', async () => {
    expect(sha256(await cache.pull(other, layer))).toBe(layer);
    expect(linesOf(registry)).toEqual([`HEAD /v2/evil/web/blobs/${layer}`]);
    await cache.pull(other, layer);
    expect(registry.requests).toHaveLength(1);
  });

  it('gets a manifest from the upstream, though its bytes are here', async () => {
    expect((await cache.manifest(other, { digest: manifest })).digest).toBe(manifest);
    expect(linesOf(registry)).toEqual([`GET /v2/evil/web/manifests/${manifest}`]);
    await cache.manifest(other, { digest: manifest });
    expect(registry.requests).toHaveLength(1);
  });
});

describe('what a manifest refers to', () => {
  it('is described without asking, and confirmed once before bytes that came from elsewhere are served', async () => {
    registry.add('evil/web', image, ['copy']);
    await cache.manifest(other, { digest: manifest });
    registry.requests.length = 0;
    expect(await cache.describeBlob(other, config)).toBe(image.config.size);
    expect(registry.requests).toEqual([]);
    for (const _ of ['first', 'second']) expect(sha256(await cache.pull(other, layer))).toBe(layer);
    expect(linesOf(registry)).toEqual([`HEAD /v2/evil/web/blobs/${layer}`]);
  });

  it.each([false, true])(
    'is not opened by a manifest that only names it, also when that one was pulled again (%s)',
    async (again) => {
      registry.addManifest('evil/web', image.manifest, ['thief']);
      await cache.manifest(other, { tag: 'thief' });
      if (again) await cache.manifest(other, { digest: manifest });
      for (const digest of [config, layer]) await failureOf(cache.pull(other, digest), 'not-found');
    },
  );

  it('of an index is a member too, though its bytes still have to come from the repository', async () => {
    const children = JSON.parse(image.root.bytes.toString()).manifests.map(({ digest }: { digest: Digest }) => digest);
    registry.add('evil/web', image, ['copy']);
    await cache.manifest(other, { tag: 'copy' });
    registry.requests.length = 0;
    for (const digest of children) expect(await cache.describeBlob(other, digest)).toBeGreaterThan(0);
    expect(registry.requests).toEqual([]);
  });

  it('is not opened by an index that only names it: registries take sparse ones', async () => {
    const sparse = { ...image.root };
    registry.addManifest('evil/web', sparse, ['sparse']);
    await cache.manifest(other, { tag: 'sparse' });
    await failureOf(cache.manifest(other, { digest: manifest }), 'not-found');
    await failureOf(cache.describeManifest(other, { digest: manifest }), 'not-found');
  });

  it('does not include its subject', async () => {
    const subject = { mediaType: image.manifest.mediaType, digest: manifest, size: image.manifest.bytes.length };
    const document = { ...JSON.parse(image.manifest.bytes.toString()), layers: [], subject };
    const bytes = Buffer.from(
      JSON.stringify({ ...document, config: JSON.parse(image.manifest.bytes.toString()).config }),
    );
    registry.addManifest('evil/web', { digest: sha256(bytes), mediaType: image.manifest.mediaType, bytes }, ['signed']);
    await cache.manifest(other, { tag: 'signed' });
    await failureOf(cache.pull(other, manifest), 'not-found');
  });
});

describe('what an organization pulled with its own credential', () => {
  const members = source('acme/web', 'organization:acme');
  const secret = buildImage({ files: { secret: 'recipe' } });
  const hidden = [asDigest(secret.manifest.digest), asDigest(secret.config.digest)] as const;
  const everybody = source('acme/secret');
  const insiders = source('acme/secret', 'organization:acme');

  /** Shows `acme/secret` to the organization only. */
  const guarded = (): Upstream => {
    const guard = (from: Source): Upstream =>
      from.repository.path === 'acme/secret' && from.audience !== 'organization:acme' ? fakeUpstream({}) : upstream;
    return {
      describeManifest: async (from, reference) => guard(from).describeManifest(from, reference),
      manifest: async (from, reference) => guard(from).manifest(from, reference),
      tags: async (from, query) => guard(from).tags(from, query),
      referrers: async (from, subject, type) => guard(from).referrers(from, subject, type),
      fetchBlob: async (from, digest, start) => guard(from).fetchBlob(from, digest, start),
      describeBlob: async (from, digest) => guard(from).describeBlob(from, digest),
    };
  };

  beforeEach(async () => {
    registry.add('acme/secret', secret, ['latest']);
    cache = await openSmallCache({ upstream: guarded() });
    await cache.manifest(insiders, latest);
    await cache.manifest(insiders, { digest: hidden[0] });
    await cache.pull(insiders, hidden[1]);
    await cache.referrers(insiders, hidden[0], undefined);
    await settled(cache);
  });

  const ways: readonly (readonly [what: string, ask: (from: Source) => Soon<unknown>])[] = [
    ['GET by tag', (from) => cache.manifest(from, latest)],
    ['HEAD by tag', (from) => cache.describeManifest(from, latest)],
    ['GET by digest', (from) => cache.manifest(from, { digest: hidden[0] })],
    ['HEAD by digest', (from) => cache.describeManifest(from, { digest: hidden[0] })],
    ['GET of a blob', (from) => cache.pull(from, hidden[1])],
    ['HEAD of a blob', (from) => cache.describeBlob(from, hidden[1])],
    ['referrers', (from) => cache.referrers(from, hidden[0], undefined)],
    ['tags', (from) => cache.tags(from, { limit: undefined, last: undefined })],
  ];

  it.each([
    ['everybody', everybody],
    ['another organization', source('acme/secret', 'organization:acme2')],
  ])('is not served to %s', (_who, from) => refused(from, ways, 'not-found'));

  it('is served to its members', async () => {
    for (const [, ask] of ways) await ask(insiders);
  });

  it('is kept apart from what everybody pulled of the same repository', async () => {
    await failureOf(cache.pull(members, hidden[1]), 'not-found');
  });

  it('does not become public while the upstream is down', async () => {
    registry.faults.always(/./, { kind: 'status', status: 503 });
    for (const [, ask] of ways.slice(0, 6)) await expect(ask(everybody)).rejects.toThrow();
  });
});

describe('after a restart', () => {
  const restart = async (): Promise<void> => {
    cache = await openSmallCache({ upstream, folder: cache.folder });
  };

  it('a repository still holds what it held, though nobody can be asked', async () => {
    registry.faults.always(/./, { kind: 'status', status: 503 });
    await restart();
    for (const [, ask] of ways.slice(0, 6)) await ask(holder);
    expect(registry.requests).toEqual([]);
    for (const [, ask] of ways.slice(0, 6)) await expect(ask(other)).rejects.toThrow();
  });

  it('what was confirmed by the upstream is still confirmed', async () => {
    registry.add('evil/web', image);
    await cache.pull(other, layer);
    await restart();
    registry.faults.always(/./, { kind: 'status', status: 503 });
    expect(sha256(await cache.pull(other, layer))).toBe(layer);
  });

  it('what was evicted and fetched again is known again', async () => {
    await cache.store.relieve(Number.MAX_SAFE_INTEGER);
    await pullEverything(holder);
    await restart();
    registry.faults.always(/./, { kind: 'status', status: 503 });
    for (const digest of [config, layer]) expect(sha256(await cache.pull(holder, digest))).toBe(digest);
  });
});

describe('after manifests left memory and disk and came again', () => {
  it('their repository still holds them after a restart', async () => {
    const documents = Array.from({ length: 18 }, (_, number) => {
      const annotations = { number: String(number), filling: 'x'.repeat(4_000_000) };
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [], annotations }));
      return { digest: sha256(bytes), mediaType: image.root.mediaType, size: bytes.length, bytes, stale: false };
    });
    const manifest: Upstream['manifest'] = async (_source, reference) =>
      documents.find(({ digest }) => 'digest' in reference && digest === reference.digest) ?? expect.fail('not asked');
    const [first] = documents;
    if (!first) return expect.fail();
    cache = await openSmallCache({ upstream: fakeUpstream({ manifest }) });
    for (const { digest } of documents) await cache.manifest(holder, { digest });
    await settled(cache);
    await cache.store.relieve(Number.MAX_SAFE_INTEGER);
    await cache.manifest(holder, first);
    await settled(cache);
    const again = await openSmallCache({ upstream: fakeUpstream({}), folder: cache.folder });
    expect((await again.manifest(holder, { digest: first.digest })).bytes.equals(first.bytes)).toBe(true);
  });
});

describe('an index that fails', () => {
  const broken = () => Promise.reject(new Error('database is locked'));

  it('costs questions, not pulls, when it cannot be read', async () => {
    cache = await openSmallCache({ upstream, index: (own) => ({ ...own, load: broken }) });
    expect((await cache.manifest(holder, latest)).digest).toBe(index);
    expect(sha256(await cache.pull(holder, layer))).toBe(layer);
    expect(cache.errors.length).toBeGreaterThan(0);
    await settled(cache);
    await failureOf(cache.pull(other, layer), 'not-found');
  });

  it('costs nothing but a message when it cannot be written', async () => {
    const writes = { addContents: broken, setTag: broken, removeTag: broken };
    cache = await openSmallCache({ upstream, index: (own) => ({ ...own, ...writes }) });
    await pullEverything(holder);
    expect(cache.errors.length).toBeGreaterThan(0);
    await cache.pull(holder, layer);
    expect(registry.requests).toEqual([]);
  });

  it('is read once for many who ask at the same time, and again after it failed', async () => {
    let loads = 0;
    const load = (own: ContentIndex): ContentIndex => ({
      ...own,
      load: async (from) => {
        loads++;
        if (loads === 1) throw new Error('database is locked');
        return own.load(from);
      },
    });
    cache = await openSmallCache({ upstream, index: load });
    const all = () => Promise.all(Array.from({ length: 5 }, () => cache.describeManifest(holder, latest)));
    await all();
    await all();
    await all();
    expect(loads).toBe(2);
  });
});

it('one registry is not another, whatever its repositories are called', async () => {
  const elsewhere = sourceAt('other.example', 'acme/web');
  cache = await openSmallCache({ upstream: { 'registry.example': upstream, 'other.example': fakeUpstream({}) } });
  await pullEverything(holder);
  await failureOf(cache.pull(elsewhere, layer), 'not-found');
  await failureOf(cache.manifest(elsewhere, { digest: index }), 'not-found');
});

describe('another registry, which says that it holds what it never delivered', () => {
  const evil = sourceAt('evil.test', 'x/y');

  it('gets no byte of it served: it would have to deliver the bytes itself', async () => {
    const asks: string[] = [];
    const deliver = async (): Promise<never> => {
      asks.push('delivery');
      throw new ContentError('not-found', 'There is nothing of the kind in this repository.');
    };
    const liar = fakeUpstream({
      describeManifest: async () => ({ digest: manifest, mediaType: image.manifest.mediaType, size: 1, stale: false }),
      describeBlob: async () => image.layers[0]?.size ?? 0,
      manifest: deliver,
      fetchBlob: deliver,
    });
    const shared = await openSmallCache({ upstream: { 'registry.example': upstream, 'evil.test': liar } });
    await shared.manifest(holder, { digest: manifest });
    await shared.pull(holder, layer);
    await settled(shared);
    await failureOf(shared.manifest(evil, { tag: 'any' }), 'not-found');
    await failureOf(shared.manifest(evil, { digest: manifest }), 'not-found');
    await failureOf(shared.pull(evil, layer), 'not-found');
    expect(asks).toHaveLength(3);
  });
});

it('a manifest that is asked for as a blob stays a manifest', async () => {
  await cache.pull(holder, manifest);
  await settled(cache);
  registry.requests.length = 0;
  await cache.manifest(holder, { digest: manifest });
  expect(asked(registry, 'GET', manifest)).toBe(0);
});

describe('the memory of one repository', () => {
  const digestNumber = (number: number) => `sha256:${number.toString(16).padStart(64, '0')}` as Digest;
  const blobNumber = (number: number): KnownContent => ({
    digest: digestNumber(number),
    kind: 'blob',
    mediaType: undefined,
    size: number,
    confirmed: false,
  });

  function openMembership() {
    const written: KnownContent[][] = [];
    const index: ContentIndex = {
      load: async () => ({ contents: [], tags: [] }),
      sizeFrom: async () => undefined,
      addContents: async (_source, contents) => void written.push([...contents]),
      setTag: async () => undefined,
      removeTag: async () => undefined,
      removeDigests: async () => undefined,
    };
    const membership = new Membership(holder, index, (error) => expect.fail(String(error)));
    return { membership, written };
  }

  it('has an end: an image may refer to thousands of others, and there may be thousands of images', () => {
    const { membership } = openMembership();
    const count = 120_000;
    membership.learned.add(digestNumber(0));
    for (let at = 0; at < count; at += 10_000) {
      membership.add(Array.from({ length: 10_000 }, (_, index) => blobNumber(at + index)));
    }
    expect(membership.content(digestNumber(count - 1))).toBeDefined();
    expect(membership.content(digestNumber(0))).toBeUndefined();
    expect(membership.learned.size).toBe(0);
  });

  it('writes what is new, once, though a manifest may name a layer twice', () => {
    const { membership, written } = openMembership();
    const held = (number: number): KnownContent => ({ ...blobNumber(number), confirmed: true });
    membership.add([held(1), held(1), held(2)]);
    membership.add([held(2)]);
    membership.add([{ ...held(2), size: 3 }]);
    expect(written).toEqual([[held(1), held(2)], [{ ...held(2), size: 3 }]]);
  });

  it('does not write what is only referred to: made-up manifests would fill the disk', () => {
    const { membership, written } = openMembership();
    membership.add([blobNumber(1), blobNumber(2)]);
    expect(membership.content(digestNumber(1))).toEqual(blobNumber(1));
    expect(written).toEqual([]);
  });

  it('keeps that something was confirmed, whatever refers to it later', () => {
    const { membership } = openMembership();
    membership.add([blobNumber(1)]);
    membership.fetched(digestNumber(1), 1);
    membership.add([{ ...blobNumber(1), size: 2 }]);
    expect(membership.content(digestNumber(1))).toMatchObject({ confirmed: true, size: 1 });
  });

  it('believes nobody about a size that manifests disagree about, until the bytes were verified', () => {
    const { membership } = openMembership();
    const lie = { ...blobNumber(1), size: 1000 };
    membership.add([blobNumber(1)]);
    membership.add([lie]);
    expect(membership.content(digestNumber(1))).toBeUndefined();
    membership.add([{ ...lie, size: 1001 }]);
    membership.add([{ ...lie, size: 1001 }]);
    expect(membership.content(digestNumber(1))).toBeUndefined();
    membership.fetched(digestNumber(1), 1);
    expect(membership.content(digestNumber(1))).toMatchObject({ confirmed: true, size: 1 });
  });

  it('does not let what refers to a manifest change what is known of the manifest', () => {
    const { membership, written } = openMembership();
    const served: KnownContent = {
      digest: digestNumber(1),
      kind: 'manifest',
      mediaType: 'a/manifest',
      size: 10,
      confirmed: true,
    };
    membership.add([served]);
    membership.add([
      { ...served, mediaType: undefined, size: 11, confirmed: false },
      { ...served, kind: 'blob', mediaType: undefined, confirmed: false },
    ]);
    expect(membership.content(served.digest)).toEqual(served);
    expect(written).toEqual([[served]]);
  });
});

it('all repositories together have an end in memory: those not used for longest are read again', async () => {
  const load = vi.fn(async () => ({ contents: [], tags: [] }));
  const index = { load } as Partial<ContentIndex> as ContentIndex;
  const memberships = createMemberships(index, (error) => expect.fail(String(error)));
  const first = source('acme/first');
  for (let number = 0; number < 26; number++) {
    const membership = await memberships.of(number === 0 ? first : source(`acme/number${number}`));
    membership.add(
      Array.from({ length: 9_999 }, (_, at) => ({
        digest: `sha256:${(number * 10_000 + at).toString(16).padStart(64, '0')}` as Digest,
        kind: 'blob',
        mediaType: undefined,
        size: 1,
        confirmed: false,
      })),
    );
  }
  expect(load).toHaveBeenCalledTimes(26);
  await memberships.of(source('acme/number25'));
  expect(load).toHaveBeenCalledTimes(26);
  await memberships.of(first);
  expect(load).toHaveBeenCalledTimes(27);
});
