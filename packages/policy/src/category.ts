/** The types of images that an organization's owners decide about, in the order in which the console lists them. */
export const categories = ['organization', 'official', 'verified-publisher', 'sponsored-oss', 'community'] as const;

export type Category = (typeof categories)[number];

/** What the catalog may say of a repository. `organization` is not among it: that follows from a claim, per person. */
export type CatalogCategory = Exclude<Category, 'organization'>;

/** The category in the words of the person who reads a refusal. */
export const categoryLabel: Readonly<Record<Category, string>> = {
  organization: 'Organization',
  official: 'Official',
  'verified-publisher': 'Verified Publisher',
  'sponsored-oss': 'Sponsored OSS',
  community: 'Community',
};
