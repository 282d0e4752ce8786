import type { CatalogCategory } from '@pullgate/policy';

/** What is known of the images in a namespace of a registry, by whom and since when. */
export interface CategoryFact {
  /** Canonical host. */
  readonly registry: string;
  readonly namespace: string;
  readonly category: CatalogCategory;
  /** Who says so: the name of the source that was asked. */
  readonly source: string;
  /** Since when it is so, as far as known: milliseconds since 1970. */
  readonly asOf: number;
  /** When the source was asked last: milliseconds since 1970. */
  readonly checkedAt: number;
}

/** Remembers facts across restarts, so that a look-up that fails has a last known value. */
export interface CategoryStore {
  find(registry: string, namespace: string): Promise<CategoryFact | undefined>;
  /** Sorted by registry and namespace. */
  list(): Promise<readonly CategoryFact[]>;
  /**
   * Replaces what was known. When the category of a known namespace becomes another, that is a change of what people
   * may pull: it raises the revision and goes to the activity.
   *
   * @param unstored what was known of a namespace that is not stored yet
   */
  save(fact: CategoryFact, unstored?: CategoryFact): Promise<void>;
}
