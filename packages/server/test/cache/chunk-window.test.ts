import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkWindow } from '../../src/cache/chunk-window.ts';

const mebibyte = 1024 * 1024;

function windowOf(...sizes: number[]): ChunkWindow {
  const window = new ChunkWindow();
  for (const [index, size] of sizes.entries()) window.push(Buffer.alloc(size, index + 1));
  return window;
}

function read(window: ChunkWindow, position: number, room = 4 * mebibyte): Buffer | undefined {
  const bytes = window.read(position, () => Buffer.alloc(room));
  return bytes && Buffer.from(bytes);
}

describe('what a download keeps in memory', () => {
  it('gives the bytes from a position on', () => {
    const window = new ChunkWindow();
    window.push(Buffer.from('abc'));
    window.push(Buffer.from('de'));
    const texts = [0, 1, 2, 3, 4, 5].map((position) => read(window, position)?.toString());
    expect(texts).toEqual(['abcde', 'bcde', 'cde', 'de', 'e', undefined]);
    expect(Buffer.concat(window.from(2)).toString()).toBe('cde');
    expect(window.from(5)).toEqual([]);
  });

  it('gives many chunks at once, as far as there is room', () => {
    const window = new ChunkWindow();
    for (const text of ['abc', 'de', 'fgh']) window.push(Buffer.from(text));
    expect(read(window, 1, 2)?.toString()).toBe('bc');
    expect(read(window, 1, 5)?.toString()).toBe('bcdef');
    expect(read(window, 5, 2)?.toString()).toBe('fgh');
  });

  it('needs no buffer for what lies in one chunk', () => {
    const window = windowOf(3);
    expect(window.read(1, () => expect.fail('There is nothing to gather.'))).toHaveLength(2);
  });

  it('lets nothing go while there is room, so that late readers need not read the file', () => {
    const window = windowOf(mebibyte, mebibyte / 2);
    window.release(window.end);
    expect({ start: window.start, isFull: window.isFull }).toEqual({ start: 0, isFull: false });
  });

  it('lets the oldest go when it is full, and no more than it must', () => {
    const window = windowOf(mebibyte, mebibyte, mebibyte, mebibyte);
    expect(window.isFull).toBe(true);
    window.release(window.end);
    expect({ start: window.start, isFull: window.isFull }).toEqual({ start: 3 * mebibyte, isFull: false });
    expect(read(window, 3 * mebibyte - 1)).toBeUndefined();
    expect(read(window, 3 * mebibyte)?.[0]).toBe(4);
  });

  it('keeps a chunk of which somebody needs the last byte', () => {
    const window = windowOf(2 * mebibyte, 2 * mebibyte);
    window.release(2 * mebibyte - 1);
    expect(window.start).toBe(0);
    window.release(2 * mebibyte);
    expect(window.start).toBe(2 * mebibyte);
  });

  it('is full of few bytes when each comes alone: an upstream must not fill the memory with objects', () => {
    const window = new ChunkWindow();
    const byte = Buffer.of(1);
    let count = 0;
    while (!window.isFull) {
      window.push(byte);
      count++;
    }
    expect(count).toBeLessThan(10_000);
  });

  it('agrees with the whole content, whatever comes and goes', () => {
    const chunk = fc.integer({ min: 1, max: mebibyte / 2 }).map((size) => ({ push: size }));
    const release = fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ release: share }));
    fc.assert(
      fc.property(fc.array(fc.oneof(chunk, release), { maxLength: 12 }), fc.nat(), (steps, seed) => {
        const window = new ChunkWindow();
        let whole = Buffer.alloc(0);
        for (const step of steps) {
          if ('push' in step) {
            const bytes = Buffer.alloc(step.push, whole.length % 251);
            whole = Buffer.concat([whole, bytes]);
            window.push(bytes);
          } else window.release(Math.floor(whole.length * step.release));
        }
        expect(window.end).toBe(whole.length);
        expect(Buffer.concat(window.from(window.start)).equals(whole.subarray(window.start))).toBe(true);
        const position = whole.length === 0 ? 0 : seed % whole.length;
        const bytes = read(window, position);
        expect(bytes !== undefined).toBe(position >= window.start && position < window.end);
        if (bytes) expect(whole.subarray(position, position + bytes.length).equals(bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
