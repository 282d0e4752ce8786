import type { Role } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { Member } from '../organizations/members.ts';
import type { PersonAccount } from '../people/people.ts';

/** Somebody who may join an organization. It is gone as soon as it is accepted or cancelled. */
export interface Invitation {
  /** UUID. */
  readonly id: string;
  readonly organizationId: string;
  /** As it was given: a user name or an e-mail address. */
  readonly invitee: string;
  /** In lower case, when an address was invited. */
  readonly email: string | null;
  /** The account that was invited, if there was one: then it is for nobody else. */
  readonly personId: string | null;
  readonly role: Role;
  /** Name of the team to join; null for none. */
  readonly team: string | null;
  /** Name of the actor. */
  readonly invitedBy: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. From then on the link opens nothing; sending it again makes a new one. */
  readonly expiresAt: number;
}

/** An invitation with the text that its link ends in: the only time that anybody sees it. */
export interface IssuedInvitation {
  readonly invitation: Invitation;
  readonly secret: string;
}

/** What became of one of those who were to be invited. */
export type InvitationResult =
  /** `secret` is absent when the same invitation was pending already: its link stays good. */
  | {
      readonly outcome: 'invited';
      readonly invitee: string;
      readonly invitation: Invitation;
      readonly secret?: string;
    }
  | { readonly outcome: 'already-member'; readonly invitee: string }
  /** Neither an e-mail address nor anybody's user name. */
  | { readonly outcome: 'invalid'; readonly invitee: string };

export interface BulkInvitation {
  /** User names or e-mail addresses. */
  readonly invitees: readonly string[];
  /** A plain member when absent. */
  readonly role?: Role;
  /** Name of the team to join. */
  readonly team?: string;
  /** Tells what would happen, and changes nothing. */
  readonly dryRun?: boolean;
}

/** What somebody who holds a link is shown before accepting. */
export interface InvitationPreview {
  readonly invitation: Invitation;
  readonly organization: { readonly name: string; readonly fullName: string };
  /** User name that has to accept it; undefined when a new account may. */
  readonly username: string | undefined;
}

/** Who accepts: a person who has signed in, or a new one. */
export type Accepting =
  | { readonly username: string }
  | { readonly newPerson: { readonly username: string; readonly name?: string } };

export interface Accepted {
  readonly organization: string;
  readonly person: PersonAccount;
  readonly member: Member;
}

/** Every look-up carries the organization, but `locate`, which only tells whose owners may go on. */
export interface InvitationStore {
  /** @param teamId of the team that `team` names. */
  insert(invitation: Invitation, teamId: number | null, secretHash: string): Promise<void>;
  find(organizationId: string, id: string): Promise<Invitation | undefined>;
  /** Id of the organization. */
  locate(id: string): Promise<string | undefined>;
  bySecretHash(hash: string): Promise<Invitation | undefined>;
  /** Of a person, or of an address. */
  pendingFor(
    organizationId: string,
    invitee: { personId: string | null; email: string | null },
  ): Promise<Invitation | undefined>;
  /** Oldest first. */
  list(organizationId: string): Promise<readonly Invitation[]>;
  update(
    organizationId: string,
    id: string,
    change: { role?: Role; teamId?: number | null; secretHash?: string; expiresAt?: number },
  ): Promise<void>;
  delete(organizationId: string, id: string): Promise<void>;
  /** All that are for this person, by account or by address. */
  deleteFor(organizationId: string, person: { id: string; email: string | null }): Promise<void>;
}

/** Organizations are given by their names. */
export interface Invitations {
  /**
   * Results come in the order of the invitees. One that is pending already is returned again: a request that is repeated
   * does no harm. With another role or team it is changed, and gets a new link; the one before opens nothing any more.
   *
   * @throws NotFound, InvalidInput, LimitReached
   */
  invite(organization: string, bulk: BulkInvitation, actor: Actor): Promise<readonly InvitationResult[]>;
  /** Pending ones, expired or not, oldest first. @throws NotFound */
  list(organization: string): Promise<readonly Invitation[]>;
  /** Name of the organization that an invitation belongs to, for who has only its id. @throws NotFound */
  organizationOf(id: string): Promise<string>;
  /** Makes a new link; the one before opens nothing any more. @throws NotFound */
  resend(organization: string, id: string, actor: Actor): Promise<IssuedInvitation>;
  /** @throws NotFound, also when it was accepted meanwhile */
  cancel(organization: string, id: string, actor: Actor): Promise<void>;
  /** @throws NotFound when the link is unknown, used or expired */
  preview(secret: string): Promise<InvitationPreview>;
  /**
   * Makes the membership, and the account when it is for a new person, all or nothing. The person is the actor.
   *
   * @param address network address of the request.
   * @throws NotFound, AlreadyExists, InvalidInput
   */
  accept(secret: string, accepting: Accepting, address?: string): Promise<Accepted>;
}
