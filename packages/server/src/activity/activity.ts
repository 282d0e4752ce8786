import type { Action } from './actions.ts';

export type { Action } from './actions.ts';

/** Who changes something. Required by every function that does, so that no change goes unexplained. */
export interface Actor {
  readonly kind: 'person' | 'organization-token' | 'provisioning' | 'system' | 'command-line';
  /** User name of the person, label of the organization's token or connection, login name on the command line, or the part of the system. */
  readonly name: string;
  readonly id?: string;
  /** What a person acted with, if not with a browser: `pat:` and the id of the personal access token. */
  readonly via?: string;
  /** Network address that the request came from. */
  readonly address?: string;
  /** On whose behalf provisioning acts. Other organizations of the same person are not told more of it. */
  readonly organizationId?: string;
}

/** What a change was from or to. Never holds a secret, nor the hash of one. */
export type Details = Readonly<Record<string, unknown>>;

/** A change, as the one who makes it tells it. */
export interface Change {
  /** Null for what belongs to no organization. */
  readonly organizationId: string | null;
  readonly action: Action;
  /** What was changed, in words that a person searches for: a user name, a label, a namespace. */
  readonly subject: string;
  readonly before?: Details;
  readonly after?: Details;
}

/** One row of the audit log: append-only, each chained to the one before it. */
export interface Activity {
  /** 1, 2, 3, … without a gap. */
  readonly sequence: number;
  readonly organizationId: string | null;
  readonly action: Action;
  readonly actor: Omit<Actor, 'address' | 'organizationId'>;
  readonly address: string | null;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly subject: string;
  readonly before: Details | null;
  readonly after: Details | null;
  readonly previousHash: string;
  readonly hash: string;
}
