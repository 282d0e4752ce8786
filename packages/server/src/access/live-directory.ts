import type { Soon } from '../soon.ts';
import { buildDirectory, type DirectoryRows } from './build-directory.ts';
import type { Credential, Directory, LiveDirectory } from './directory.ts';

/** Where directories come from. */
export interface DirectoryReader {
  /** Cheap: it is asked several times a second. */
  revision(): Promise<number>;
  /** Everything, as of one moment. */
  read(): Promise<DirectoryRows>;
}

/**
 * A change counts on every other node within one second; this leaves room for a slow load. A database that tells of
 * changes makes it faster, and is not relied on.
 */
const pollInterval = 250; // ms

/** A database that hangs does not hold up an answer for longer. */
const catchUpLimit = 1000; // ms

/** The directory in force, of a process that follows the changes of all. */
export interface FollowingDirectory extends LiveDirectory {
  /** Looks now, instead of at the next poll, whether there was a change. */
  refresh(): void;
  /**
   * Takes in what other processes have written until now, if the database answers within a second. Never rejects. Calls
   * at the same time share one look, so it may be asked for whoever claims to be new.
   */
  catchUp(): Promise<void>;
  /** Whether the last look for changes succeeded. While it does not, an older directory is in force. */
  readonly isUpToDate: boolean;
  close(): Promise<void>;
}

/** A directory that can be told to look for changes. */
export type CatchingUp = Pick<FollowingDirectory, 'current' | 'catchUp'>;

/**
 * What the directory knows; or comes to know, of what another process has just written: a script creates a token and signs
 * in with it at once.
 */
export function orWhenCaughtUp(
  directory: CatchingUp,
  find: () => Credential | undefined,
): Soon<Credential | undefined> {
  return find() ?? directory.catchUp().then(find);
}

/**
 * Loads the directory and follows the changes that any process makes. A poll that fails leaves the last directory in
 * force: people keep pulling what they may while the database is away.
 *
 * @param onError is told when polls begin to fail.
 */
export async function openLiveDirectory(
  reader: DirectoryReader,
  onError: (error: unknown) => void,
): Promise<FollowingDirectory> {
  let current: Directory = buildDirectory(await reader.read());
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let polling: Promise<void> | undefined;
  let isUpToDate = true;
  let closed = false;

  async function load(): Promise<void> {
    current = buildDirectory(await reader.read());
  }

  function start(): Promise<void> {
    running = load().finally(() => {
      running = undefined;
    });
    return running;
  }

  /** A load that is under way may have read before the caller wrote, so the caller waits for one that begins now. */
  function reload(): Promise<void> {
    if (running === undefined) return start();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  }

  async function poll(): Promise<void> {
    try {
      if ((await reader.revision()) !== current.revision) await reload();
      isUpToDate = true;
    } catch (error) {
      if (isUpToDate) onError(error);
      isUpToDate = false;
    } finally {
      polling = undefined;
    }
  }

  async function catchUp(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, catchUpLimit);
    await Promise.race([look(), late]);
    clearTimeout(timer);
  }

  async function look(): Promise<void> {
    // One that is under way may have looked before somebody wrote.
    await polling;
    // A database that is away is not asked by everybody who was refused.
    if (isUpToDate && !closed) polling ??= poll();
    await polling;
  }

  const timer = setInterval(() => {
    polling ??= poll();
  }, pollInterval).unref();

  return {
    get current() {
      return current;
    },
    get isUpToDate() {
      return isUpToDate;
    },
    reload,
    refresh: () => void look(),
    catchUp,
    async close() {
      closed = true;
      clearInterval(timer);
      await Promise.allSettled([polling, running, next]);
    },
  };
}
