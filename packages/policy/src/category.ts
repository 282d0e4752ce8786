import { dockerHub } from './reference/registry.ts';

/** The types of images that an organization's owners decide about, in the order in which the console lists them. */
export const categories = ['organization', 'official', 'verified-publisher', 'sponsored-oss', 'community'] as const;

export type Category = (typeof categories)[number];

/** What the catalog may say of a repository. `organization` is not among it: that follows from a claim, per person. */
export type CatalogCategory = Exclude<Category, 'organization'>;

/** What is told of an image beside the categories. */
export const imageKinds = [...categories, 'other-registry'] as const;

/**
 * What an image is told to be. Categories are Docker Hub's: an image of another registry that nobody put into one is no
 * community image, for no switch decides about it.
 */
export type ImageKind = (typeof imageKinds)[number];

/** @param repository canonical name: `ghcr.io/acme/web` */
export function imageKindOf({
  category,
  repository,
}: {
  readonly category: Category;
  readonly repository: string;
}): ImageKind {
  return category === 'community' && !repository.startsWith(`${dockerHub}/`) ? 'other-registry' : category;
}

/** The category in the words of the person who reads a refusal. */
export const categoryLabel: Readonly<Record<Category, string>> = {
  organization: 'Organization',
  official: 'Official',
  'verified-publisher': 'Verified Publisher',
  'sponsored-oss': 'Sponsored OSS',
  community: 'Community',
};

export const imageKindLabel: Readonly<Record<ImageKind, string>> = {
  ...categoryLabel,
  'other-registry': 'Other registry',
};
