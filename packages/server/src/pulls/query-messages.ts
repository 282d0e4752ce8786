import type { PullQuery } from './pull-query.ts';

/** Which module opens the records' database in the readers' thread, and with what. Both must be structured-cloneable. */
export interface QueryLocation {
  /** URL of a module that exports `openPullQuery` as `QueryModule` has it. */
  readonly module: string;
  readonly database: unknown;
}

export interface QueryModule {
  openPullQuery(database: unknown): Promise<PullQuery>;
}

/** A call of a `PullQuery`'s method. */
export type QueryCall = {
  [Method in keyof PullQuery]: { readonly method: Method; readonly args: Parameters<PullQuery[Method]> };
}[keyof PullQuery];

export interface QueryOrder {
  readonly number: number;
  readonly call: QueryCall;
}

export type QueryReport =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly reason: string };
