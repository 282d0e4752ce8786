/** Part of a list. */
export interface PageRequest {
  /** Items to pass over, from 0. */
  readonly offset: number;
  /** Items at most. */
  readonly limit: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Of the whole list. */
  readonly total: number;
}
