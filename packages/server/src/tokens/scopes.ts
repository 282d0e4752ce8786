/** Scopes of a personal access token, each including those before it. Docker's names. */
export const personalScopes = ['repo:public_read', 'repo:read', 'repo:write', 'repo:admin'] as const;
export type PersonalScope = (typeof personalScopes)[number];

/** Whether a personal access token opens more than what is public. */
export function opensPrivate(scopes: readonly PersonalScope[]): boolean {
  return scopes.some((scope) => scope !== 'repo:public_read');
}

/** Scopes of an organization access token on repositories (`TYPE_REPO`), each with those that it includes. */
export const repositoryScopes = {
  'scope-image-pull': [],
  'scope-image-push': ['scope-image-pull'],
  'scope-image-delete': ['scope-image-push', 'scope-image-pull'],
  'scope-repository-read': [],
  'scope-repository-edit': ['scope-repository-read'],
  'scope-repository-admin': ['scope-repository-edit', 'scope-repository-read'],
  'scope-tag-read': [],
  'scope-tag-admin': ['scope-tag-read'],
  'scope-webhook-read': [],
  'scope-webhook-edit': ['scope-webhook-read'],
  'scope-webhook-admin': ['scope-webhook-edit', 'scope-webhook-read'],
  'scope-repo-group-read': [],
  'scope-repo-group-edit': ['scope-repo-group-read'],
  'scope-repo-group-admin': ['scope-repo-group-edit', 'scope-repo-group-read'],
  'scope-repository-settings-admin': [],
} as const satisfies Record<string, readonly string[]>;

/** Scopes of an organization access token on its organization (`TYPE_ORG`), each with those that it includes. */
export const organizationScopes = {
  'scope-member-read': [],
  'scope-member-edit': ['scope-member-read'],
  'scope-invite-read': [],
  'scope-invite-edit': ['scope-invite-read'],
  'scope-group-read': [],
  'scope-group-edit': ['scope-group-read'],
  'scope-activity-read': [],
  'scope-siem_credentials-read': [],
  'scope-ram-read': [],
  'scope-ram-write': ['scope-ram-read'],
  'scope-report-read': [],
  'scope-repository-create': [],
  'scope-repository-list': [],
  'scope-registry-usage-read': [],
} as const satisfies Record<string, readonly string[]>;

type RepositoryScope = keyof typeof repositoryScopes;
type OrganizationScope = keyof typeof organizationScopes;
export type Scope = RepositoryScope | OrganizationScope;

const included: Readonly<Record<Scope, readonly string[]>> = { ...repositoryScopes, ...organizationScopes };

/** Whether one of the scopes is the wanted one or includes it. Unknown scopes grant nothing. */
export function grants(scopes: readonly string[], wanted: Scope): boolean {
  return scopes.some(
    (scope) => scope === wanted || (Object.hasOwn(included, scope) && included[scope as Scope].includes(wanted)),
  );
}
