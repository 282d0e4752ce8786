/** The pages of an organization, in the order of the navigation. `owners` marks those that only owners see. */
export const pages = [
  { path: 'overview', title: 'Overview', owners: true },
  { path: 'image-access', title: 'Image access', owners: false },
  { path: 'registry-access', title: 'Registry access', owners: false },
  { path: 'members', title: 'Members', owners: false },
  { path: 'teams', title: 'Teams', owners: false },
  { path: 'access-tokens', title: 'Access tokens', owners: false },
  { path: 'namespaces', title: 'Namespaces', owners: false },
  { path: 'single-sign-on', title: 'Single sign-on', owners: true },
  { path: 'sign-in', title: 'Enforce sign-in', owners: false },
  { path: 'activity', title: 'Activity', owners: true },
  { path: 'pulls', title: 'Pulls', owners: true },
] as const;

export type PagePath = (typeof pages)[number]['path'];
