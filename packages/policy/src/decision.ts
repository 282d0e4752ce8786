import type { CatalogCategory, Category } from './category.ts';
import type { Organization, Principal } from './principal.ts';
import type { Repository } from './reference/repository.ts';

/** Everything a decision depends on. No clock, no look-up: the caller brings the facts. */
export interface Question {
  readonly principal: Principal;
  readonly repository: Repository;
  /** What the catalog says of the repository; `community` when nothing is known. */
  readonly category: CatalogCategory;
  /** The organization that claims the repository's namespace. */
  readonly claimedBy: Organization | undefined;
  /** The organization whose policy judges whoever belongs to none. */
  readonly home: Organization | undefined;
  /** Whether the gate is configured to pull from the repository's registry at all. */
  readonly upstreamKnown: boolean;
}

/** The rule that won. Recorded, shown, and stable: scripts compare it. */
export const rules = [
  'registry-unknown',
  'sign-in-required',
  'no-organization',
  'organization-token',
  'token-scope',
  'image-access-off',
  'owner',
  'allowlist',
  'organization-image',
  'registry-access',
  'category',
] as const;

export type Rule = (typeof rules)[number];

export interface Decision {
  readonly verdict: 'allow' | 'deny';
  readonly rule: Rule;
  /** The image's category as this principal sees it. */
  readonly category: Category;
  /** Who decided. Absent when no organization did (unknown registry, nobody's policy applies). */
  readonly organization: Organization | undefined;
}
