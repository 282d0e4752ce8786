import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import { type BlobStore, openBlobStore } from '../../src/cache/blob-store.ts';
import { sha256 } from './fake-upstream.ts';
import { blobPath, eventually, openFiles, temporaryFolder } from './small-cache.ts';

const size = 1000;
const hour = 60 * 60 * 1000;

interface Opened {
  readonly store: BlobStore;
  readonly folder: string;
  readonly evicted: Digest[];
}

async function open(capacity: number, options: { folder?: string; now?: () => number } = {}): Promise<Opened> {
  const { folder = temporaryFolder(), now = Date.now } = options;
  const evicted: Digest[] = [];
  const onEvicted = (digests: readonly Digest[]) => void evicted.push(...digests);
  const store = await openBlobStore({ folder, maxBytes: capacity * size, onEvicted, now });
  return { store, folder, evicted };
}

/** Blobs of equal size, told apart by a letter or some. */
function blob(letter: string): { digest: Digest; bytes: Buffer } {
  const bytes = Buffer.alloc(size, letter);
  return { digest: sha256(bytes), bytes };
}

async function put(store: BlobStore, ...letters: string[]): Promise<void> {
  for (const { digest, bytes } of letters.map(blob)) {
    const file = await store.create(bytes.length);
    if (!file) return expect.fail('There is no room.');
    await file.handle.writeFile(bytes);
    await file.commit(digest, bytes.length);
    await file.close();
  }
}

/** Opens and closes. */
async function use(store: BlobStore, letter: string): Promise<void> {
  await (await store.open(blob(letter).digest))?.close();
}

async function stored(store: BlobStore, letters: string): Promise<string> {
  const found = await Promise.all(
    [...letters].map(async (letter) => (await store.stat(blob(letter).digest)) && letter),
  );
  return found.filter(Boolean).join('');
}

describe('a blob', () => {
  it('is stored under its digest, for its owner only', async () => {
    const { store, folder } = await open(2);
    await put(store, 'a');
    const { digest, bytes } = blob('a');
    expect(statSync(blobPath({ folder }, digest)).mode & 0o777).toBe(0o600);
    const opened = (await store.open(digest))!;
    expect(opened.size).toBe(size);
    expect((await opened.handle.readFile()).equals(bytes)).toBe(true);
    await opened.close();
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it('is not there before it is committed, and never when it is discarded', async () => {
    const { store, folder } = await open(2);
    const file = (await store.create(size))!;
    expect(store.usedBytes()).toBe(size);
    expect(await store.stat(blob('a').digest)).toBeUndefined();
    await file.discard();
    await file.discard();
    await file.close();
    expect(store.usedBytes()).toBe(0);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it('of sha512 is one as well', async () => {
    const { store } = await open(2);
    const digest = `sha512:${'ab'.repeat(64)}` as Digest;
    const file = (await store.create(3))!;
    await file.handle.writeFile('abc');
    await file.commit(digest, 3);
    await file.close();
    expect(await store.stat(digest)).toBe(3);
  });

  it('that two downloads bring is counted once', async () => {
    const { store } = await open(4);
    await put(store, 'a', 'a');
    expect(store.usedBytes()).toBe(size);
  });

  it('shares what is in memory of it with all who open it', async () => {
    const { store } = await open(2);
    await put(store, 'a');
    const openBlob = async () => (await store.open(blob('a').digest)) ?? expect.fail('It is not here.');
    const first = await openBlob();
    const second = await openBlob();
    expect(second.chunks).toBe(first.chunks);
    await first.close();
    await second.close();
    const later = await openBlob();
    expect(later.chunks).toBe(first.chunks);
    await later.close();
  });

  it('shares nothing with the damaged file that it replaces', async () => {
    const { store, folder } = await open(2);
    await put(store, 'a');
    const { digest } = blob('a');
    const damaged = await store.open(digest);
    truncateSync(blobPath({ folder }, digest), size - 1);
    await store.open(digest);
    await put(store, 'a');
    const whole = await store.open(digest);
    expect(whole?.chunks).toBeDefined();
    expect(whole?.chunks).not.toBe(damaged?.chunks);
    await Promise.all([damaged?.close(), whole?.close()]);
  });

  it('is closed once, however often it is told to', async () => {
    const { store, folder, evicted } = await open(1);
    await put(store, 'a');
    const first = (await store.open(blob('a').digest))!;
    const second = (await store.open(blob('a').digest))!;
    await Promise.all([first.close(), first.close()]);
    expect(await store.create(size)).toBeUndefined();
    await second.close();
    await put(store, 'b');
    expect(evicted).toEqual([blob('a').digest]);
    expect(openFiles(folder)).toEqual([]);
  });

  it.each<[string, (path: string) => void]>([
    ['deleted', (path) => rmSync(path)],
    ['cut short', (path) => truncateSync(path, size - 1)],
    ['emptied', (path) => truncateSync(path, 0)],
    ['made longer', (path) => writeFileSync(path, Buffer.alloc(size + 1))],
  ])('whose file somebody has %s is not here any more, and can be stored again', async (_how, damage) => {
    const { store, folder } = await open(2);
    await put(store, 'a');
    const { digest } = blob('a');
    damage(blobPath({ folder }, digest));
    expect(await store.open(digest)).toBeUndefined();
    expect(await store.stat(digest)).toBeUndefined();
    expect(store.usedBytes()).toBe(0);
    await put(store, 'a');
    expect(await stored(store, 'a')).toBe('a');
    expect(openFiles(folder)).toEqual([]);
  });

  it('stays when it cannot be opened for a reason that passes', async () => {
    const { store, folder } = await open(2);
    await put(store, 'a');
    const { digest } = blob('a');
    const path = blobPath({ folder }, digest);
    // A loop of links fails to open, as too many open files would.
    renameSync(path, `${path}.aside`);
    symlinkSync(path, path);
    await expect(store.open(digest)).rejects.toMatchObject({ code: 'ELOOP' });
    rmSync(path);
    renameSync(`${path}.aside`, path);
    await use(store, 'a');
    expect(store.usedBytes()).toBe(size);
  });
});

describe('eviction', () => {
  it('begins when the blobs would exceed the limit, with what was not used for longest', async () => {
    const { store, evicted, folder } = await open(3);
    await put(store, 'a', 'b', 'c');
    await use(store, 'a');
    expect(evicted).toEqual([]);
    await put(store, 'd');
    expect(evicted).toEqual([blob('b').digest]);
    expect(await stored(store, 'abcd')).toBe('acd');
    expect(store.usedBytes()).toBe(3 * size);
    expect(() => statSync(blobPath({ folder }, blob('b').digest))).toThrow('ENOENT');
  });

  it('counts a use without the file as a use', async () => {
    const { store, evicted } = await open(2);
    await put(store, 'a', 'b');
    store.touch(blob('a').digest);
    store.touch(blob('x').digest);
    await put(store, 'c');
    expect(evicted).toEqual([blob('b').digest]);
  });

  it('counts what is being filled', async () => {
    const { store } = await open(3);
    await put(store, 'a', 'b');
    const file = (await store.create(2 * size))!;
    expect(await stored(store, 'ab')).toBe('b');
    expect(store.usedBytes()).toBe(3 * size);
    await file.discard();
    await file.close();
  });

  it('takes nothing that is open, and leaves it to its readers', async () => {
    const { store } = await open(2);
    await put(store, 'a', 'b');
    const reading = (await store.open(blob('a').digest))!;
    await use(store, 'b');
    await put(store, 'c');
    expect(await stored(store, 'abc')).toBe('ac');
    await reading.close();
    await put(store, 'd');
    expect(await stored(store, 'acd')).toBe('cd');
  });

  it('takes nothing that is still open since it was filled: deleting it would make no room', async () => {
    const { store } = await open(2);
    const file = (await store.create(size))!;
    await file.handle.writeFile(blob('a').bytes);
    await file.commit(blob('a').digest, size);
    await put(store, 'b', 'c');
    expect(await stored(store, 'abc')).toBe('ac');
    expect(await store.create(2 * size)).toBeUndefined();
    await file.close();
    await put(store, 'd');
    expect(await stored(store, 'acd')).toBe('cd');
  });

  it('does not begin in vain: nothing goes for a blob that cannot fit beside what is in use', async () => {
    const { store, evicted } = await open(3);
    await put(store, 'a', 'b', 'c');
    const reading = (await store.open(blob('c').digest))!;
    expect(await store.create(2 * size + 1)).toBeUndefined();
    expect(await store.create(3 * size + 1)).toBeUndefined();
    expect(evicted).toEqual([]);
    expect(store.usedBytes()).toBe(3 * size);
    await reading.close();
  });

  it('makes room on a disk that is full, even below the limit', async () => {
    const { store, evicted } = await open(100);
    await put(store, 'a', 'b', 'c');
    await store.relieve(size + 1);
    expect(evicted).toEqual([blob('a').digest, blob('b').digest]);
    await store.relieve(100 * size);
    expect(store.usedBytes()).toBe(0);
  });

  it('does not take a blob that came back while its file was being deleted', async () => {
    const { store } = await open(2);
    for (let round = 0; round < 20; round++) {
      await put(store, 'a');
      const file = (await store.create(size))!;
      await file.handle.writeFile(blob('a').bytes);
      await Promise.all([store.relieve(10 * size), file.commit(blob('a').digest, size)]);
      await file.close();
      const opened = await store.open(blob('a').digest);
      expect(await store.stat(blob('a').digest)).toBe(opened?.size);
      await opened?.close();
    }
  });

  it('keeps its count when many come at once', async () => {
    const { store } = await open(3);
    await Promise.all([...'abcdefgh'].map((letter) => put(store, letter).catch(() => undefined)));
    const letters = await stored(store, 'abcdefgh');
    expect(letters.length).toBeLessThanOrEqual(3);
    expect(store.usedBytes()).toBe(letters.length * size);
  });
});

describe('after a restart', () => {
  it('what was there is there at once', async () => {
    const { store, folder } = await open(3);
    await put(store, 'a');
    const again = await open(3, { folder });
    expect(await stored(again.store, 'ab')).toBe('a');
    await use(again.store, 'a');
    await eventually(() => expect(again.store.usedBytes()).toBe(size));
  });

  it('what is damaged while the folder is counted is not counted', async () => {
    const damaged = Array.from({ length: 100 }, (_, index) => `damaged ${index}`);
    const { store, folder } = await open(200);
    await put(store, 'whole', ...damaged);
    const again = await open(200, { folder });
    for (const name of damaged) {
      await use(again.store, name);
      truncateSync(blobPath({ folder }, blob(name).digest), size - 1);
      expect(await again.store.open(blob(name).digest)).toBeUndefined();
      expect(await again.store.stat(blob(name).digest)).toBeUndefined();
    }
    await eventually(() => expect(again.store.usedBytes()).toBe(size));
  });

  it('the order of eviction is that of the uses, by the hour', async () => {
    let now = Date.now();
    const { store, folder } = await open(3, { now: () => now });
    await put(store, 'a', 'b', 'c');
    for (const [index, letter] of [...'abc'].entries()) {
      const time = (now - 10 * hour + index * hour) / 1000;
      utimesSync(blobPath({ folder }, blob(letter).digest), time, time);
    }
    now += 2 * hour;
    await use(store, 'a');
    const path = blobPath({ folder }, blob('a').digest);
    await eventually(() => expect(statSync(path).mtimeMs).toBeCloseTo(now, -1));

    const again = await open(3, { folder });
    await put(again.store, 'd');
    await eventually(() => expect(again.evicted).toEqual([blob('b').digest]));
  });

  it.each(['abcd', 'dcba', 'bdac'])('the first to go is what was not used for longest: %s', async (order) => {
    const { store, folder } = await open(4);
    await put(store, ...'abcd');
    for (const [index, letter] of [...order].entries()) {
      utimesSync(blobPath({ folder }, blob(letter).digest), index + 1, index + 1);
    }
    const again = await open(4, { folder });
    // What is used before everything is counted counts as used last.
    await use(again.store, order.charAt(0));
    await put(again.store, 'x', 'y');
    expect(again.evicted).toEqual([blob(order.charAt(1)).digest, blob(order.charAt(2)).digest]);
    expect(again.store.usedBytes()).toBe(4 * size);
  });

  it('a smaller limit is kept', async () => {
    const { store, folder } = await open(4);
    await put(store, 'a', 'b', 'c', 'd');
    const again = await open(2, { folder });
    await eventually(() => expect(again.evicted).toHaveLength(2));
    expect(again.store.usedBytes()).toBe(2 * size);
  });

  it('nothing that was half written is left', async () => {
    const { store, folder } = await open(3);
    const file = (await store.create(size))!;
    await file.handle.writeFile('half');
    await file.close();
    mkdirSync(join(folder, 'incoming', 'strange'));
    await open(3, { folder });
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it('a folder that cannot be read ends nothing but its own counting', async () => {
    const { store, folder } = await open(2);
    await put(store, 'a');
    // A loop of links cannot be read by anybody, root included.
    const loop = join(folder, 'blobs', 'aa-loop');
    symlinkSync(loop, loop);
    mkdirSync(join(folder, 'blobs', 'zz-empty'));
    const again = await open(2, { folder });
    await put(again.store, 'b', 'c');
    expect(again.evicted).toEqual([blob('a').digest]);
  });

  it('files that are no blobs are left alone and not counted', async () => {
    const { folder } = await open(3);
    const strange = join(folder, 'blobs', 'sha256', 'ab');
    mkdirSync(strange, { recursive: true });
    writeFileSync(join(strange, 'README'), 'not a blob');
    const again = await open(1, { folder });
    await put(again.store, 'a', 'b');
    expect(again.store.usedBytes()).toBe(size);
    expect(readdirSync(strange)).toEqual(['README']);
  });
});

describe('a folder that cannot be used', () => {
  it('ends the start', async () => {
    const folder = join(temporaryFolder(), 'file');
    writeFileSync(folder, '');
    await expect(open(1, { folder })).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('that goes away is told, with no room lost', async () => {
    const { store, folder } = await open(2);
    await put(store, 'a');
    rmSync(folder, { recursive: true });
    for (let round = 0; round < 3; round++) await expect(put(store, 'b')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(store.usedBytes()).toBe(size);
    expect(await store.open(blob('a').digest)).toBeUndefined();
    expect(store.usedBytes()).toBe(0);
  });

  it('that goes away while a file is filled refuses the commit, with no room lost', async () => {
    const { store, folder } = await open(2);
    const file = (await store.create(size))!;
    rmSync(folder, { recursive: true });
    await expect(file.commit(blob('a').digest, size)).rejects.toMatchObject({ code: 'ENOENT' });
    await file.discard();
    await file.close();
    expect(store.usedBytes()).toBe(0);
  });
});
