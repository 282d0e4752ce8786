import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DirectoryRows } from '../../src/access/build-directory.ts';
import { type DirectoryReader, openLiveDirectory } from '../../src/access/live-directory.ts';
import { directoryRows } from './directory-rows.ts';

/** A database of one number, which can be away or slow. */
class SmallSource implements DirectoryReader {
  written = 1;
  away = false;
  reads = 0;
  /** How often it was asked for its number. */
  looks = 0;
  /** Reads wait for it after they have looked. */
  gate: Promise<void> = Promise.resolve();

  async revision(): Promise<number> {
    this.looks++;
    if (this.away) throw new Error('the database is away');
    return this.written;
  }

  async read(): Promise<DirectoryRows> {
    this.reads++;
    if (this.away) throw new Error('the database is away');
    const revision = this.written;
    await this.gate;
    return directoryRows({ revision });
  }
}

async function follow(source: SmallSource) {
  const errors: unknown[] = [];
  const live = await openLiveDirectory(source, (error) => errors.push(error));
  onTestFinished(() => live.close());
  return { live, errors };
}

describe('the live directory', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is loaded when it is opened, and fails to open when it cannot be', async () => {
    const source = new SmallSource();
    expect((await follow(source)).live.current.revision).toBe(1);
    source.away = true;
    await expect(openLiveDirectory(source, () => undefined)).rejects.toThrow('the database is away');
  });

  it('takes in a change within one second, by itself', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    source.written = 2;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live.current.revision).toBe(2);
  });

  it('takes in a change as soon as it is told of one, without waiting for its next look', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    source.written = 2;
    live.refresh();
    await vi.advanceTimersByTimeAsync(0);
    expect(live.current.revision).toBe(2);
  });

  it('looks again when it is told of a change while it looks', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    const { promise, resolve } = Promise.withResolvers<void>();
    source.gate = promise;
    source.written = 2;
    live.refresh();
    await vi.advanceTimersByTimeAsync(0);
    source.written = 3;
    live.refresh();
    live.refresh();
    resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(live.current.revision).toBe(3);
    expect(source.reads).toBe(3);
  });

  it('catches up with what others have written, at once', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    source.written = 2;
    await live.catchUp();
    expect(live.current.revision).toBe(2);
  });

  it('catches up also when it has just looked, once for all who ask', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    const { promise, resolve } = Promise.withResolvers<void>();
    source.gate = promise;
    source.written = 2;
    live.refresh();
    await vi.advanceTimersByTimeAsync(0);
    source.written = 3;
    const asked = Array.from({ length: 1000 }, () => live.catchUp());
    resolve();
    await Promise.all(asked);
    expect(live.current.revision).toBe(3);
    expect(source.reads).toBe(3);
    expect(source.looks).toBe(2);
  });

  it('does not wait for a database that hangs', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    const { promise, resolve } = Promise.withResolvers<void>();
    source.gate = promise;
    source.written = 2;
    const caughtUp = live.catchUp();
    await vi.advanceTimersByTimeAsync(1_000);
    await caughtUp;
    expect(live.current.revision).toBe(1);
    resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(live.current.revision).toBe(2);
  });

  it('does not ask a database that is away for whoever comes', async () => {
    const source = new SmallSource();
    const { live, errors } = await follow(source);
    source.away = true;
    await vi.advanceTimersByTimeAsync(300);
    const { looks } = source;
    await Promise.all(Array.from({ length: 1000 }, () => live.catchUp()));
    expect(source.looks).toBe(looks);
    expect(errors).toHaveLength(1);
  });

  it('loads nothing when it is told of a change that it has taken in already', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    live.refresh();
    await vi.advanceTimersByTimeAsync(0);
    expect(source.reads).toBe(1);
  });

  it('loads nothing while nothing changes', async () => {
    const source = new SmallSource();
    await follow(source);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(source.reads).toBe(1);
  });

  it('stays in force while the database is away, says so, and catches up', async () => {
    const source = new SmallSource();
    const { live, errors } = await follow(source);
    source.away = true;
    source.written = 2;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live.current.revision).toBe(1);
    expect(errors).toHaveLength(1);
    expect(live.isUpToDate).toBe(false);
    source.away = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect([live.current.revision, live.isUpToDate]).toEqual([2, true]);
  });

  it('tells a writer when its change could not be taken in', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    source.away = true;
    await expect(live.reload()).rejects.toThrow('the database is away');
    expect(live.current.revision).toBe(1);
  });

  it('does not let a writer take a load for its own that began before it wrote', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    const { promise, resolve } = Promise.withResolvers<void>();
    source.gate = promise;
    const early = live.reload();
    await vi.advanceTimersByTimeAsync(0);
    source.written = 2;
    const [late, alsoLate] = [live.reload(), live.reload()];
    resolve();
    await early;
    expect(live.current.revision).toBe(1);
    await Promise.all([late, alsoLate]);
    expect(live.current.revision).toBe(2);
    expect(source.reads).toBe(3);
  });

  it('replaces the directory as a whole: who holds one keeps seeing it unchanged', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    const held = live.current;
    source.written = 2;
    await live.reload();
    expect(held.revision).toBe(1);
    expect(live.current).not.toBe(held);
  });

  it('stops asking when it is closed', async () => {
    const source = new SmallSource();
    const { live } = await follow(source);
    await live.close();
    source.written = 2;
    live.refresh();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(live.current.revision).toBe(1);
  });
});
