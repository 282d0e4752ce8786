import { describe, expect, test } from 'vitest';
import { tar, tarHeader } from '../src/tar.ts';

describe('a tar archive', () => {
  const archive = tar({ 'a/b': 'hello', c: '' });

  test('consists of whole blocks: a header, the content, and two empty ones at the end', () => {
    expect(archive.length).toBe(512 * (2 + 1 + 2));
    expect(archive.subarray(512, 517).toString()).toBe('hello');
    expect(archive.subarray(-1024).every((byte) => byte === 0)).toBe(true);
  });

  test('has ustar headers with name, size and checksum', () => {
    const header = archive.subarray(0, 512);
    expect(header.toString('latin1', 0, 4)).toBe('a/b\0');
    expect(Number.parseInt(header.toString('latin1', 124, 135), 8)).toBe(5);
    expect(header.toString('latin1', 257, 265)).toBe('ustar\x0000');
    const blanked = Buffer.from(header).fill(' ', 148, 156);
    const sum = blanked.reduce((total, byte) => total + byte, 0);
    expect(Number.parseInt(header.toString('latin1', 148, 154), 8)).toBe(sum);
  });

  test('refuses what does not fit a header', () => {
    expect(() => tarHeader('n'.repeat(101), 0)).toThrow('100 bytes');
    expect(() => tarHeader('n', 8 ** 11)).toThrow('8 GiB');
  });
});
