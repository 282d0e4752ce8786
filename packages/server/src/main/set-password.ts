import type { Actor } from '../activity/activity.ts';
import type { Stores } from '../database/stores.ts';
import { requirePerson } from '../people/people.ts';
import { recordOfPerson } from '../people/record-of-person.ts';
import { createPasswordHashes, passwordCost, requireGoodPassword } from '../sign-in/password-hash.ts';

/** Sets a password beside a running gate, which takes it in within a second. @throws NotFound, InvalidInput */
export async function setPassword(stores: Stores, username: string, password: string, actor: Actor): Promise<void> {
  requireGoodPassword(password);
  const hash = await createPasswordHashes(passwordCost).hash(password);
  await stores.change(actor, async (writing) => {
    const { id } = await requirePerson(writing.people, username);
    await writing.signIn.setPassword(id, hash, writing.at);
    await recordOfPerson(writing, id, { action: 'sign_in.password.set', subject: username });
  });
}
