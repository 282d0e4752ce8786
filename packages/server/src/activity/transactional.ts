import type { Actor, Change } from './activity.ts';

/** What a change has beside the stores. */
export interface ChangeContext {
  /** The time of the whole change: milliseconds since 1970. */
  readonly at: number;
  /** Appends to the activity, in the same transaction. */
  readonly record: (change: Change) => Promise<void>;
}

/** Stores to read from, and to change all together or not at all. */
export interface Transactional<Stores> {
  readonly read: Stores;
  /**
   * Runs `work` in one transaction that also raises the revision, so that every live directory takes the change in.
   * Changes run one after another, on all nodes: what `work` reads stays true until it is committed. Whatever it throws
   * undoes everything.
   */
  change<T>(actor: Actor, work: (stores: Stores & ChangeContext) => Promise<T>): Promise<T>;
}
