import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type BlobStore, type IncomingFile, openBlobStore } from '../../src/cache/blob-store.ts';
import { Download } from '../../src/cache/download.ts';
import { Ring } from '../../src/cache/ring.ts';
import { ThreadedHash } from '../../src/cache/threaded-hash.ts';
import type { BlobBody } from '../../src/content/content.ts';
import { collect, failureOf } from '../upstream/small-upstream.ts';
import { bodyOf, controlledBody, notFound, pattern, sha256 } from './fake-upstream.ts';
import { eventually, openFiles, temporaryFolder } from './small-cache.ts';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
/** More than a download keeps in memory. */
const large = pattern(9 * mebibyte);
const small = Buffer.from('one two three');
const quarter = 256 * kibibyte;

interface Started {
  readonly download: Download;
  readonly folder: string;
  readonly store: BlobStore;
  readonly lost: unknown[];
  /** Where each request to the upstream began. */
  readonly starts: number[];
}

interface StartOptions {
  readonly expectedSize?: number | undefined;
  /** Gets between the download and the store, to refuse what a disk can refuse. */
  readonly disk?: (create: () => Promise<IncomingFile>) => Promise<IncomingFile | undefined>;
}

async function start(
  blob: Buffer,
  fetch: (start: number) => Promise<BlobBody>,
  options: StartOptions = {},
): Promise<Started> {
  const { disk = (create) => create() } = options;
  const folder = temporaryFolder();
  const store = await openBlobStore({ folder, maxBytes: 1024 * mebibyte, onEvicted: () => undefined });
  onTestFinished(() => expectClosed(folder));
  const lost: unknown[] = [];
  const starts: number[] = [];
  const download = new Download({
    digest: sha256(blob),
    expectedSize: 'expectedSize' in options ? options.expectedSize : blob.length,
    fetch(from) {
      starts.push(from);
      return fetch(from);
    },
    createFile: (size) => disk(async () => (await store.create(size)) ?? expect.fail('The store is full.')),
    onFileLost: (error) => lost.push(error),
  });
  return { download, folder, store, lost, starts };
}

/** A download of which the test gives each piece. */
async function startControlled(blob: Buffer, options: StartOptions = {}) {
  const body = controlledBody(blob.length);
  const started = await start(blob, async () => body, options);
  await started.download.opened();
  const giveAll = (from = 0): void => {
    for (let at = from; at < blob.length; at += quarter) body.give(blob.subarray(at, at + quarter));
    body.end();
  };
  return { ...started, body, giveAll };
}

/** What was read, as far as it came, and how it ended. */
async function outcomeOf(chunks: AsyncIterable<Uint8Array>): Promise<{ bytes: Buffer; error: unknown }> {
  const copies: Buffer[] = [];
  try {
    for await (const chunk of chunks) copies.push(Buffer.from(chunk));
    return { bytes: Buffer.concat(copies), error: undefined };
  } catch (error) {
    return { bytes: Buffer.concat(copies), error };
  }
}

async function next(reader: AsyncIterator<Uint8Array>): Promise<string | undefined> {
  const result = await reader.next();
  return result.done ? undefined : Buffer.from(result.value).toString();
}

/** Lets everything happen that can happen without new input. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A file on which the first bytes can be written, and nothing more. */
function fullAfter(file: IncomingFile, bytes: number): IncomingFile {
  return brokenFile(file, {
    async writev(buffers: Uint8Array[], position: number) {
      if (position >= bytes) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      return file.handle.writev([Buffer.concat(buffers).subarray(0, bytes - position)], position);
    },
  });
}

/** A file of which some calls do something else. */
function brokenFile(file: IncomingFile, calls: Readonly<Record<string, unknown>>): IncomingFile {
  const handle = new Proxy(file.handle, {
    get(target, name) {
      const value: unknown = calls[String(name)] ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...file, handle };
}

async function expectClosed(folder: string): Promise<void> {
  await eventually(() => {
    expect(openFiles(folder)).toEqual([]);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });
}

describe('a reader', () => {
  it('gets what is there while the rest is still on its way', async () => {
    const { download, body } = await startControlled(small);
    const reader = download.read();
    body.give(small.subarray(0, 4));
    body.give(small.subarray(4, 8));
    expect(await next(reader)).toBe('one ');
    body.give(small.subarray(8));
    expect(await next(reader)).toBe('two ');
    body.end();
    expect(await next(reader)).toBe('three');
    expect(await next(reader)).toBeUndefined();
  });

  it('never gets the last chunk before the digest matched', async () => {
    const { download, body } = await startControlled(small);
    const reader = download.read();
    const first = next(reader);
    let settled = false;
    void first.then(() => {
      settled = true;
    });
    body.give(small);
    await idle();
    expect(settled).toBe(false);
    body.end();
    expect(await first).toBe(small.toString());
    expect(await next(reader)).toBeUndefined();
  });

  it.each([
    ['all', undefined, small.toString()],
    ['the beginning', { start: 0, end: 2 }, 'one'],
    ['the middle, over the border of chunks', { start: 2, end: 9 }, 'e two th'],
    ['the last byte', { start: small.length - 1, end: small.length - 1 }, 'e'],
  ] as const)('gets %s of what is asked for', async (_what, range, expected) => {
    const { download } = await start(small, async () => bodyOf(small, 5));
    expect((await collect(download.read(range))).toString()).toBe(expected);
  });

  it('that comes late gets the first byte, from the file', async () => {
    const { download, body, giveAll } = await startControlled(large);
    for (let at = 0; at < large.length / 2; at += quarter) body.give(large.subarray(at, at + quarter));
    await eventually(() => expect(body.taken).toBe(large.length / 2 / quarter));
    const late = collect(download.read());
    giveAll(large.length / 2);
    expect((await late).equals(large)).toBe(true);
  });

  it('that stops reading holds neither the fill nor the others', async () => {
    const started = await startControlled(large);
    const stalled = started.download.read();
    const first = stalled.next();
    started.giveAll();
    await first;
    expect((await collect(started.download.read())).equals(large)).toBe(true);
    await started.download.finished;
    expect(await started.store.stat(sha256(large))).toBe(large.length);
    // It still gets everything, whenever it likes.
    const rest = await collect(stalled);
    expect(rest.length).toBe(large.length - ((await first).value?.length ?? 0));
  });

  it('that leaves does not end the download', async () => {
    const started = await startControlled(large);
    started.giveAll();
    for await (const _ of started.download.read()) break;
    await started.download.finished;
    expect(started.download.isVerified).toBe(true);
    expect(await started.store.stat(sha256(large))).toBe(large.length);
  });

  it('gets the end of a file that left the disk meanwhile told as such', async () => {
    const started = await startControlled(large);
    started.giveAll();
    await started.download.finished;
    await expectClosed(started.folder);
    expect(started.download.reaches(0)).toBe(false);
    expect(started.download.reaches(large.length - 1)).toBe(false);
    await failureOf(collect(started.download.read()), 'unavailable');
  });
});

describe('an upstream', () => {
  it('that sends byte by byte is as good as any other', async () => {
    const { download } = await start(small, async () => bodyOf(small, 1));
    expect((await collect(download.read())).equals(small)).toBe(true);
  });

  it('that sends nothing has the empty blob', async () => {
    const empty = Buffer.alloc(0);
    const started = await start(empty, async () => bodyOf(empty));
    expect(await collect((await started.download.opened()).read())).toEqual(empty);
    await started.download.finished;
    expect(await started.store.stat(sha256(empty))).toBe(0);
  });

  it('that sends empty chunks sends nothing', async () => {
    const { download, body } = await startControlled(small);
    for (const bytes of [Buffer.alloc(0), small, Buffer.alloc(0)]) body.give(bytes);
    body.end();
    expect((await collect(download.read())).equals(small)).toBe(true);
  });

  it('that does not say the size is streamed past the cache, since no room can be reserved', async () => {
    const fetch = async () => bodyOf(small, 4, 'nothing');
    const started = await start(small, fetch, { expectedSize: undefined });
    await started.download.opened();
    expect(started.download.size).toBeUndefined();
    expect((await collect(started.download.read())).equals(small)).toBe(true);
    expect(started.download.size).toBe(small.length);
    await started.download.finished;
    expect(await started.store.stat(sha256(small))).toBeUndefined();
  });

  it('whose connection breaks is asked for the rest', async () => {
    const started = await start(small, async (from) => {
      const body = controlledBody(small.length);
      body.give(small.subarray(from, from + 5));
      if (from + 5 < small.length) body.break();
      body.end();
      return body;
    });
    expect((await collect(started.download.read())).equals(small)).toBe(true);
    expect(started.starts).toEqual([0, 5, 10]);
  });

  it('whose connection breaks after the last byte has sent everything', async () => {
    const { download, body, starts } = await startControlled(small);
    body.give(small);
    body.break();
    expect((await collect(download.read())).equals(small)).toBe(true);
    expect(starts).toEqual([0]);
  });

  it('that refuses fails those who wait for it as well', async () => {
    const opening = Promise.withResolvers<BlobBody>();
    const { download } = await start(small, () => opening.promise);
    const waiting = collect(download.read());
    opening.reject(notFound());
    await failureOf(waiting, 'not-found');
    await failureOf(download.opened(), 'not-found');
  });

  it('that breaks off again and again is given up', async () => {
    const started = await start(small, async (from) => {
      const body = controlledBody(small.length);
      body.give(small.subarray(from, from + 1));
      body.break();
      return body;
    });
    const { bytes, error } = await outcomeOf(started.download.read());
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(started.starts).toEqual([0, 1, 2, 3]);
    expect(bytes.length).toBeLessThan(small.length);
  });

  it('that ends too early, and says that there is no more, is given up', async () => {
    const started = await start(small, async (from) => {
      if (from > 0) throw notFound();
      return bodyOf(small.subarray(0, 5), 2, small.length);
    });
    const { error } = await outcomeOf(started.download.read());
    expect(error).toMatchObject({ code: 'not-found' });
    expect(started.starts).toEqual([0, 5]);
  });

  it('is told to be wrong in a sentence when it ends too early without an error', async () => {
    const { download } = await start(small, async (from) => bodyOf(small.subarray(from, 5), 2, small.length));
    const failure = await failureOf(collect(download.read()), 'unavailable');
    expect(failure.message).toContain('5 of the 13 bytes');
  });

  it('that fails in a way of its own fails the download, and nothing else', async () => {
    const { download, body } = await startControlled(small);
    body.break(new TypeError('not a content error'));
    const failure = await failureOf(collect(download.read()), 'unavailable');
    expect(failure.cause).toBeInstanceOf(TypeError);
  });
});

describe('the thread that hashes', () => {
  it('fails the download when it ends: what is not verified is neither served as a whole nor kept', async () => {
    const { download, body, store, folder } = await startControlled(large);
    const reading = outcomeOf(download.read());
    for (let at = 0; at < large.length; at += quarter) body.give(large.subarray(at, at + quarter));
    // It cannot make this hash, and ends.
    const ring = new Ring(large.length);
    const breaking = new ThreadedHash('no-such-algorithm', ring, () => undefined);
    ring.push(large, 0);
    breaking.update();
    await failureOf(breaking.digest(), 'unavailable');
    body.end();
    const { bytes, error } = await reading;
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('cannot be verified') });
    expect(bytes.length).toBeLessThan(large.length);
    await download.finished;
    expect(body.isLeft).toBe(true);
    expect(await store.stat(sha256(large))).toBeUndefined();
    await expectClosed(folder);
  });
});

describe('a lie', () => {
  const wrong = Buffer.from(small).fill('x', 3, 4);
  const longer = Buffer.concat([small, Buffer.from('!')]);
  const cases: readonly (readonly [what: string, body: () => BlobBody, expectedSize: number | undefined])[] = [
    ['wrong bytes', () => bodyOf(wrong, 4), small.length],
    ['wrong bytes of unknown size', () => bodyOf(wrong, 4, 'nothing'), undefined],
    ['wrong bytes in one piece', () => bodyOf(wrong), small.length],
    ['wrong bytes in one piece of unknown size', () => bodyOf(wrong, 1024, 'nothing'), undefined],
    ['another last byte', () => bodyOf(Buffer.from(small).fill('x', small.length - 1), 4), small.length],
    ['more bytes than were announced', () => bodyOf(longer, 4, small.length), small.length],
    ['one byte more, alone', () => bodyOf(longer, small.length, 'nothing'), small.length],
    ['one byte more, of unknown size', () => bodyOf(longer, 4, 'nothing'), undefined],
    ['nothing', () => bodyOf(Buffer.alloc(0), 4, 'nothing'), undefined],
    ['something where there should be nothing', () => bodyOf(small, 4, 'nothing'), 0],
  ];
  it('is not completed by a range that ends before it', async () => {
    const wrong = Buffer.from(large);
    wrong[wrong.length - 1] = 1 + (wrong.at(-1) ?? 0);
    const { download } = await start(large, async () => bodyOf(wrong));
    const { bytes, error } = await outcomeOf(download.read({ start: 100, end: 1999 }));
    expect(bytes.equals(large.subarray(100, 1999))).toBe(true);
    expect(error).toMatchObject({ code: 'untrustworthy' });
  });

  it('is not completed by an empty chunk behind it', async () => {
    const { download, body } = await startControlled(small);
    const reading = outcomeOf(download.read());
    for (const bytes of [wrong.subarray(0, 5), wrong.subarray(5), Buffer.alloc(0)]) body.give(bytes);
    await idle();
    body.end();
    expect((await reading).bytes).toHaveLength(5);
  });

  it.each(cases)('never reaches the reader as a whole: %s', async (_what, body, expectedSize) => {
    const sent = await collect(body().chunks);
    const started = await start(small, async () => body(), { expectedSize });
    const { bytes, error } = await outcomeOf(started.download.read());
    expect(error).toMatchObject({ code: 'untrustworthy' });
    if (sent.length > 0) expect(bytes.length).toBeLessThan(sent.length);
    await started.download.finished;
    expect(started.download.isVerified).toBe(false);
    expect(await started.store.stat(sha256(small))).toBeUndefined();
  });

  it.each([
    ['smaller', small.length - 1],
    ['larger', small.length + 1],
  ])('about the size is refused before a byte is read: %s', async (_what, announced) => {
    const body = controlledBody(announced);
    body.give(small);
    const started = await start(small, async () => body);
    const failure = await failureOf(started.download.opened(), 'untrustworthy');
    expect(failure.message).toContain(`${announced} bytes where ${small.length}`);
    await eventually(() => expect(body.isLeft).toBe(true));
    expect(started.download.isJoinable).toBe(false);
  });

  it('about the size does not keep anybody waiting for an upstream that then says nothing', async () => {
    const silent = controlledBody(1);
    const { download } = await start(small, async () => silent);
    await failureOf(download.opened(), 'untrustworthy');
    await download.finished;
    silent.break();
    await eventually(() => expect(silent.isLeft).toBe(true));
  });

  it('in the rest, after the connection broke, is one too', async () => {
    const { download } = await start(small, async (from) => {
      if (from > 0) return bodyOf(wrong.subarray(from), 4, small.length);
      const body = controlledBody(small.length);
      body.give(small.subarray(0, 2));
      body.break();
      return body;
    });
    await failureOf(collect(download.read()), 'untrustworthy');
  });

  it('about the size of the rest is one too', async () => {
    const { download } = await start(small, async (from) => {
      const body = controlledBody(from === 0 ? small.length : small.length + 1);
      body.give(small.subarray(from, from + 5));
      body.break();
      return body;
    });
    await failureOf(collect(download.read()), 'untrustworthy');
  });
});

describe('a disk that refuses', () => {
  const noRoom = async () => undefined;

  it.each([
    ['at once', 0],
    ['in the middle of a write', 3 * mebibyte + 17],
    ['at the last byte', large.length - 1],
  ])('costs the entry, not the pull: %s', async (_when, bytes) => {
    const started = await start(large, async () => bodyOf(large), {
      disk: async (create) => fullAfter(await create(), bytes),
    });
    expect((await collect(started.download.read())).equals(large)).toBe(true);
    await started.download.finished;
    expect(started.lost).toMatchObject([{ code: 'ENOSPC' }]);
    expect(await started.store.stat(sha256(large))).toBeUndefined();
    expect(started.store.usedBytes()).toBe(0);
  });

  it('costs the entry when it takes nothing and says nothing', async () => {
    const started = await start(small, async () => bodyOf(small), {
      disk: async (create) => brokenFile(await create(), { writev: async () => ({ bytesWritten: 0 }) }),
    });
    expect((await collect(started.download.read())).equals(small)).toBe(true);
    await started.download.finished;
    expect(started.lost).toHaveLength(1);
  });

  it('costs the entry when it refuses the commit', async () => {
    const commit = () => Promise.reject(new Error('the folder is read only'));
    const started = await start(small, async () => bodyOf(small), {
      disk: async (create) => ({ ...(await create()), commit }),
    });
    expect((await collect(started.download.read())).equals(small)).toBe(true);
    await started.download.finished;
    expect(started.lost).toHaveLength(1);
    expect(started.store.usedBytes()).toBe(0);
  });

  it('costs the entry when it does not even give a file', async () => {
    const { download, lost } = await start(small, async () => bodyOf(small), {
      disk: () => Promise.reject(new Error('the folder is gone')),
    });
    expect((await collect(download.read())).equals(small)).toBe(true);
    expect(lost).toHaveLength(1);
  });

  it('lets the slowest reader pace the upstream', async () => {
    const { download, body, giveAll } = await startControlled(large, { disk: noRoom });
    const [slow, fast] = [download.read(), download.read()];
    giveAll();
    const first = await slow.next();
    const whole = collect(fast);
    await idle();
    // The window, the chunk that is held back, and the one that was asked for.
    expect(body.taken * quarter).toBeLessThan(5 * mebibyte);
    const rest = await collect(slow);
    expect((first.value?.length ?? 0) + rest.length).toBe(large.length);
    expect((await whole).equals(large)).toBe(true);
  });

  it('does not let a reader that left pace anything', async () => {
    const { download, giveAll } = await startControlled(large, { disk: noRoom });
    const [leaving, staying] = [download.read(), download.read()];
    giveAll();
    const [, first] = await Promise.all([leaving.next(), staying.next()]);
    const start = first.value?.length ?? 0;
    const rest = collect(staying);
    await idle();
    await leaving.return(undefined);
    expect(start + (await rest).length).toBe(large.length);
  });

  it('lets a reader that lags read what was written before', async () => {
    const written = 3 * mebibyte;
    const { download, body, giveAll, lost } = await startControlled(large, {
      disk: async (create) => fullAfter(await create(), written),
    });
    const lagging = download.read();
    body.give(large.subarray(0, quarter));
    body.give(large.subarray(quarter, 2 * quarter));
    await lagging.next();
    giveAll(2 * quarter);
    await eventually(() => expect(lost).toHaveLength(1));
    const rest = await collect(lagging);
    expect(rest.equals(large.subarray(quarter))).toBe(true);
  });

  it('ends the download when nobody reads it any more', async () => {
    const { download, body, giveAll, starts } = await startControlled(large, { disk: noRoom });
    const reader = download.read();
    giveAll();
    await reader.next();
    await reader.return(undefined);
    await download.finished;
    expect(body.isLeft).toBe(true);
    expect(starts).toEqual([0]);
    expect(download.isJoinable).toBe(false);
  });

  it('does not end it before the first reader came, and does after a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { download, body, giveAll } = await startControlled(large, { disk: noRoom });
      giveAll();
      await eventually(() => expect(vi.getTimerCount()).toBe(1));
      expect(body.isLeft).toBe(false);
      vi.advanceTimersByTime(60_000);
      await download.finished;
      expect(body.isLeft).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not let anybody join once bytes came: who came first and does not read would pace those too', async () => {
    const { download, body } = await startControlled(large, { disk: noRoom });
    const reader = download.read();
    body.give(large.subarray(0, quarter));
    body.give(large.subarray(quarter, 2 * quarter));
    await reader.next();
    expect(download.isJoinable).toBe(false);
    expect(download.reaches(0)).toBe(true);
    await reader.return(undefined);
    body.break();
    await download.finished;
  });

  it('does not let anybody join when the first bytes are gone', async () => {
    const { download, giveAll } = await startControlled(large, { disk: noRoom });
    expect(download.isJoinable).toBe(true);
    const reader = download.read();
    giveAll();
    for (let count = 0; count < 12; count++) await reader.next();
    await idle();
    expect(download.isJoinable).toBe(false);
    expect(download.reaches(0)).toBe(false);
    // Who asks nevertheless is told, and does not hold the others for ever.
    await failureOf(collect(download.read()), 'unavailable');
    await collect(reader);
  });

  it('that cannot be read any more ends the reader with a sentence', async () => {
    const { download, giveAll } = await startControlled(large, {
      disk: async (create) =>
        brokenFile(await create(), { read: () => Promise.reject(new Error('EIO: i/o error, read')) }),
    });
    giveAll();
    await eventually(() => expect(download.isVerified).toBe(true));
    await failureOf(collect(download.read()), 'unavailable');
  });
});

describe('a range of what is not stored', () => {
  const noFile: StartOptions = { disk: async () => undefined };

  it.each([
    ['at the beginning', { start: 0, end: 999 }],
    ['of one byte', { start: 5, end: 5 }],
    ['that is a large part', { start: 0, end: 6 * mebibyte }],
    ['up to the last byte', { start: large.length - 1000, end: large.length - 1 }],
  ])('%s comes to its end, and holds up nobody who wants all of it', async (_what, range) => {
    const { download } = await start(large, async () => bodyOf(large), noFile);
    const [part, whole] = await Promise.all([collect(download.read(range)), collect(download.read())]);
    expect(part.equals(large.subarray(range.start, range.end + 1))).toBe(true);
    expect(whole.equals(large)).toBe(true);
  });

  it('keeps its last byte back until everything is verified', async () => {
    const { download, body, giveAll } = await startControlled(large, noFile);
    const reader = download.read({ start: 0, end: 999 });
    for (let at = 0; at < 2 * quarter; at += quarter) body.give(large.subarray(at, at + quarter));
    expect((await reader.next()).value).toHaveLength(999);
    const last = reader.next();
    await idle();
    expect(await Promise.race([last, Promise.resolve('held back')])).toBe('held back');
    giveAll(2 * quarter);
    expect((await last).value).toEqual(large.subarray(999, 1000));
    expect(await reader.next()).toMatchObject({ done: true });
  });

  it('is not finished when the bytes turn out to be wrong', async () => {
    const wrong = Buffer.concat([large.subarray(0, -1), Buffer.from([large.at(-1)! ^ 1])]);
    const { download } = await start(large, async () => bodyOf(wrong), noFile);
    const { bytes, error } = await outcomeOf(download.read({ start: 0, end: 999 }));
    expect(bytes).toHaveLength(999);
    expect(error).toMatchObject({ code: 'untrustworthy' });
  });

  it('holds up nobody either when its last byte is in a file that is lost afterwards', async () => {
    const half = 6 * mebibyte;
    // The rest does not fit into memory: the file is lost before the end.
    const larger = pattern(2 * half);
    const { download, body, lost } = await startControlled(larger, {
      disk: async (create) => fullAfter(await create(), half),
    });
    const whole = collect(download.read());
    for (let at = 0; at < half; at += quarter) body.give(larger.subarray(at, at + quarter));
    await eventually(() => expect(body.taken).toBe(half / quarter));
    await idle();
    const part = collect(download.read({ start: 0, end: 999 }));
    await idle();
    for (let at = half; at < larger.length; at += quarter) body.give(larger.subarray(at, at + quarter));
    body.end();
    expect((await whole).equals(larger)).toBe(true);
    expect((await part).equals(larger.subarray(0, 1000))).toBe(true);
    expect(lost).toHaveLength(1);
  });

  it('that nobody waits for any more ends the download', async () => {
    const { download, body } = await startControlled(large, noFile);
    const gone = new AbortController();
    const read = collect(download.read({ start: 0, end: 999 }, gone.signal));
    for (let at = 0; at < 2 * quarter; at += quarter) body.give(large.subarray(at, at + quarter));
    await idle();
    gone.abort();
    expect(await read).toHaveLength(999);
    for (let at = 2 * quarter; at < large.length; at += quarter) body.give(large.subarray(at, at + quarter));
    await download.finished;
    expect(download.isVerified).toBe(false);
  });
});
