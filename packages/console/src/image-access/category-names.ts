import type { ImageKind } from '@pullgate/policy';

/** As Docker calls them. */
export const categoryNames: Readonly<Record<ImageKind, string>> = {
  organization: 'Organization image',
  official: 'Docker Official Image',
  'verified-publisher': 'Docker Verified Publisher image',
  'sponsored-oss': 'Docker-Sponsored Open Source image',
  community: 'Community image',
  'other-registry': 'Image of another registry',
};

/** The same, as short as the side of a chart needs them. */
export const shortCategoryNames: Readonly<Record<ImageKind, string>> = {
  organization: 'Organization',
  official: 'Docker Official',
  'verified-publisher': 'Verified Publisher',
  'sponsored-oss': 'Sponsored OSS',
  community: 'Community',
  'other-registry': 'Other registries',
};
