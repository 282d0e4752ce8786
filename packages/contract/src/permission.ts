/** Who may call an endpoint, and with which kinds of credentials. Everything that is not named here is refused. */
export interface Permission {
  /**
   * - `everybody`: also without signing in.
   * - `person`: anybody signed in, for what is their own.
   * - `member`, `owner`: of the organization in the path; of the one that the body (`org`) or the invitation names where
   *   the path has none. To others it looks as if the organization did not exist.
   * - `administrator`: of the whole installation.
   * - `provisioning`: an identity provider with the bearer of its SCIM connection.
   */
  readonly who: 'everybody' | 'person' | 'member' | 'owner' | 'administrator' | 'provisioning';
  /**
   * The scope that a personal access token needs so that a token signed in with it may call this. Absent: it needs a
   * sign-in by password, passkey or single sign-on, because a stolen token must not make itself permanent.
   */
  readonly personalToken?: 'repo:read' | 'repo:admin';
  /**
   * The scope on the organization (`TYPE_ORG`) with which an organization access token may call this; `any` when it may
   * with whatever scopes it has.
   */
  readonly organizationToken?: OrganizationTokenScope | 'any';
}

/** Docker Hub's scopes of organization access tokens that endpoints here ask for. */
export type OrganizationTokenScope =
  | 'scope-member-read'
  | 'scope-member-edit'
  | 'scope-invite-read'
  | 'scope-invite-edit'
  | 'scope-group-read'
  | 'scope-group-edit'
  | 'scope-activity-read'
  | 'scope-ram-read'
  | 'scope-ram-write'
  | 'scope-report-read'
  | 'scope-repository-list';

/** The permissions that most endpoints have. */
export const everybody = { who: 'everybody', personalToken: 'repo:read', organizationToken: 'any' } as const;
export const personReads = { who: 'person', personalToken: 'repo:read' } as const;
export const personSignedIn = { who: 'person' } as const;
export const memberReads = { who: 'member', personalToken: 'repo:read' } as const;
export const ownerReads = { who: 'owner', personalToken: 'repo:read' } as const;
export const ownerChanges = { who: 'owner', personalToken: 'repo:admin' } as const;
/** What decides how people sign in: not even an owner's token is enough. */
export const ownerSignedIn = { who: 'owner' } as const;
export const administratorReads = { who: 'administrator', personalToken: 'repo:read' } as const;
export const administratorChanges = { who: 'administrator', personalToken: 'repo:admin' } as const;
export const provisioning = { who: 'provisioning' } as const;
