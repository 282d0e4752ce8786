import type { Change } from '../activity/activity.ts';
import type { ChangeContext } from '../activity/transactional.ts';
import type { MembershipStore } from '../organizations/members.ts';

/**
 * Tells of a person, or of what is the person's own, in each organization of theirs: its images are what the person opens,
 * and its owners read no other activity. Of who is in none, the installation is told.
 */
export async function recordOfPerson(
  { memberships, record }: { readonly memberships: MembershipStore } & Pick<ChangeContext, 'record'>,
  personId: string,
  change: Omit<Change, 'organizationId'>,
): Promise<void> {
  const own = await memberships.ofPerson(personId);
  const organizations = own.map(({ organizationId }) => organizationId);
  for (const organizationId of organizations.length > 0 ? organizations : [null]) {
    await record({ organizationId, ...change });
  }
}
