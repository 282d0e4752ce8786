import type { Role } from '@pullgate/policy';
import type { Actor } from '../activity/activity.ts';
import type { Member } from '../organizations/members.ts';
import type { Page, PageRequest } from '../organizations/page.ts';

/** A named set of members of one organization. */
export interface Team {
  /** Unique among the teams of all organizations, and never given to another team again. */
  readonly id: number;
  /** With dashes. */
  readonly uuid: string;
  readonly organizationId: string;
  /** In the case in which it was given. Unique in its organization whatever the case. */
  readonly name: string;
  readonly description: string;
  /** Its members have at least this role in the organization. */
  readonly role: Role;
  readonly memberCount: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface TeamChange {
  readonly name?: string;
  readonly description?: string;
  readonly role?: Role;
}

export interface TeamQuery extends PageRequest {
  /** Part of the name, in any case. */
  readonly search?: string;
  /** Only teams that this person is in. */
  readonly personId?: string;
}

/** Teams by their ids carry their organization: an id alone opens nothing. The members of `owners` are the owners. */
export interface TeamStore {
  /** A number that no team ever had. */
  nextId(): Promise<number>;
  insert(team: Omit<Team, 'memberCount'>): Promise<void>;
  /** In any case. */
  byName(organizationId: string, name: string): Promise<Team | undefined>;
  /** Sorted by name. */
  page(organizationId: string, query: TeamQuery): Promise<Page<Team>>;
  update(organizationId: string, id: number, change: TeamChange): Promise<void>;
  /** With its list of members. Invitations into it become invitations into no team. */
  delete(organizationId: string, id: number): Promise<void>;
  hasMember(organizationId: string, id: number, personId: string): Promise<boolean>;
  addMember(organizationId: string, id: number, personId: string, at: number): Promise<void>;
  removeMember(organizationId: string, id: number, personId: string): Promise<void>;
  /** Takes the person out of all teams of the organization. */
  leaveAll(organizationId: string, personId: string): Promise<void>;
}

export interface TeamMemberQuery extends PageRequest {
  /** Part of the user name or the name, in any case. */
  readonly search?: string;
  /** Whether `search` looks at e-mail addresses too, which only who may see them should do. */
  readonly searchEmail?: boolean;
}

/**
 * Organizations and teams are given by their names, people by user name or e-mail address. Being in the team `owners` is
 * the role `owner`: who joins it becomes one, who leaves it becomes a plain member.
 */
export interface Teams {
  /** @throws NotFound, AlreadyExists, InvalidInput, LimitReached */
  create(organization: string, team: { name: string; description?: string }, actor: Actor): Promise<Team>;
  /** @throws NotFound */
  find(organization: string, name: string): Promise<Team>;
  /** Sorted by name. @throws NotFound when there is no such organization; a person nobody knows is in no team */
  page(
    organization: string,
    query: PageRequest & { readonly search?: string; readonly username?: string },
  ): Promise<Page<Team>>;
  /** @throws NotFound, AlreadyExists, InvalidInput, also for all but the description of `owners` */
  update(organization: string, name: string, change: TeamChange, actor: Actor): Promise<Team>;
  /** @throws NotFound, InvalidInput for `owners` */
  delete(organization: string, name: string, actor: Actor): Promise<void>;
  /** Sorted by user name. @throws NotFound */
  members(organization: string, name: string, query: TeamMemberQuery): Promise<Page<Member>>;
  /** Who is in it already stays. @throws NotFound, also when the person is no member of the organization */
  addMember(organization: string, name: string, person: string, actor: Actor): Promise<Member>;
  /** @throws NotFound, also when the person is not in the team; LastOwner */
  removeMember(organization: string, name: string, person: string, actor: Actor): Promise<void>;
}
