import type { PullArchive } from './pull-store.ts';

/** Which module opens the records' database in the archive's thread, and with what. Both must be structured-cloneable. */
export interface ArchiveLocation {
  /** URL of a module that exports `openPullArchive` as `ArchiveModule` has it. */
  readonly module: string;
  readonly database: unknown;
}

export interface ArchiveModule {
  openPullArchive(database: unknown): Promise<PullArchive>;
}

/** What the archive's thread is told. */
export type ArchiveOrder =
  /** Segments up to this number are sealed. */
  | { readonly kind: 'store'; readonly upTo: number }
  /** Remove one batch of what is older. */
  | { readonly kind: 'remove'; readonly before: number }
  | { readonly kind: 'close' };

/** What it tells. */
export type ArchiveReport =
  | { readonly kind: 'stored'; readonly segment: number }
  | { readonly kind: 'removed'; readonly before: number; readonly records: number }
  | { readonly kind: 'damaged'; readonly file: string; readonly lines: number }
  /** Milliseconds until the next try; undefined when there is none until the next order. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryIn: number | undefined };

export interface ArchiveTask {
  readonly folder: string;
  readonly chain: string;
  readonly location: ArchiveLocation;
}
