import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Ring } from '../../src/cache/ring.ts';
import { pattern } from './fake-upstream.ts';

const mebibyte = 1024 * 1024;
const capacity = 4 * mebibyte;
const whole = pattern(9 * mebibyte);

function ringFor(size: number): Ring {
  const ring = new Ring(size);
  onTestFinished(() => ring.release());
  return ring;
}

/** Takes in everything up to a position, of which nothing is needed any more. */
function ringUpTo(end: number): Ring {
  const ring = ringFor(whole.length);
  while (ring.end < end) ring.push(whole.subarray(ring.end, end), ring.end);
  return ring;
}

function read(ring: Ring, start: number, end = ring.end, room = 4 * mebibyte): string | undefined {
  const bytes = ring.read(start, end, Buffer.alloc(room));
  return bytes && Buffer.from(bytes).toString();
}

describe('what a download keeps in memory', () => {
  it('gives the bytes from a position on, as far as they may be given and the buffer takes them', () => {
    const ring = ringFor(100);
    ring.push(Buffer.from('abc'), 0);
    ring.push(Buffer.from('def'), 0);
    expect([0, 1, 4, 5, 6].map((start) => read(ring, start))).toEqual(['abcdef', 'bcdef', 'ef', 'f', '']);
    expect(read(ring, 1, 4)).toBe('bcd');
    expect(read(ring, 1, 6, 2)).toBe('bc');
  });

  it('does not change what it gave', () => {
    const ring = ringUpTo(capacity);
    const bytes = ring.read(0, 100, Buffer.alloc(100));
    ring.push(whole.subarray(capacity, capacity + mebibyte), capacity);
    expect(whole.subarray(0, 100).equals(bytes ?? Buffer.alloc(0))).toBe(true);
  });

  it('stays while there is room, so that late readers need not read the file', () => {
    expect(ringUpTo(capacity).start).toBe(0);
    expect(ringUpTo(capacity + 1).start).toBe(1);
  });

  it('is never overwritten while it is needed', () => {
    const ring = ringUpTo(capacity);
    expect(ring.push(whole.subarray(capacity), 0)).toBe(0);
    expect(ring.push(whole.subarray(capacity), 10)).toBe(10);
    expect(ring.push(whole.subarray(capacity), 10)).toBe(0);
    expect(ring.start).toBe(10);
  });

  it('does not have to have what somebody needs who comes too late', () => {
    expect(ringUpTo(capacity + mebibyte).push(whole, 5)).toBe(0);
  });

  it('takes in a large chunk in parts: the one that is held back must not be all there is', () => {
    expect(ringFor(whole.length).push(whole, 0)).toBe(capacity / 2);
  });

  it('takes no memory before there is a byte: an upstream may not have the blob at all', () => {
    expect(ringFor(whole.length).memory.byteLength).toBe(0);
  });

  it('takes the memory that another one gave back', () => {
    const ring = ringUpTo(1);
    const { memory } = ring;
    ring.release();
    expect(ringUpTo(1).memory).toBe(memory);
  });

  it('is smaller where many downloads run at once, and works all the same', () => {
    const rings = Array.from({ length: 20 }, () => ringUpTo(whole.length));
    const sizes = rings.map(({ end, start }) => end - start);
    expect(Math.max(...sizes)).toBe(capacity);
    expect(Math.min(...sizes)).toBe(mebibyte);
    for (const ring of rings) {
      expect(Buffer.concat(ring.slices(ring.start, ring.end)).equals(whole.subarray(ring.start))).toBe(true);
    }
  });

  it('is no larger than the blob', () => {
    const ring = ringFor(3);
    expect(ring.push(Buffer.from('abcd'), 0)).toBe(3);
    expect(ringFor(0).push(Buffer.from('a'), 0)).toBe(0);
  });

  it('agrees with the whole content, whatever comes and goes', () => {
    const step = fc.record({
      length: fc.integer({ min: 0, max: mebibyte }),
      kept: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), fc.nat(), (steps, seed) => {
        const ring = new Ring(whole.length);
        for (const { length, kept } of steps) {
          const needed = ring.start + Math.floor((ring.end - ring.start) * kept);
          ring.push(whole.subarray(ring.end, ring.end + length), needed);
          expect(ring.start).toBeLessThanOrEqual(needed);
        }
        expect(Buffer.concat(ring.slices(ring.start, ring.end)).equals(whole.subarray(ring.start, ring.end))).toBe(
          true,
        );
        const start = seed % (ring.end + 1);
        const bytes = ring.read(start, ring.end, Buffer.alloc(capacity));
        expect(bytes !== undefined).toBe(start >= ring.start);
        if (bytes) expect(whole.subarray(start, ring.end).equals(bytes)).toBe(true);
        ring.release();
      }),
      { numRuns: 50 },
    );
  });
});
