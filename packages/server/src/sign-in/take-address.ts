import type { Actor } from '../activity/activity.ts';
import type { People } from '../people/people.ts';

/**
 * Takes an address from an account that never proved it and is no member. An organization answers for the addresses of
 * its domain: whoever wrote one of them down beforehand must not become the member that the address is meant for.
 */
export async function takeAddress(
  people: Pick<People, 'updateProfile'>,
  { username }: { readonly username: string },
  actor: Actor,
): Promise<void> {
  await people.updateProfile(username, { email: null }, actor);
}
