import { type Category, categories, categoryLabel } from './category.ts';
import type { ImageAccessPolicy } from './policy.ts';
import { dockerHub } from './reference/registry.ts';

/** `a Community image`, `an Official image`. */
export function imageOfCategory(category: Category): string {
  const label = categoryLabel[category];
  return `${label.startsWith('O') ? 'an' : 'a'} ${label} image`;
}

/** `Official, Verified Publisher and Community`. */
export function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** The labels of the categories whose switch is on. When none is, the organization's own images are what is left. */
export function allowedImages(policy: ImageAccessPolicy): string {
  const allowed = categories.filter((category) => category !== 'organization' && policy.allow[category]);
  return inWords(
    (allowed.length === 0 ? (['organization'] as const) : allowed).map((category) => categoryLabel[category]),
  );
}

/** The registry in the words of the person who reads. */
export function registryLabel(registry: string): string {
  return registry === dockerHub ? 'Docker Hub' : registry;
}
