/** The pages of an organization, in the order of the navigation. */
export const pages = [{ path: 'image-access', title: 'Image access' }] as const;
