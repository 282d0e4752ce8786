import { type Role, roles } from '@pullgate/policy';
import type { ChangeContext } from '../activity/transactional.ts';
import { InvalidInput, LastOwner } from '../administration-error.ts';
import type { Member, MembershipStore } from './members.ts';
import type { OrganizationAccount } from './organizations.ts';

type Stores = ChangeContext & { readonly memberships: MembershipStore };

/** @throws InvalidInput */
export function checkRole(role: string): void {
  if ((roles as readonly string[]).includes(role)) return;
  throw new InvalidInput('role', `A role is one of ${roles.join(', ')}.`);
}

/** Changes the role of a member, and tells of it. @throws LastOwner */
export async function changeMemberRole(
  { memberships, record }: Stores,
  organization: OrganizationAccount,
  member: Member,
  role: Role,
): Promise<void> {
  if (member.role === role) return;
  if (member.role === 'owner') await requireOtherOwner(memberships, organization, member);
  await memberships.setRole(organization.id, member.personId, role);
  const [action, subject] = ['org.member.role.change', member.username] as const;
  await record({ organizationId: organization.id, action, subject, before: { role: member.role }, after: { role } });
}

/**
 * An owner who cannot sign in does not count: nobody would be left to let others in. Nor does a team that has the role,
 * for it can be emptied or deleted without looking here.
 *
 * @throws LastOwner
 */
export async function requireOtherOwner(
  memberships: MembershipStore,
  organization: OrganizationAccount,
  owner: { readonly personId: string; readonly username: string },
): Promise<void> {
  const owners = await memberships.activeOwners(organization.id);
  if (owners.some((id) => id !== owner.personId)) return;
  throw new LastOwner(
    `${owner.username} is the last owner of ${organization.name}. Make somebody else an owner first.`,
  );
}
