import { type Actor, type Administration, type NewPerson, NotFound } from '@pullgate/server';

/** Makes the person, unless there is one of that user name. Tells whether the person is new. */
export async function ensurePerson({ people }: Administration, person: NewPerson, actor: Actor): Promise<boolean> {
  try {
    await people.byUsername(person.username);
    return false;
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    await people.create(person, actor);
    return true;
  }
}
