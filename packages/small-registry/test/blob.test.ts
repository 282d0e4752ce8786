import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blobOf, type Content, concatenated, contentOf, randomContent } from '../src/blob.ts';

const bytesOf = (content: Content, start?: number, end?: number): Buffer =>
  Buffer.concat([...content.read(start, end)]);

describe('content', () => {
  test('reads any part as the same part of the whole', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 20 }).map((bytes) => contentOf(Buffer.from(bytes))));
    fc.assert(
      fc.property(parts, fc.nat(100), fc.nat(100), (contents, start, length) => {
        const whole = Buffer.concat(contents.map((content) => bytesOf(content)));
        const joined = concatenated(contents);
        expect(joined.size).toBe(whole.length);
        expect(bytesOf(joined)).toEqual(whole);
        expect(bytesOf(joined, start, start + length)).toEqual(whole.subarray(start, start + length));
      }),
    );
  });

  test('is named by the digest of all its bytes', () => {
    const blob = blobOf(contentOf(Buffer.from('hello')), 'text/plain');
    expect(blob).toMatchObject({
      digest: 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      size: 5,
    });
  });
});

describe('random content', () => {
  const size = 3_000_000;
  const content = randomContent(size, 'a');
  const whole = bytesOf(content);

  test('has its size and is the same each time', () => {
    expect(whole.length).toBe(size);
    expect(bytesOf(randomContent(size, 'a')).equals(whole)).toBe(true);
  });

  test('differs from seed to seed', () => {
    expect(bytesOf(randomContent(size, 'b')).equals(whole)).toBe(false);
  });

  test.each([
    [0, 1],
    [1_048_582, 1_048_585],
    [2_999_999, 3_000_000],
    [5, 5],
  ])('reads from %i to %i as the same part of the whole', (start, end) => {
    expect(bytesOf(content, start, end)).toEqual(whole.subarray(start, end));
  });

  test('shows when chunks of a power of two change places', () => {
    const chunk = 1024 * 1024;
    const swapped = Buffer.concat([
      whole.subarray(chunk, 2 * chunk),
      whole.subarray(0, chunk),
      whole.subarray(2 * chunk),
    ]);
    const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(sha256(swapped)).not.toBe(sha256(whole));
  });
});
