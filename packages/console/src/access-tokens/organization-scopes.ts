import type { OrganizationTokenScope } from '@pullgate/contract';

interface OrganizationScope {
  readonly scope: OrganizationTokenScope;
  readonly title: string;
}

/** What an organization access token can do with the organization itself, by the API. */
export const organizationScopes: readonly OrganizationScope[] = [
  { scope: 'scope-member-read', title: 'Read members' },
  { scope: 'scope-member-edit', title: 'Change members' },
  { scope: 'scope-invite-read', title: 'Read invitations' },
  { scope: 'scope-invite-edit', title: 'Invite, and cancel invitations' },
  { scope: 'scope-group-read', title: 'Read teams' },
  { scope: 'scope-group-edit', title: 'Change teams' },
  { scope: 'scope-ram-read', title: 'Read registry access' },
  { scope: 'scope-ram-write', title: 'Change registry access' },
  { scope: 'scope-activity-read', title: 'Read the activity' },
  { scope: 'scope-report-read', title: 'Read reports' },
  { scope: 'scope-repository-list', title: 'List repositories' },
];

/** Lets a token pull from a repository. */
export const pullScope = 'scope-image-pull';

export function titleOfScope(scope: string): string {
  if (scope === pullScope) return 'Pull images';
  return organizationScopes.find((one) => one.scope === scope)?.title ?? scope;
}
