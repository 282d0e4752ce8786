import { type Actor, type Administration, type NewPerson, NotFound } from '@pullgate/server';
import { Failure } from './failure.ts';

/**
 * Makes the person, unless there is one of that user name. Tells whether the person is new.
 *
 * @throws Failure for an e-mail address of somebody who is here already: it would be dropped
 */
export async function ensurePerson(administration: Administration, person: NewPerson, actor: Actor): Promise<boolean> {
  if (await isKnown(administration, person.username)) {
    requireNoEmail(person);
    return false;
  }
  await administration.people.create(person, actor);
  return true;
}

/** An e-mail address is the person's own matter, from the first moment on. */
export function requireNoEmail({ username, email }: NewPerson): void {
  if (email !== undefined) throw new Failure(`${username} is here already. Leave --email out: it is for new people.`);
}

/** Whether there is a person of that user name. */
export async function isKnown({ people }: Administration, username: string): Promise<boolean> {
  try {
    await people.byUsername(username);
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
