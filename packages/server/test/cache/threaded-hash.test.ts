import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Ring } from '../../src/cache/ring.ts';
import { ThreadedHash } from '../../src/cache/threaded-hash.ts';
import { failureOf } from '../upstream/small-upstream.ts';
import { pattern } from './fake-upstream.ts';

const mebibyte = 1024 * 1024;

/** Takes in everything in pieces, and waits whenever the ring is full of what is not hashed yet. */
async function digestOf(bytes: Buffer, pieceSize: number, algorithm = 'sha256'): Promise<string> {
  let progress = Promise.withResolvers<void>();
  const ring = new Ring(bytes.length);
  const hash = new ThreadedHash(algorithm, ring, () => {
    progress.resolve();
    progress = Promise.withResolvers();
  });
  while (ring.end < bytes.length) {
    const { promise } = progress;
    const taken = ring.push(bytes.subarray(ring.end, ring.end + pieceSize), hash.hashed);
    hash.update();
    if (taken === 0) await promise;
  }
  const digest = await hash.digest();
  ring.release();
  return digest;
}

/** A hash of what was taken in already. */
function hashOf(bytes: Buffer, algorithm = 'sha256', onProgress: () => void = () => undefined) {
  const ring = new Ring(bytes.length * 2);
  const hash = new ThreadedHash(algorithm, ring, onProgress);
  const take = () => {
    ring.push(bytes, 0);
    hash.update();
  };
  take();
  return { ring, hash, take };
}

function digestHere(bytes: Buffer, algorithm = 'sha256'): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

describe('a hash in another thread', () => {
  it.each([
    ['nothing', 0],
    ['what is not worth an order', 1000],
    ['what is', mebibyte],
    ['one byte more', mebibyte + 1],
    ['a whole ring', 4 * mebibyte],
    ['what goes round several times', 15 * mebibyte + 3],
  ])('is that of all bytes: %s', async (_what, size) => {
    const bytes = pattern(size);
    for (const pieceSize of [64 * 1024, mebibyte + 1]) expect(await digestOf(bytes, pieceSize)).toBe(digestHere(bytes));
  });

  it('is of the algorithm that is asked for', async () => {
    const bytes = pattern(mebibyte);
    expect(await digestOf(bytes, 64 * 1024, 'sha512')).toBe(digestHere(bytes, 'sha512'));
  });

  it('is not mixed up with others', async () => {
    const contents = Array.from({ length: 8 }, (_, number) => pattern(mebibyte + number * 200_000));
    const digests = await Promise.all(contents.map((bytes) => digestOf(bytes, 50_000)));
    expect(digests).toEqual(contents.map((bytes) => digestHere(bytes)));
  });

  it('tells how much of the ring it needs no more', async () => {
    const { hash, ring } = hashOf(pattern(mebibyte));
    expect(hash.hashed).toBe(0);
    await hash.digest();
    expect(hash.hashed).toBe(ring.end);
  });

  it('may be asked for twice, by who is done and by who cleans up', async () => {
    const { hash } = hashOf(Buffer.from('a'));
    expect(await hash.digest()).toBe(await hash.digest());
    const bytes = pattern(1000);
    expect(await Promise.all([digestOf(bytes, 10), digestOf(bytes, 10)])).toEqual([
      digestHere(bytes),
      digestHere(bytes),
    ]);
  });

  it('fails for everybody when the thread ends, and is there again for the next one', async () => {
    let told = 0;
    // The thread cannot make this hash, and ends.
    const breaking = hashOf(pattern(mebibyte), 'no-such-algorithm');
    const waiting = hashOf(pattern(mebibyte), 'sha256', () => void told++);
    const failure = await failureOf(breaking.hash.digest(), 'unavailable');
    expect(failure.message).toContain('Pull again');
    expect(String(failure.cause)).toContain('Digest method not supported');
    await expect.poll(() => waiting.hash.failure).toBe(failure);
    expect(told).toBe(1);
    // Whoever does not look takes no harm, but gets no digest either.
    waiting.take();
    await failureOf(waiting.hash.digest(), 'unavailable');
    const bytes = pattern(2 * mebibyte);
    expect(await digestOf(bytes, 64 * 1024)).toBe(digestHere(bytes));
  });

  it('is not begun in one thread and ended in another', async () => {
    const idle = hashOf(pattern(mebibyte));
    await expect.poll(() => idle.hash.hashed).toBe(mebibyte);
    const breaking = hashOf(pattern(mebibyte), 'no-such-algorithm');
    await failureOf(breaking.hash.digest(), 'unavailable');
    expect(await digestOf(pattern(mebibyte), mebibyte)).toBe(digestHere(pattern(mebibyte)));
    await failureOf(idle.hash.digest(), 'unavailable');
  });
});
