import type { Role } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { PersonAccount } from '../people/people.ts';
import type { Member } from './members.ts';

/** Somebody whom an identity provider vouches for. */
export interface ProvisionedPerson {
  readonly email: string;
  /** How the person is called. */
  readonly name?: string;
  /** What a new account is called; made from the address when absent or taken. */
  readonly username?: string;
  /** Of a new member: a plain one when absent. A member's role is changed only when it is given. */
  readonly role?: Role;
  /** Name of the team to join, made when it is missing; `company` when absent. */
  readonly team?: string;
}

export interface Provisioned {
  readonly person: PersonAccount;
  readonly member: Member;
  /** Whether the account is new. */
  readonly created: boolean;
}

/** What identity providers do: single sign-on on the first visit, and SCIM. */
export interface Provisioning {
  /**
   * Account, membership and team, whatever of them is missing, all or nothing.
   *
   * @throws NotFound, InvalidInput, LastOwner
   */
  provision(organization: string, person: ProvisionedPerson, actor: Actor): Promise<Provisioned>;
}
