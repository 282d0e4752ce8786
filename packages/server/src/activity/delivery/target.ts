import type { LookupFunction } from 'node:net';

/** Something that happened, on its way to somebody else's system. */
export interface Event {
  /** The same at every attempt, so that a receiver can leave out what it has already. */
  readonly id: string;
  /** The action, or `pull.refused`. */
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly document: Readonly<Record<string, unknown>>;
}

/** A system that events are delivered to. */
export interface Target {
  /** `webhook:<name>` or `syslog`: in positions, metrics and logs. Tells no address, which may hold a secret. */
  readonly name: string;
  /** Events at most that one `send` takes. */
  readonly batch: number;
  /**
   * Fulfilled when the receiver has all of them. When it is rejected, some may have arrived.
   *
   * @throws DeliveryError
   */
  send(events: readonly Event[], signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Why nothing could be delivered, in a sentence for the log. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

/** Keeps a target from being led to where the gate stands. Addresses are checked when they are connected to. */
export interface AddressGuard {
  /** Throws when the host is an IP literal that is not allowed: those are never resolved. */
  checkHost(hostname: string): void;
  readonly lookup: LookupFunction;
}
