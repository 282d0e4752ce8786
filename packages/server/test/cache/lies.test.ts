import { buildImage, type Fault, randomBlobImage, type SmallRegistry } from '@pullgate/small-registry';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ContentError, ContentErrorCode } from '../../src/content/content-error.ts';
import { asDigest, smallRegistry, source, upstreamAt } from '../upstream/small-upstream.ts';
import { fakeUpstream, sha256 } from './fake-upstream.ts';
import { asked, eventually, expectNothingLeft, openSmallCache, type SmallCache } from './small-cache.ts';

const image = randomBlobImage(3 * 1024 * 1024);
const [layer] = image.layers;
if (!layer) throw new Error('The image has no layer.');
const digest = asDigest(layer.digest);
const blob = new RegExp(`^GET .*${digest}`);
const web = source('acme/web');

let registry: SmallRegistry;
let cache: SmallCache;
beforeEach(async () => {
  registry = await smallRegistry();
  registry.add('acme/web', image, ['latest']);
  cache = await openSmallCache({ upstream: upstreamAt(registry.url) });
});

/** Reads until it fails, and tells how many bytes came before. */
async function readUntilFailure(): Promise<{ bytes: number; code: ContentErrorCode }> {
  let bytes = 0;
  try {
    for await (const chunk of (await cache.blob(web, digest)).read()) bytes += chunk.length;
  } catch (error) {
    return { bytes, code: (error as ContentError).code };
  }
  return expect.fail(`The reader got ${bytes} bytes and no error.`);
}

const lies: readonly (readonly [what: string, fault: Fault, code: ContentErrorCode])[] = [
  ['wrong bytes', { kind: 'wrong-bytes' }, 'untrustworthy'],
  ['a body that ends too early each time', { kind: 'short-body' }, 'unavailable'],
  ['a shorter length', { kind: 'content-length', by: -1 }, 'untrustworthy'],
  ['a greater length', { kind: 'content-length', by: 1 }, 'untrustworthy'],
  ['a connection that is reset each time', { kind: 'reset', after: 1000 }, 'unavailable'],
  ['a compressed body', { kind: 'gzip' }, 'untrustworthy'],
];

describe.each([
  ['of a blob that a manifest describes', true],
  ['of a blob that nothing describes', false],
])('%s', (_what, isDescribed) => {
  beforeEach(async () => {
    if (isDescribed) await cache.manifest(web, { tag: 'latest' });
  });

  it.each(lies)('%s is never complete, never kept, and forgotten at the next pull', async (_lie, fault, code) => {
    registry.faults.always(blob, fault);
    const isAnnounced = fault.kind === 'content-length' && !isDescribed;
    const failure = await readUntilFailure();
    if (!isAnnounced) expect(failure.code).toBe(code);
    expect(failure.bytes).toBeLessThan(layer.size);
    await expectNothingLeft(cache);
    expect(await cache.store.stat(digest)).toBeUndefined();
    // The manifest may still be on its way to the disk, with its bytes reserved.
    await eventually(async () => {
      const manifestBytes = (await cache.store.stat(asDigest(image.root.digest))) ?? 0;
      expect(cache.store.usedBytes()).toBe(manifestBytes);
    });
    expect(cache.errors).toEqual([]);

    registry.faults.clear();
    expect(sha256(await cache.pull(web, digest))).toBe(digest);
    await expectNothingLeft(cache);
    expect(await cache.store.stat(digest)).toBe(layer.size);
  });

  it('a connection that breaks in the middle is resumed where it broke', async () => {
    registry.faults.once(blob, { kind: 'short-body' });
    expect(sha256(await cache.pull(web, digest))).toBe(digest);
    const [first, second] = registry.requests.filter(({ method, url }) => method === 'GET' && url.endsWith(digest));
    expect(first?.headers['range']).toBeUndefined();
    expect(second?.headers['range']).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('a registry that breaks off every time is asked a few times only', async () => {
    registry.faults.always(blob, { kind: 'reset', after: 1000 });
    await readUntilFailure();
    expect(asked(registry, 'GET', digest)).toBeLessThanOrEqual(4 * 3);
  });
});

describe('an endless body', () => {
  beforeEach(() => registry.faults.always(blob, { kind: 'endless-body' }));

  it('ends where the manifest says', async () => {
    await cache.manifest(web, { tag: 'latest' });
    const { bytes, code } = await readUntilFailure();
    expect(code).toBe('untrustworthy');
    expect(bytes).toBeLessThan(layer.size);
    await expectNothingLeft(cache);
  });

  it('of which nobody knows the size is not kept, and ends with its reader', async () => {
    let bytes = 0;
    for await (const chunk of (await cache.blob(web, digest)).read()) {
      bytes += chunk.length;
      if (bytes > 2 * layer.size) break;
    }
    await expectNothingLeft(cache);
    expect(cache.store.usedBytes()).toBe(0);
  });
});

it('fails every reader of the one download', async () => {
  registry.faults.always(blob, { kind: 'wrong-bytes' });
  const failures = await Promise.all(Array.from({ length: 8 }, readUntilFailure));
  expect(failures.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 'untrustworthy'));
  await expectNothingLeft(cache);
});

it('about the size at one HEAD is not believed for ever', async () => {
  const small = Buffer.from('one two three');
  let says = 99;
  const upstream = fakeUpstream({
    describeBlob: async () => says,
    fetchBlob: async () => ({
      size: small.length,
      chunks: (async function* () {
        yield small;
      })(),
    }),
  });
  cache = await openSmallCache({ upstream });
  expect(await cache.describeBlob(web, sha256(small))).toBe(99);
  expect((await cache.pull(web, sha256(small))).equals(small)).toBe(true);
  await expectNothingLeft(cache);
  says = 98;
  expect(await cache.describeBlob(web, sha256(small))).toBe(small.length);
  const other = source('acme/other');
  await cache.pull(other, sha256(small));
  expect(await cache.describeBlob(other, sha256(small))).toBe(small.length);
});

it('of one manifest about a size does not outlive the next manifest', async () => {
  const good = buildImage({ files: { hello: 'world' } });
  const document = JSON.parse(good.manifest.bytes.toString());
  document.config.size += 1;
  const bytes = Buffer.from(JSON.stringify(document));
  const bad = { digest: sha256(bytes), mediaType: good.manifest.mediaType, bytes };
  registry.add('acme/web', good);
  registry.addManifest('acme/web', bad, ['bad']);
  await cache.manifest(web, { tag: 'bad' });
  await expect(cache.pull(web, asDigest(good.config.digest))).rejects.toMatchObject({ code: 'untrustworthy' });
  await cache.manifest(web, { digest: asDigest(good.manifest.digest) });
  expect(sha256(await cache.pull(web, asDigest(good.config.digest)))).toBe(good.config.digest);
});
