import { mkdirSync } from 'node:fs';
import type { ArchiveLocation, ArchiveReport } from './archive-messages.ts';
import { startArchiver } from './archiver.ts';
import { isDecisionId } from './decision-id.ts';
import { lockFolder } from './folder-lock.ts';
import { JournalError, type JournalOptions, openJournal } from './journal.ts';
import { readNodeId } from './node-id.ts';
import type { PullRecord } from './pull-record.ts';
import type { PullFilter, PullStore } from './pull-store.ts';
import { recentRefusals } from './recent-refusals.ts';
import type { SealedSegment } from './segment.ts';

export interface RecorderOptions extends Pick<JournalOptions, 'segmentBytes' | 'segmentAge'> {
  /** For this process alone; created when it is missing. */
  readonly folder: string;
  /** How the archive's thread opens the database. */
  readonly archive: ArchiveLocation;
  /** The same records, read from this thread. */
  readonly store: Pick<PullStore, 'byId'>;
  /** Milliseconds that records are kept. */
  readonly retentionMs: number;
  /** Bytes of records that may wait for the database. When there are more, records are refused. */
  readonly backlogBytes?: number;
  readonly log: RecorderLog;
}

export interface RecorderLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface Recorder {
  /**
   * Records a decision. Nothing may be answered before the promise is fulfilled.
   *
   * @throws JournalError when it cannot be recorded: the pull must then be refused
   */
  record(record: PullRecord): Promise<void>;
  /** A decision by its id. Refusals are found at once, others about a second later. */
  find(id: string, filter?: Pick<PullFilter, 'organizationId'>): Promise<PullRecord | undefined>;
  /** The last refusals, which may not be stored yet, as long as records are kept. Oldest first. */
  refusals(): Iterable<PullRecord>;
  /** Records are refused, or could not be written a moment ago: their pulls were refused. The next pull tries again. */
  readonly isFailing: boolean;
  /** How many records of this process have not reached the database yet. */
  readonly pending: number;
  /** Stores what is left, for at most so many milliseconds; what is left then is stored at the next start. */
  close(limit?: number): Promise<void>;
}

const hour = 3_600_000;
/** A gate that is sent nothing, as one that is not ready, would never find out that it can write again. */
const failingMs = 10_000;

/** Opens the records of this node's pulls and takes in what an earlier process left behind. */
export function openRecorder(options: RecorderOptions): Recorder {
  const { folder, archive, store, retentionMs, log, backlogBytes = 2 ** 31, ...journalOptions } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  const refusals = recentRefusals(10_000);
  const backlog = openBacklog();
  const archiver = startArchiver({ folder, chain: readNodeId(folder), location: archive }, onReport);
  const journal = openJournal(folder, {
    ...journalOptions,
    onSealed(segment) {
      backlog.add(segment);
      archiver.order({ kind: 'store', upTo: segment.number });
    },
  });
  const retention = setInterval(removeOld, hour).unref();
  let closing: Promise<void> | undefined;
  removeOld();

  function removeOld(): void {
    archiver.order({ kind: 'remove', before: Date.now() - retentionMs });
  }

  function onReport(report: ArchiveReport): void {
    switch (report.kind) {
      case 'stored':
        backlog.remove(report.segment);
        return;
      case 'removed':
        // One batch an order, so that what is to be stored gets its turn in between.
        if (report.records > 0) archiver.order({ kind: 'remove', before: report.before });
        return;
      case 'damaged':
        log.error(report, 'A journal of pull records was changed by something else; its whole lines were stored.');
        return;
      case 'failed':
        log.warn(report, 'Pull records cannot be stored in the database now; they stay in the journal.');
    }
  }

  function append(record: PullRecord): Promise<void> {
    if (backlog.bytes > backlogBytes) {
      const sentence = `Pull records wait in ${folder} and the database takes none: check the database.`;
      return Promise.reject(new JournalError(sentence));
    }
    const written = journal.append(record);
    return record.verdict === 'deny' ? written.then(() => refusals.add(record)) : written;
  }

  async function close(limit: number): Promise<void> {
    clearInterval(retention);
    journal.close();
    await archiver.close(limit);
    if (backlog.records > 0) log.info({ records: backlog.records }, 'Pull records are stored at the next start.');
    lock.release();
  }

  return {
    record: append,
    async find(id, filter = {}) {
      if (!isDecisionId(id)) return undefined;
      const recent = refusals.byId(id);
      if (recent === undefined) return store.byId(id, filter);
      const { organizationId } = filter;
      return organizationId === undefined || organizationId === recent.organizationId ? recent : undefined;
    },
    refusals: () => refusals.since(Date.now() - retentionMs),
    get isFailing() {
      const failedAt = journal.failedAt ?? Number.NEGATIVE_INFINITY;
      return backlog.bytes > backlogBytes || Date.now() - failedAt < failingMs;
    },
    get pending() {
      return journal.unsealedRecords + backlog.records;
    },
    close(limit = 5000) {
      closing ??= close(limit);
      return closing;
    },
  };
}

/** The sealed segments that the database does not have yet. */
function openBacklog() {
  const segments = new Map<number, { readonly bytes: number; readonly records: number }>();
  let bytes = 0;
  let records = 0;
  return {
    add({ number, ...segment }: SealedSegment): void {
      const counted = { bytes: segment.bytes, records: segment.records ?? 0 };
      segments.set(number, counted);
      bytes += counted.bytes;
      records += counted.records;
    },
    remove(number: number): void {
      const segment = segments.get(number);
      if (segment === undefined) return;
      segments.delete(number);
      bytes -= segment.bytes;
      records -= segment.records;
    },
    get bytes() {
      return bytes;
    },
    get records() {
      return records;
    },
  };
}
