import type { ImageKind } from '@pullgate/policy';

/** Docker's names of the types of images, as short as the side of a chart needs them. */
export const typeNames: Readonly<Record<ImageKind, string>> = {
  organization: 'Organization',
  official: 'Docker Official',
  'verified-publisher': 'Verified Publisher',
  'sponsored-oss': 'Sponsored OSS',
  community: 'Community',
  'other-registry': 'Other registries',
};
