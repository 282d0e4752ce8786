import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStored, type StoredBlob } from '../../src/cache/stored-blob.ts';
import { collect, failureOf } from '../upstream/small-upstream.ts';
import { pattern } from './fake-upstream.ts';
import { openFiles, temporaryFolder } from './small-cache.ts';

const chunk = 512 * 1024;
const bytes = pattern(3 * chunk + 17);

interface Stored {
  readonly blob: StoredBlob;
  /** What everybody else gets who opens it meanwhile. */
  open(): Promise<StoredBlob>;
  readonly folder: string;
  /** How often it was closed. */
  readonly closed: () => number;
  /** Positions that were read from the disk, in their order. */
  readonly reads: number[];
  /** Bytes that the disk was asked for. */
  readonly asked: () => number;
}

/** @param read gets between the reader and the disk, to break what a disk can break. */
async function stored(
  content = bytes,
  read?: (ordinary: () => Promise<unknown>, buffer: Buffer) => Promise<unknown>,
): Promise<Stored> {
  const folder = temporaryFolder();
  const file = join(folder, 'blob');
  writeFileSync(file, content);
  const chunks = new Map();
  const reads: number[] = [];
  let closed = 0;
  let asked = 0;
  async function openBlob(): Promise<StoredBlob> {
    const handle = await open(file);
    const watched = new Proxy(handle, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== 'read') return value.bind(target);
        return (buffer: Buffer, offset: number, length: number, position: number) => {
          reads.push(position);
          asked += length;
          const ordinary = () => target.read(buffer, offset, length, position);
          return read ? read(ordinary, buffer) : ordinary();
        };
      },
    });
    const close = async (): Promise<void> => {
      closed++;
      await handle.close();
    };
    return { handle: watched, size: content.length, chunks, close };
  }
  return { blob: await openBlob(), open: openBlob, folder, closed: () => closed, reads, asked: () => asked };
}

async function take(reader: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const { done, value } = await reader.next();
  return done ? expect.fail('There is no further chunk.') : value;
}

/** So many readers of other blobs, each with a chunk that it holds until it is looked at again. Others come and go meanwhile. */
async function holders(count: number): Promise<{ unchanged(): Promise<void> }> {
  const sevens = Buffer.alloc(chunk, 7);
  const readers: AsyncGenerator<Uint8Array>[] = [];
  const held: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    await collect(readStored((await stored(Buffer.alloc(chunk))).blob));
    const reader = readStored((await stored(sevens)).blob);
    readers.push(reader);
    held.push(await take(reader));
  }
  return {
    async unchanged() {
      for (const piece of held) expect(sevens.equals(piece)).toBe(true);
      await Promise.all(readers.map((reader) => reader.return(undefined)));
    },
  };
}

const ioError = () => Promise.reject(new Error('EIO: i/o error, read'));

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

  it('costs no more than what is asked for, where that is little', async () => {
    const { blob, open: openAgain, asked } = await stored();
    const range = { start: chunk - 10, end: chunk + 9 };
    const read = await collect(readStored(blob, range));
    expect(read.equals(bytes.subarray(chunk - 10, chunk + 10))).toBe(true);
    expect((await collect(readStored(await openAgain(), { start: 7, end: 7 }))).equals(bytes.subarray(7, 8))).toBe(
      true,
    );
    expect(asked()).toBe(21);
    const tiny = await take(readStored(await openAgain(), { start: 7, end: 7 }));
    expect(tiny.buffer.byteLength).toBe(1);
  });

  it.each([
    ['behind its end', { start: bytes.length - 5, end: bytes.length }],
    ['far behind its end', { start: 2 * bytes.length, end: 3 * bytes.length }],
    ['of more than it has', { start: 0, end: bytes.length }],
  ])('has no range %s: the end of what there is would look like that of the range', async (_what, range) => {
    const { blob, closed } = await stored();
    await failureOf(collect(readStored(blob, range)), 'unavailable');
    expect(closed()).toBe(1);
  });

  it('whose file became shorter ends with an error, and is closed', async () => {
    const { blob, closed } = await stored();
    await failureOf(collect(readStored({ ...blob, size: bytes.length + 1 })), 'unavailable');
    expect(closed()).toBe(1);
  });

  it('is read whole from a disk that gives less than it is asked for', async () => {
    const { blob } = await stored(bytes);
    const handle = new Proxy(blob.handle, {
      get: (target, name) =>
        name === 'read'
          ? (buffer: Buffer, offset: number, length: number, position: number) =>
              target.read(buffer, offset, Math.min(length, 100_000), position)
          : Reflect.get(target, name),
    });
    expect((await collect(readStored({ ...blob, handle }))).equals(bytes)).toBe(true);
  });

  it('that the disk refuses while its reader is slow ends this reader, not the program', async () => {
    const answers = [undefined, ioError];
    const { blob, closed } = await stored(bytes, (ordinary) => (answers.shift() ?? ordinary)());
    const reader = readStored(blob);
    await reader.next();
    // Time enough for a rejection that nobody handles to end the process.
    await new Promise((resolve) => setImmediate(resolve));
    await failureOf(reader.next(), 'unavailable');
    expect(closed()).toBe(1);
  });
});

describe('the memory of a chunk', () => {
  it('is not used again before the next one is asked for, however many others read', async () => {
    const first = await stored();
    const reader = readStored(first.blob);
    const held = await take(reader);
    for (let other = 0; other < 20; other++) await collect(readStored((await stored(Buffer.alloc(bytes.length))).blob));
    expect(Buffer.from(held).equals(bytes.subarray(0, chunk))).toBe(true);
    await reader.return(undefined);
  });

  it('is not used again while the disk still writes into it, when its reader has left', async () => {
    const disk = Promise.withResolvers<void>();
    const late = Promise.withResolvers<void>();
    const slow = await stored(bytes, async (ordinary, buffer) => {
      const answer = await ordinary();
      if (slow.reads.length === 1) return answer;
      const written = Buffer.from(buffer);
      await disk.promise;
      written.copy(buffer);
      late.resolve();
      return answer;
    });
    const reader = readStored(slow.blob);
    await take(reader);
    const left = reader.return(undefined);
    const others = await holders(40);
    disk.resolve();
    await late.promise;
    await left;
    await others.unchanged();
  });

  it('is not given to others while somebody reads it for the second time', async () => {
    const { blob, open: openAgain } = await stored();
    await collect(readStored(blob));
    const reader = readStored(await openAgain());
    const held = await take(reader);
    await (await holders(40)).unchanged();
    expect(Buffer.from(held).equals(bytes.subarray(0, chunk))).toBe(true);
    await reader.return(undefined);
  });

  it('holds something else once others needed it', async () => {
    const { blob, open: openAgain } = await stored();
    await collect(readStored(blob));
    await (await holders(40)).unchanged();
    expect((await collect(readStored(await openAgain()))).equals(bytes)).toBe(true);
  });

  it.each([
    ['large', 3 * chunk],
    ['small', 2000],
  ])('is used again and again: serving many %s blobs at once allocates nothing', async (_size, size) => {
    const memory = new Set<ArrayBufferLike>();
    const content = pattern(size);
    async function readSome(): Promise<void> {
      for (let count = 0; count < 20; count++) {
        for await (const { buffer } of readStored((await stored(content)).blob)) memory.add(buffer);
      }
    }
    const all = () => Promise.all(Array.from({ length: 6 }, readSome));
    await all();
    const before = memory.size;
    await all();
    expect(memory.size - before).toBeLessThan(6);
  });

  it('is kept for the next 24 chunks when nothing is in it, and no more', async () => {
    const memory = new Set<ArrayBufferLike>();
    async function readAtOnce(count: number): Promise<void> {
      const all = await Promise.all(Array.from({ length: count }, () => stored(Buffer.alloc(chunk))));
      const readers = all.map(({ blob }) => readStored(blob));
      for (const { buffer } of await Promise.all(readers.map(take))) memory.add(buffer);
      await Promise.all(readers.map((reader) => reader.return(undefined)));
    }
    // Twice, until also what stays in memory unread is of these readers.
    await readAtOnce(60);
    await readAtOnce(60);
    const before = memory.size;
    await readAtOnce(60);
    expect(memory.size - before).toBe(60 - 24);
  });

  it('is kept for 8 chunks that nobody reads, and no more', async () => {
    const content = pattern(100 * chunk);
    const { blob, open: openAgain, reads } = await stored(content);
    await collect(readStored(blob));
    const starts = Array.from({ length: 50 }, (_, index) => 2 * index * chunk);
    const readers = await Promise.all(
      starts.map(async (start) => readStored(await openAgain(), { start, end: start + chunk - 1 })),
    );
    await Promise.all(readers.map(take));
    await Promise.all(readers.map((reader) => reader.return(undefined)));
    reads.length = 0;
    for (const start of starts.toReversed()) {
      await collect(readStored(await openAgain(), { start, end: start + chunk - 1 }));
    }
    expect(reads).toHaveLength(starts.length - 8);
  });
});

describe('readers of the same stored blob', () => {
  it('at the same place share one read of the disk', async () => {
    const { blob, open: openAgain, reads, closed } = await stored();
    const all = await Promise.all(
      [blob, await openAgain(), await openAgain()].map((each) => collect(readStored(each))),
    );
    for (const read of all) expect(read.equals(bytes)).toBe(true);
    expect(reads).toEqual([0, chunk, 2 * chunk, 3 * chunk]);
    expect(closed()).toBe(3);
  });

  it('share one read of a small one as well, and its memory', async () => {
    const content = pattern(2000);
    const { open: openAgain, reads } = await stored(content);
    const readers = await Promise.all(Array.from({ length: 50 }, async () => readStored(await openAgain())));
    const held = await Promise.all(readers.map(take));
    for (const piece of held) expect(content.equals(piece)).toBe(true);
    expect(new Set(held.map(({ buffer }) => buffer)).size).toBe(1);
    expect(reads).toEqual([0]);
    await Promise.all(readers.map((reader) => reader.return(undefined)));
  });

  it('find what others have read shortly before', async () => {
    const { blob, open: openAgain, reads } = await stored(pattern(8 * chunk));
    await collect(readStored(blob));
    await collect(readStored(await openAgain()));
    expect(reads).toHaveLength(8);
  });

  it('find it also when many small pieces were read meanwhile', async () => {
    const { blob, open: openAgain, reads } = await stored(pattern(8 * chunk));
    await collect(readStored(blob));
    const small = await stored();
    for (let count = 0; count < 20; count++) await collect(readStored(await small.open(), { start: 0, end: 9 }));
    await collect(readStored(await openAgain()));
    expect(reads).toHaveLength(8);
  });

  it('at different places each get their own', async () => {
    const { blob, open: openAgain } = await stored();
    const slow = readStored(blob);
    const first = await take(slow);
    const range = { start: chunk + 5, end: 3 * chunk + 9 };
    const part = await collect(readStored(await openAgain(), range));
    expect(part.equals(bytes.subarray(range.start, range.end + 1))).toBe(true);
    expect(Buffer.from(first).equals(bytes.subarray(0, chunk))).toBe(true);
    expect((await collect(slow)).equals(bytes.subarray(chunk))).toBe(true);
  });

  it('do not lose a chunk by another one of them who leaves', async () => {
    const { blob, open: openAgain } = await stored();
    const stays = readStored(blob);
    const held = await take(stays);
    for await (const _ of readStored(await openAgain())) break;
    for (let other = 0; other < 20; other++) await collect(readStored((await stored(Buffer.alloc(bytes.length))).blob));
    expect(Buffer.from(held).equals(bytes.subarray(0, chunk))).toBe(true);
    expect((await collect(stays)).equals(bytes.subarray(chunk))).toBe(true);
  });

  it('read again what the disk refused before', async () => {
    const answers = [ioError];
    const { blob, open: openAgain } = await stored(bytes, (ordinary) => (answers.shift() ?? ordinary)());
    await failureOf(collect(readStored(blob)), 'unavailable');
    expect((await collect(readStored(await openAgain()))).equals(bytes)).toBe(true);
  });

  it('find what was read after the disk had refused once, as anything else', async () => {
    const answers = [ioError];
    const {
      blob,
      open: openAgain,
      reads,
    } = await stored(pattern(8 * chunk), (ordinary) => (answers.shift() ?? ordinary)());
    await failureOf(collect(readStored(blob)), 'unavailable');
    await collect(readStored(await openAgain()));
    reads.length = 0;
    await collect(readStored(await openAgain()));
    expect(reads).toEqual([]);
  });

  it("of different blobs never get each other's bytes", async () => {
    const contents = Array.from({ length: 12 }, (_, index) => Buffer.alloc(4 * chunk - index, index + 1));
    const blobs = await Promise.all(contents.map((content) => stored(content)));
    const read = await Promise.all(blobs.map(({ blob }) => collect(readStored(blob))));
    for (const [index, content] of contents.entries()) expect(read[index]?.equals(content)).toBe(true);
  });
});
