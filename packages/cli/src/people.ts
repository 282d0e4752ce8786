import { type Actor, type Administration, type NewPerson, NotFound } from '@pullgate/server';

/** Makes the person, unless there is one of that user name. Tells whether the person is new. */
export async function ensurePerson(administration: Administration, person: NewPerson, actor: Actor): Promise<boolean> {
  if (await isKnown(administration, person.username)) return false;
  await administration.people.create(person, actor);
  return true;
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
