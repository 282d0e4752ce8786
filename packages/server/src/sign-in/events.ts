import type { LiveDirectory } from '../access/directory.ts';
import type { Action, Actor, Details } from '../activity/activity.ts';
import type { Transactional } from '../activity/transactional.ts';
import type { Remote } from './authentication.ts';

export interface SignInEvent {
  readonly action: Extract<Action, `sign_in.${string}`>;
  readonly person: { readonly id: string; readonly username: string };
  readonly remote: Remote;
  /** Never a secret. */
  readonly details?: Details;
  /** Nobody has shown to be the person: it is told of them, not by them. */
  readonly byStranger?: true;
}

/** Tells of sign-ins. Each of the person's organizations sees it, for its images are what a stolen account opens. */
export type RecordSignIn = (event: SignInEvent) => Promise<void>;

export function createRecordSignIn(stores: Transactional<unknown>, directory: LiveDirectory): RecordSignIn {
  return async ({ action, person, remote: { address }, details, byStranger }) => {
    const memberships = directory.current.accountById(person.id)?.person.memberships ?? [];
    const organizations = memberships.map(({ organization }) => organization.id);
    const actor: Actor = byStranger
      ? { kind: 'system', name: 'sign-in', address }
      : { kind: 'person', id: person.id, name: person.username, address };
    await stores.change(actor, async ({ record }) => {
      for (const organizationId of organizations.length > 0 ? organizations : [null]) {
        await record({ organizationId, action, subject: person.username, ...(details && { after: details }) });
      }
    });
  };
}

/** Events that are told a moment later. */
export interface EventQueue {
  add(event: SignInEvent): void;
  /** Tells of the rest. */
  close(): Promise<void>;
}

const delayMs = 250;
/** Refusals are limited per account and address, so more than this is no people. */
const maxQueued = 10_000;

/**
 * Tells of refusals after they were answered: only those of people who exist are told of, and writing that takes time
 * that whoever tries names could measure.
 */
export function createEventQueue(record: RecordSignIn, onError: (error: unknown) => void): EventQueue {
  let queued: SignInEvent[] = [];
  let flushing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function tell(events: readonly SignInEvent[]): Promise<void> {
    for (const event of events) await record(event).catch(onError);
  }

  function flush(): void {
    const events = queued;
    queued = [];
    timer = undefined;
    flushing = flushing.then(() => tell(events));
  }

  return {
    add(event) {
      if (queued.length < maxQueued) queued.push(event);
      timer ??= setTimeout(flush, delayMs).unref();
    },
    async close() {
      clearTimeout(timer);
      flush();
      await flushing;
    },
  };
}
