import { closeSync, constants, openSync, readdirSync, readFileSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { JournalError, type JournalOptions, openJournal } from '../../src/pulls/journal.ts';
import { storable } from '../../src/pulls/journal-line.ts';
import { readRecords, wholeLines } from '../../src/pulls/read-segment.ts';
import { listSegments, type SealedSegment, segmentName } from '../../src/pulls/segment.ts';
import { anyPullRecord, pullRecord, pullRecords } from './pull-records.ts';
import { temporaryFolder } from './temporary-folder.ts';

function openTestJournal(options: JournalOptions = {}) {
  const folder = temporaryFolder();
  const sealed: SealedSegment[] = [];
  const journal = openJournal(folder, { onSealed: (segment) => sealed.push(segment), ...options });
  onTestFinished(() => journal.close());
  const content = () =>
    listSegments(folder).flatMap(
      (number) => readRecords(wholeLines(readFileSync(join(folder, segmentName(number)), 'utf8'))).records,
    );
  return { folder, journal, sealed, content };
}

describe('appending', () => {
  test('whatever was appended in whatever turns is in the files, in order, each once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyPullRecord, { maxLength: 8 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 3000 }),
        async (turns, segmentBytes) => {
          const { journal, content } = openTestJournal({ segmentBytes });
          for (const records of turns) await Promise.all(records.map((record) => journal.append(record)));
          journal.close();
          expect(content()).toEqual(turns.flat().map(storable));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a record is in the file when its promise is fulfilled', async () => {
    const { journal, content } = openTestJournal();
    const record = pullRecord();
    await journal.append(record);
    expect(content()).toEqual([record]);
  });

  test('all records of one turn of the event loop take one write', async () => {
    const write = vi.fn((fd: number, bytes: Uint8Array) => writeSync(fd, bytes));
    const { journal, content } = openTestJournal({ write });
    const first = pullRecords(100).map((record) => journal.append(record));
    await Promise.all(first);
    expect(write).toHaveBeenCalledTimes(1);
    await journal.append(pullRecord());
    expect(write).toHaveBeenCalledTimes(2);
    expect(content()).toHaveLength(101);
  });

  test('nobody else may read the files', async () => {
    const { folder, journal } = openTestJournal();
    await journal.append(pullRecord());
    const { statSync } = await import('node:fs');
    expect(statSync(join(folder, segmentName(1))).mode & 0o777).toBe(0o600);
  });

  test('a journal that is closed writes what waits and takes no more', async () => {
    const { journal, content } = openTestJournal();
    const last = journal.append(pullRecord());
    journal.close();
    await last;
    await expect(journal.append(pullRecord())).rejects.toThrow(JournalError);
    expect(content()).toHaveLength(1);
  });
});

describe('segments', () => {
  test('are sealed by size, and say what they hold', async () => {
    const { journal, sealed } = openTestJournal({ segmentBytes: 500 });
    for (const record of pullRecords(6)) await journal.append(record);
    expect(sealed.map(({ number, records }) => [number, records])).toEqual([
      [1, 3],
      [2, 3],
    ]);
  });

  test('are sealed by age, so that records reach the database although nobody pulls', async () => {
    const seal = Promise.withResolvers<SealedSegment>();
    const { journal } = openTestJournal({ segmentAge: 1, onSealed: seal.resolve });
    await journal.append(pullRecord());
    await expect(seal.promise).resolves.toMatchObject({ number: 1, records: 1 });
    expect(journal.unsealedRecords).toBe(0);
  });

  test('there is none while nothing is recorded', async () => {
    const { folder, journal } = openTestJournal();
    journal.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('those of an earlier process are reported and never appended to', async () => {
    const { folder, journal } = openTestJournal();
    await journal.append(pullRecord());
    journal.close();
    const sealed: SealedSegment[] = [];
    const next = openJournal(folder, { onSealed: (segment) => sealed.push(segment) });
    await next.append(pullRecord());
    next.close();
    expect(sealed.map(({ number, records }) => [number, records])).toEqual([
      [1, undefined],
      [2, 1],
    ]);
  });
});

describe('a disk that is full', () => {
  test('refuses the record, with the reason', async () => {
    const full = openSync('/dev/full', constants.O_WRONLY);
    onTestFinished(() => closeSync(full));
    const { journal, content } = openTestJournal({ write: (_fd, bytes) => writeSync(full, bytes) });
    expect(journal.failedAt).toBeUndefined();
    await expect(journal.append(pullRecord())).rejects.toThrow(/^Cannot record pulls in .*ENOSPC/);
    expect(content()).toEqual([]);
    expect(Date.now() - (journal.failedAt ?? 0)).toBeLessThan(60_000);
  });

  test('refuses every record of the turn', async () => {
    const { journal } = openTestJournal({ write: fillsUpAfter(500) });
    const outcomes = await Promise.allSettled(pullRecords(5).map((record) => journal.append(record)));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  });

  test('leaves nothing of a write that was taken in part: those pulls were refused', async () => {
    const { journal, content } = openTestJournal({ write: fillsUpAfter(1000) });
    const kept = pullRecord();
    await journal.append(kept);
    await expect(Promise.all(pullRecords(5).map((record) => journal.append(record)))).rejects.toThrow(JournalError);
    expect(content()).toEqual([kept]);
  });

  test('is forgotten once it takes bytes again', async () => {
    let full = true;
    const write = (fd: number, bytes: Uint8Array) => (full ? 0 : writeSync(fd, bytes));
    const { journal, content } = openTestJournal({ write });
    await expect(journal.append(pullRecord())).rejects.toThrow('the disk takes no more');
    full = false;
    const record = pullRecord();
    await journal.append(record);
    expect(content()).toEqual([record]);
    expect(journal.failedAt).toBeUndefined();
  });

  test('a write that is taken piece by piece is whole in the end', async () => {
    const { journal, content } = openTestJournal({
      write: (fd, bytes) => writeSync(fd, bytes, 0, Math.min(7, bytes.length)),
    });
    const records = pullRecords(3);
    await Promise.all(records.map((record) => journal.append(record)));
    expect(content()).toEqual(records);
  });
});

test('a link that somebody put in the place of the next segment is not followed', async () => {
  const { folder, journal } = openTestJournal();
  symlinkSync(join(folder, 'elsewhere'), join(folder, segmentName(1)));
  await expect(journal.append(pullRecord())).rejects.toThrow(/EEXIST/);
  await nextTurn();
  expect(readdirSync(folder)).toEqual([segmentName(1)]);
});

/** Takes so many bytes in all, in part if need be, and then none. */
function fillsUpAfter(bytes: number) {
  let room = bytes;
  return (fd: number, chunk: Uint8Array) => {
    if (room === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const taken = writeSync(fd, chunk, 0, Math.min(room, chunk.length));
    room -= taken;
    return taken;
  };
}
