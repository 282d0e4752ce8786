import type { CatalogCategory } from '@pullgate/policy';

/** Who says what an image is. */
export type CategorySource =
  /** The list of Docker Official Images, also when it says that a name is not on it. */
  | 'official-list'
  /** Official once: removed from the list, or nothing left to pull. */
  | 'official-list-retired'
  /** The badge of its namespace on Docker Hub. */
  | 'hub'
  /** The operator's configuration. */
  | 'operator'
  /** It is not on Docker Hub, whose categories these are. */
  | 'other-registry'
  /** Docker Hub did not tell. */
  | 'unknown';

/** A category is a fact with a source and a time. */
export interface KnownCategory {
  readonly category: CatalogCategory;
  readonly source: CategorySource;
  /** Since when it is so, as far as known: milliseconds since 1970. */
  readonly asOf: number;
}
