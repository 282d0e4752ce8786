/** A page of an organization. */
export interface OrganizationPage {
  /** Below the organization's address. */
  readonly path: string;
  readonly title: string;
  /** The server answers its data to owners only. */
  readonly isForOwners?: true;
}

/** In the order of the navigation. */
export const pages: readonly OrganizationPage[] = [
  { path: 'overview', title: 'Overview', isForOwners: true },
  { path: 'image-access', title: 'Image access' },
  { path: 'registry-access', title: 'Registry access' },
  { path: 'pulls', title: 'Pulls', isForOwners: true },
  { path: 'activity', title: 'Activity', isForOwners: true },
  { path: 'members', title: 'Members' },
  { path: 'teams', title: 'Teams' },
  { path: 'access-tokens', title: 'Access tokens' },
  { path: 'namespaces', title: 'Namespaces' },
  { path: 'single-sign-on', title: 'Single sign-on', isForOwners: true },
  { path: 'sign-in', title: 'Enforce sign-in' },
];
