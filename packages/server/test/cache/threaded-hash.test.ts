import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ThreadedHash } from '../../src/cache/threaded-hash.ts';
import { failureOf } from '../upstream/small-upstream.ts';
import { pattern } from './fake-upstream.ts';

const mebibyte = 1024 * 1024;

/** Gives everything in pieces, and waits whenever the hash is behind. */
async function digestOf(bytes: Buffer, pieceSize: number, algorithm = 'sha256'): Promise<string> {
  let progress = Promise.withResolvers<void>();
  const hash = new ThreadedHash(algorithm, () => {
    progress.resolve();
    progress = Promise.withResolvers();
  });
  for (let at = 0; at < bytes.length; at += pieceSize) {
    hash.update(bytes.subarray(at, at + pieceSize));
    while (hash.isBehind) await progress.promise;
  }
  return hash.digest();
}

function digestHere(bytes: Buffer, algorithm = 'sha256'): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

describe('a hash in another thread', () => {
  it.each([
    ['nothing', 0],
    ['what fits into a block', 1000],
    ['a whole block', 512 * 1024],
    ['one byte more', 512 * 1024 + 1],
    ['whole blocks', 3 * mebibyte],
    ['more than may wait', 7 * mebibyte + 3],
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

  it('copies what it is given', async () => {
    const hash = new ThreadedHash('sha256', () => undefined);
    const bytes = pattern(mebibyte);
    const expected = digestHere(bytes);
    hash.update(bytes);
    bytes.fill(0);
    expect(await hash.digest()).toBe(expected);
  });

  it('may be asked for twice, by who is done and by who cleans up', async () => {
    const hash = new ThreadedHash('sha256', () => undefined);
    hash.update(Buffer.from('a'));
    expect(await hash.digest()).toBe(await hash.digest());
    const bytes = pattern(1000);
    expect(await Promise.all([digestOf(bytes, 10), digestOf(bytes, 10)])).toEqual([
      digestHere(bytes),
      digestHere(bytes),
    ]);
  });

  it('fails for everybody when the thread ends, and is there again for the next one', async () => {
    let told = 0;
    const waiting = new ThreadedHash('sha256', () => told++);
    waiting.update(pattern(mebibyte));
    // The thread cannot make this hash, and ends.
    const breaking = new ThreadedHash('no-such-algorithm', () => undefined);
    breaking.update(pattern(mebibyte));
    waiting.update(pattern(mebibyte));
    const failure = await failureOf(breaking.digest(), 'unavailable');
    expect(failure.message).toContain('Pull again');
    expect(String(failure.cause)).toContain('Digest method not supported');
    expect(() => waiting.isBehind).toThrow(failure.message);
    expect(told).toBeGreaterThan(0);
    // Whoever does not look takes no harm, but gets no digest either.
    waiting.update(pattern(3 * mebibyte));
    await failureOf(waiting.digest(), 'unavailable');
    const bytes = pattern(2 * mebibyte);
    expect(await digestOf(bytes, 64 * 1024)).toBe(digestHere(bytes));
  });

  it('is not begun in one thread and ended in another', async () => {
    const idle = new ThreadedHash('sha256', () => undefined);
    idle.update(pattern(mebibyte));
    while (idle.isBehind) await new Promise((resolve) => setImmediate(resolve));
    const breaking = new ThreadedHash('no-such-algorithm', () => undefined);
    breaking.update(pattern(mebibyte));
    await failureOf(breaking.digest(), 'unavailable');
    expect(await digestOf(pattern(mebibyte), mebibyte)).toBe(digestHere(pattern(mebibyte)));
    await failureOf(idle.digest(), 'unavailable');
  });
});
