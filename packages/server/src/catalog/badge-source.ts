import type { CatalogCategory } from '@pullgate/policy';

/** What a badge of a namespace can say. Official images are known by name. */
export type BadgeCategory = Exclude<CatalogCategory, 'official'>;

/** A badge, or why it is not known. A failure is never a category: it must not open the gate, nor close it for good. */
export type BadgeAnswer =
  | { readonly known: true; readonly category: BadgeCategory }
  | {
      readonly known: false;
      readonly reason: 'rate-limited' | 'unavailable' | 'untrustworthy';
      /** Seconds, as the source asked for. */
      readonly retryAfter: number | undefined;
    };

/** Tells the badge of a namespace on Docker Hub. Never throws. */
export interface BadgeSource {
  badgeOf(namespace: string): Promise<BadgeAnswer>;
}
