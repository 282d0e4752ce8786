import { randomBlobImage } from '@pullgate/small-registry';
import { expect, it } from 'vitest';
import { asDigest, smallRegistry, source, upstreamAt } from '../upstream/small-upstream.ts';
import { asked, openSmallCache, settled } from './small-cache.ts';

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;
/** Far above what windows and buffers take, far below what one reader would take that gathers the blob. */
const bound = 400 * mebibyte;

it('does not grow with the size of a blob, nor with its readers, cold and cached', { timeout: 120_000 }, async () => {
  const image = randomBlobImage(gibibyte);
  const digest = asDigest(image.layers[0]?.digest ?? '');
  const registry = await smallRegistry();
  registry.add('acme/web', image, ['latest']);
  const cache = await openSmallCache({ upstream: upstreamAt(registry.url), maxBytes: 2 * gibibyte });
  const web = source('acme/web');
  const before = process.memoryUsage().rss;
  let highest = 0;

  async function read(): Promise<number> {
    let bytes = 0;
    for await (const chunk of (await cache.blob(web, digest)).read()) {
      bytes += chunk.length;
      highest = Math.max(highest, process.memoryUsage.rss());
    }
    return bytes;
  }

  for (let round = 0; round < 2; round++) {
    const sizes = await Promise.all(Array.from({ length: 8 }, read));
    expect(new Set(sizes)).toEqual(new Set([image.layers[0]?.size]));
    await settled(cache);
  }
  expect(asked(registry, 'GET', digest)).toBe(1);
  expect(highest - before).toBeLessThan(bound);
});
