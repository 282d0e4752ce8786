import { NotFound } from '../administration-error.ts';
import type { Member, MembershipStore } from './members.ts';
import type { OrganizationAccount } from './organizations.ts';

/** @param person user name or e-mail address, in any case. @throws NotFound */
export async function requireMember(
  memberships: MembershipStore,
  organization: OrganizationAccount,
  person: string,
): Promise<Member> {
  const member = await memberships.find(organization.id, person.toLowerCase());
  if (member) return member;
  throw new NotFound(`The member ${JSON.stringify(person)} was not found in ${organization.name}.`, 'person');
}
