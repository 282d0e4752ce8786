import type { Attempts } from './attempts.ts';
import type { Remote } from './authentication.ts';
import type { Enforcement } from './enforcement.ts';
import type { EventQueue } from './events.ts';
import { type PasswordHashes, PasswordsBusy } from './password-hash.ts';
import type { SignInPerson, SignInStore } from './sign-in-store.ts';

export type CheckedPassword =
  | { readonly outcome: 'right'; readonly person: SignInPerson }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'single-sign-on' }
  | { readonly outcome: 'limited'; readonly retryAfterSeconds: number };

export type CheckPassword = (identifier: string, password: string, remote: Remote) => Promise<CheckedPassword>;

export interface CheckPasswordOptions {
  readonly store: Pick<SignInStore, 'credentials'>;
  readonly hashes: PasswordHashes;
  readonly attempts: Attempts;
  readonly enforcement: Enforcement;
  readonly events: Pick<EventQueue, 'add'>;
}

const busySeconds = 5;

/**
 * Checks a password against a person's. Somebody unknown, somebody without a password, somebody who has to use single
 * sign-on and a wrong one take the same work and get the same answer. That single sign-on is enforced is told of an
 * address for its domain alone, whoever has it: also to owners who mistype.
 */
export function createCheckPassword(options: CheckPasswordOptions): CheckPassword {
  const { store, hashes, attempts, enforcement, events } = options;

  return async (identifier, password, remote) => {
    // A NUL is in nobody's name, and PostgreSQL cannot even be asked for one.
    const name = identifier.includes('\0') ? '' : identifier.toLowerCase();
    const refusal = (await enforcement.holdsFor(name)) ? 'single-sign-on' : 'refused';
    const found = await store.credentials(name);
    // By the name that was given: counted together, user name and address would tell that they are one person's.
    const attempt = attempts.begin(name, remote.address);
    if ('retryAfterSeconds' in attempt) {
      const { retryAfterSeconds, isFirst } = attempt;
      if (isFirst && found) events.add({ action: 'sign_in.limit', person: found.person, remote, byStranger: true });
      return { outcome: 'limited', retryAfterSeconds };
    }
    try {
      const isRight = await hashes.verify(found?.passwordHash, password);
      if (isRight && found?.person.isActive && !(await enforcement.binds(found.person))) {
        attempt.succeeded();
        return { outcome: 'right', person: found.person };
      }
    } catch (error) {
      if (!(error instanceof PasswordsBusy)) throw error;
      return { outcome: 'limited', retryAfterSeconds: busySeconds };
    }
    if (found) {
      const details = { method: 'password' };
      events.add({ action: 'sign_in.failure', person: found.person, remote, details, byStranger: true });
    }
    return { outcome: refusal };
  };
}
