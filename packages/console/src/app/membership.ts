import type { OwnOrganizationBody } from '@pullgate/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { organizationsQuery } from './queries.ts';

export interface Membership {
  /** Name of the organization, as in the address. */
  readonly org: string;
  readonly organization: OwnOrganizationBody;
  readonly role: 'owner' | 'editor' | 'member';
  /** Whether the viewer may change things here. Only what is shown depends on it: the server decides. */
  readonly isOwner: boolean;
}

/** Of the viewer in the organization of the address. The route makes sure that there is one. */
export function useMembership(): Membership {
  const { org } = useParams({ from: '/signed-in/console/o/$org' });
  const { data } = useSuspenseQuery(organizationsQuery);
  return membershipIn(data, org);
}

/** Throws when the viewer is no member. */
export function membershipIn(organizations: readonly OwnOrganizationBody[], org: string): Membership {
  const organization = organizations.find(({ orgname }) => orgname === org);
  if (!organization) throw new Error(`You are no member of ${org}.`);
  const role = roleOf(organization);
  return { org, organization, role, isOwner: role === 'owner' };
}

function roleOf({ user_role }: OwnOrganizationBody): Membership['role'] {
  const role = user_role.toLowerCase();
  return role === 'owner' || role === 'editor' ? role : 'member';
}
