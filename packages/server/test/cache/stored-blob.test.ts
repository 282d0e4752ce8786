import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredBlob } from '../../src/cache/blob-store.ts';
import { readStored } from '../../src/cache/stored-blob.ts';
import { collect, failureOf } from '../upstream/small-upstream.ts';
import { pattern } from './fake-upstream.ts';
import { openFiles, temporaryFolder } from './small-cache.ts';

const bytes = pattern(3 * 512 * 1024 + 17);

async function stored(content = bytes): Promise<{ blob: StoredBlob; closed: () => number; folder: string }> {
  const folder = temporaryFolder();
  const file = join(folder, 'blob');
  writeFileSync(file, content);
  const handle = await open(file);
  let count = 0;
  const close = async (): Promise<void> => {
    count++;
    await handle.close();
  };
  return { blob: { handle, size: content.length, close }, closed: () => count, folder };
}

describe('a stored blob', () => {
  it.each([
    ['whole', undefined, bytes],
    ['in part', { start: 512 * 1024 - 1, end: 1024 * 1024 }, bytes.subarray(512 * 1024 - 1, 1024 * 1024 + 1)],
    ['to its last byte', { start: bytes.length - 1, end: bytes.length - 1 }, bytes.subarray(-1)],
  ] as const)('is read %s, and closed', async (_how, range, expected) => {
    const { blob, closed, folder } = await stored();
    expect((await collect(readStored(blob, range))).equals(expected)).toBe(true);
    expect(closed()).toBe(1);
    expect(openFiles(folder)).toEqual([]);
  });

  it('of no bytes has none, and is closed', async () => {
    const { blob, closed } = await stored(Buffer.alloc(0));
    expect(await collect(readStored(blob))).toHaveLength(0);
    expect(closed()).toBe(1);
  });

  it('is closed when its reader leaves', async () => {
    const { blob, closed } = await stored();
    for await (const _ of readStored(blob)) break;
    expect(closed()).toBe(1);
  });

  it('keeps a chunk as it is until the next one is asked for, whatever others read', async () => {
    const first = await stored();
    const reader = readStored(first.blob);
    const chunk = (await reader.next()).value ?? Buffer.alloc(0);
    for (let other = 0; other < 4; other++) await collect(readStored((await stored(Buffer.alloc(bytes.length))).blob));
    expect(Buffer.from(chunk).equals(bytes.subarray(0, chunk.length))).toBe(true);
    await reader.return(undefined);
  });

  it('whose file became shorter ends with an error, and is closed', async () => {
    const { blob, closed } = await stored();
    await failureOf(collect(readStored({ ...blob, size: bytes.length + 1 })), 'unavailable');
    expect(closed()).toBe(1);
  });

  it('that the disk refuses while its reader is slow ends this reader, not the program', async () => {
    const { blob, closed } = await stored();
    let reads = 0;
    const handle = new Proxy(blob.handle, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== 'read' || ++reads === 1) return value.bind(target);
        return () => Promise.reject(new Error('EIO: i/o error, read'));
      },
    });
    const reader = readStored({ ...blob, handle });
    await reader.next();
    // Time enough for a rejection that nobody handles to end the process.
    await new Promise((resolve) => setImmediate(resolve));
    await failureOf(reader.next(), 'unavailable');
    expect(closed()).toBe(1);
  });
});
