import { closeSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { journalLine } from './journal-line.ts';
import type { PullRecord } from './pull-record.ts';
import { listSegments, type SealedSegment, segmentName } from './segment.ts';

export interface JournalOptions {
  /** A segment is sealed once it has this many bytes. */
  readonly segmentBytes?: number;
  /** Milliseconds after which a segment is sealed even when it is small, so that its records reach the database. */
  readonly segmentAge?: number;
  /** Called with each segment that is never appended to again, oldest first, also with those found at the start. */
  readonly onSealed?: (segment: SealedSegment) => void;
  /** Appends to a file and returns how many bytes it took. Node's own, except where a test fills the disk. */
  readonly write?: (fd: number, bytes: Uint8Array) => number;
}

/** Records on their way to the database, one line each, in the files of a folder. */
export interface Journal {
  /**
   * Appends a record. Once the promise is fulfilled, the end of this process, however sudden, does not lose it.
   *
   * @throws JournalError when the record is not written: what it allows must then be refused
   */
  append(record: PullRecord): Promise<void>;
  /** How many records the segment holds that is being written. */
  readonly unsealedRecords: number;
  /** Milliseconds since 1970 of the last write, if that failed. */
  readonly failedAt: number | undefined;
  /** Writes what is waiting and seals the last segment. */
  close(): void;
}

export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** All appends of one turn of the event loop: one write, one promise. */
interface Turn {
  bytes: number;
  records: number;
  readonly written: PromiseWithResolvers<void>;
}

const initialTurnBytes = 64 * 1024;
const endOfLine = 0x0a;

interface OpenSegment {
  readonly number: number;
  readonly fd: number;
  records: number;
  bytes: number;
}

/**
 * Opens the journal of a folder that this process has locked.
 *
 * There is no fsync: the kernel keeps what was written whatever happens to the process, and only a power cut can lose
 * the last seconds. Waiting for the disk at each pull would cost more than everything else that the gate does.
 */
export function openJournal(folder: string, options: JournalOptions = {}): Journal {
  const { segmentBytes = 4 << 20, segmentAge = 1000, write = writeSync, onSealed = () => {} } = options;
  let number = 0;
  let segment: OpenSegment | undefined;
  let failedAt: number | undefined;
  let turn: Turn | undefined;
  let age: NodeJS.Timeout | undefined;
  let closed = false;
  /** The lines of the turn. One memory for all turns: joining strings first would cost as much as making them. */
  let lines = Buffer.allocUnsafeSlow(initialTurnBytes);

  for (number of listSegments(folder)) {
    onSealed({ number, records: undefined, bytes: statSync(join(folder, segmentName(number))).size });
  }

  function openSegment(): OpenSegment {
    number += 1;
    const fd = openSync(join(folder, segmentName(number)), 'ax', 0o600);
    age = setTimeout(seal, segmentAge).unref();
    return { number, fd, records: 0, bytes: 0 };
  }

  function seal(): void {
    if (segment === undefined) return;
    clearTimeout(age);
    const { fd, ...sealed } = segment;
    segment = undefined;
    closeSync(fd);
    onSealed(sealed);
  }

  function writeTurn({ bytes, records }: Turn): void {
    segment ??= openSegment();
    try {
      writeWhole(segment.fd, lines.subarray(0, bytes), write);
    } catch (cause) {
      takeBack(segment);
      throw cause;
    }
    segment.records += records;
    segment.bytes += bytes;
    if (segment.bytes >= segmentBytes) seal();
  }

  /** What was written in part was never acknowledged: the pulls are refused, so the records must not say otherwise. */
  function takeBack({ fd, bytes }: OpenSegment): void {
    try {
      ftruncateSync(fd, bytes);
    } catch {
      // The torn line stays the last one of its segment, where its reader expects it.
      seal();
    }
  }

  function flush(): void {
    if (turn === undefined) return;
    const { written } = turn;
    try {
      writeTurn(turn);
      failedAt = undefined;
      written.resolve();
    } catch (cause) {
      failedAt = Date.now();
      written.reject(new JournalError(`Cannot record pulls in ${folder}: ${reasonOf(cause)}`, { cause }));
    } finally {
      turn = undefined;
    }
  }

  /**
   * setImmediate runs after all sockets that were ready have been read, so one write serves every request of the turn.
   * A microtask would run after each single request.
   */
  function beginTurn(): Turn {
    setImmediate(flush);
    return { bytes: 0, records: 0, written: Promise.withResolvers() };
  }

  function addLine(to: Turn, line: string): void {
    // Of a text of so many UTF-16 units, UTF-8 makes at most three times as many bytes.
    const room = to.bytes + 3 * line.length + 1;
    if (room > lines.length) lines = Buffer.concat([lines.subarray(0, to.bytes)], 2 * room);
    to.bytes += lines.write(line, to.bytes);
    lines[to.bytes++] = endOfLine;
    to.records += 1;
  }

  return {
    append(record) {
      if (closed) return Promise.reject(new JournalError('The journal of pulls is closed: the gate is stopping.'));
      turn ??= beginTurn();
      addLine(turn, journalLine(record));
      return turn.written.promise;
    },
    get failedAt() {
      return failedAt;
    },
    get unsealedRecords() {
      return segment?.records ?? 0;
    },
    close() {
      closed = true;
      flush();
      seal();
    },
  };
}

function writeWhole(fd: number, bytes: Buffer, write: (fd: number, bytes: Uint8Array) => number): void {
  // POSIX write may take less than it is given, on a disk that has become full for one.
  for (let rest = bytes; rest.length > 0; ) {
    const taken = write(fd, rest);
    if (taken === 0) throw new Error('the disk takes no more');
    rest = rest.subarray(taken);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
