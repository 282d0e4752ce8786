import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databasePullStore, pullArchiveLocation } from '../../src/database/pull-store.ts';
import { openDatabase } from '../../src/database/sqlite.ts';
import { JournalError } from '../../src/pulls/journal.ts';
import { openRecorder, type RecorderOptions } from '../../src/pulls/recorder.ts';
import { listSegments } from '../../src/pulls/segment.ts';
import { verifyChains } from '../../src/pulls/verify.ts';
import { pullRecord, pullRecords } from './pull-records.ts';
import { quietLog } from './quiet-log.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { nowhere } from './unsteady-archive.ts';

/** Milliseconds for the archive's thread, which a busy machine takes long to start. The product's own limit is for stopping. */
const unhurried = 60_000;

async function openTestRecorder() {
  const folder = temporaryFolder();
  const file = join(folder, 'pulls.db');
  const journal = join(folder, 'journal');
  const database = await openDatabase({ file, durability: 'relaxed' });
  onTestFinished(() => database.destroy());
  const store = databasePullStore(database);
  const log = quietLog();
  const open = (changes: Partial<RecorderOptions> = {}) => {
    const archive = pullArchiveLocation({ kind: 'sqlite', file, durability: 'relaxed' });
    const recorder = openRecorder({ folder: journal, archive, store, retentionMs: 1e13, log, ...changes });
    onTestFinished(() => recorder.close(0));
    return recorder;
  };
  return { open, store, log, journal, file };
}

describe('recording', () => {
  test('what was recorded is in the database, as one chain, after it is closed', async () => {
    const { open, store, journal } = await openTestRecorder();
    const records = pullRecords(2000, (at) => ({ at }));
    const first = open({ segmentBytes: 100_000 });
    await Promise.all(records.slice(0, 1500).map((record) => first.record(record)));
    await first.close(unhurried);
    const second = open();
    await Promise.all(records.slice(1500).map((record) => second.record(record)));
    await second.close(unhurried);
    const { records: latest } = await store.latest(5000);
    expect(latest.toReversed()).toEqual(records);
    expect(listSegments(journal)).toEqual([]);
    expect(await verifyChains(store)).toEqual({ records: 2000, broken: [] });
    expect(await store.chainEnds()).toHaveLength(1);
  });

  test('reaches the database without anybody closing', async () => {
    const { open, store } = await openTestRecorder();
    const recorder = open({ segmentAge: 1 });
    const record = pullRecord({ verdict: 'allow' });
    await recorder.record(record);
    await expect.poll(() => store.byId(record.id), { timeout: 10_000 }).toEqual(record);
    await expect.poll(() => recorder.pending, { timeout: 10_000 }).toBe(0);
  });

  test('counts what the database does not have yet', async () => {
    const { open } = await openTestRecorder();
    const recorder = open({ archive: { module: nowhere, database: undefined }, segmentBytes: 1000 });
    for (const record of pullRecords(10)) await recorder.record(record);
    expect(recorder.pending).toBe(10);
  });

  test('another process is told that the folder is in use', async () => {
    const { open } = await openTestRecorder();
    const first = open();
    expect(() => open()).toThrow(/journal is in use by another Pullgate process/);
    await first.close(unhurried);
    await open().close(unhurried);
  });
});

describe('a database that is away', () => {
  test('is tried again until it is back; nothing is lost and nothing stored twice', async () => {
    const { open, store, log, file } = await openTestRecorder();
    const module = new URL('./unsteady-archive.ts', import.meta.url).href;
    const recorder = open({ archive: { module, database: file }, segmentBytes: 1000 });
    const records = pullRecords(30);
    for (const record of records) await recorder.record(record);
    await recorder.close(unhurried);
    expect((await store.latest(100)).records.map(({ id }) => id).toSorted()).toEqual(
      records.map(({ id }) => id).toSorted(),
    );
    expect(await verifyChains(store)).toEqual({ records: 30, broken: [] });
    const tries = log.lines.flatMap(([, details]) => ('retryIn' in details ? [details.retryIn] : []));
    expect(tries).toEqual([undefined, 100, 200, 400]);
  });

  test('does not hold up the end: what is left is stored at the next start', async () => {
    const { open, store, journal, log } = await openTestRecorder();
    const recorder = open({ archive: { module: nowhere, database: undefined } });
    const record = pullRecord();
    await recorder.record(record);
    await recorder.close(10);
    expect(listSegments(journal)).toEqual([1]);
    expect(log.lines).toContainEqual(['info', { records: 1 }, 'Pull records are stored at the next start.']);
    await open().close(unhurried);
    expect(await store.byId(record.id)).toEqual(record);
  });

  test('ends in refusals, not in a disk full of records', async () => {
    const { open } = await openTestRecorder();
    const recorder = open({
      archive: { module: nowhere, database: undefined },
      segmentBytes: 1000,
      backlogBytes: 3000,
    });
    const recordMany = async () => {
      for (const record of pullRecords(20)) await recorder.record(record);
    };
    expect(recorder.isFailing).toBe(false);
    await expect(recordMany()).rejects.toThrow(JournalError);
    expect(recorder.isFailing).toBe(true);
  });
});

describe('finding', () => {
  test('a refusal is found at once, by the id in its link', async () => {
    const { open } = await openTestRecorder();
    const recorder = open({ archive: { module: nowhere, database: undefined } });
    const record = pullRecord();
    await recorder.record(record);
    expect(await recorder.find(record.id)).toEqual(record);
  });

  test('a refusal of an earlier process is found in the database', async () => {
    const { open } = await openTestRecorder();
    const first = open();
    const record = pullRecord();
    await first.record(record);
    await first.close(unhurried);
    expect(await open().find(record.id)).toEqual(record);
  });

  test.each([
    ['of the organization', 'acme', true],
    ['of another one', 'other', false],
  ])('a refusal is shown to whoever reads for an organization: %s', async (_description, organizationId, shown) => {
    const { open } = await openTestRecorder();
    const recorder = open();
    const record = pullRecord({ organizationId: 'acme' });
    await recorder.record(record);
    const expected = shown ? record : undefined;
    expect(await recorder.find(record.id, { organizationId })).toEqual(expected);
    await recorder.close(unhurried);
    expect(await open().find(record.id, { organizationId })).toEqual(expected);
  });

  test('a record that was not written is not found: nothing was decided', async () => {
    const { open } = await openTestRecorder();
    const recorder = open();
    await recorder.close(unhurried);
    const record = pullRecord();
    await expect(recorder.record(record)).rejects.toThrow(JournalError);
    expect(await recorder.find(record.id)).toBeUndefined();
  });

  test.each(['', 'x', '../../etc/passwd', "' or 1=1", 'UPPERCASEISNO', 'a'.repeat(1e6)])(
    'what is no id is not looked for: %.20s',
    async (id) => {
      const { open } = await openTestRecorder();
      const store = { byId: () => Promise.reject(new Error('asked the database')) };
      expect(await open({ store }).find(id)).toBeUndefined();
    },
  );
});

test('records older than the retention time are removed, younger ones stay', async () => {
  const { open, store } = await openTestRecorder();
  const first = open();
  const old = pullRecords(3, () => ({ at: Date.now() - 10_000_000 }));
  const young = pullRecords(2, () => ({ at: Date.now() }));
  await Promise.all([...old, ...young].map((record) => first.record(record)));
  await first.close(unhurried);
  await open({ retentionMs: 5_000_000 }).close(unhurried);
  expect((await store.latest(10)).records.map(({ id }) => id).toSorted()).toEqual(young.map(({ id }) => id).toSorted());
  expect(await verifyChains(store)).toEqual({ records: 2, broken: [] });
});
