/** Who may call an endpoint, and with which kinds of credentials. Everything that is not named here is refused. */
export interface Permission {
  /**
   * - `everybody`: also without signing in.
   * - `person`: anybody signed in, for what is their own.
   * - `member`, `owner`: of the organization in the path. To others it looks as if the organization did not exist.
   * - `administrator`: of the whole installation.
   * - `provisioning`: an identity provider with the bearer of its SCIM connection.
   */
  readonly who: 'everybody' | 'person' | 'member' | 'owner' | 'administrator' | 'provisioning';
  /**
   * The scope that a personal access token needs so that a token signed in with it may call this. Absent: it needs a
   * sign-in by password, passkey or single sign-on, because a stolen token must not make itself permanent.
   */
  readonly personalToken?: 'repo:read' | 'repo:admin';
  /** The scope on the organization (`TYPE_ORG`) with which an organization access token may call this. */
  readonly organizationToken?: OrganizationTokenScope;
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
