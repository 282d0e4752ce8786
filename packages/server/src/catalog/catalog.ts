import { type CatalogCategory, dockerHub, isOfficialName, namespaceOf, type Repository } from '@pullgate/policy';
import type { Soon } from '../soon.ts';
import type { BadgeSource } from './badge-source.ts';
import type { CategoryStore } from './category-store.ts';
import { type CatalogLog, defaultHubTiming, type HubTiming, openHubNamespaces } from './hub-namespaces.ts';
import type { KnownCategory } from './known-category.ts';
import { officialImages as bundledOfficialImages, type OfficialImages } from './official-images.ts';

export interface CatalogOptions {
  readonly store: CategoryStore;
  readonly badges: BadgeSource;
  /** By canonical repository (`docker.io/bitnami/redis`) or namespace (`docker.io/bitnami`). The longest name wins. */
  readonly overrides: ReadonlyMap<string, CatalogCategory>;
  /** After how many milliseconds a badge is looked up again. */
  readonly refreshMs: number;
  readonly log: CatalogLog;
  readonly officialImages?: OfficialImages;
  readonly timing?: Partial<HubTiming>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Knows the category of every image. A look-up that fails gives the last known value, or `community`. */
export interface Catalog {
  /** What is known without asking anybody. */
  categoryAtHand(repository: Repository): KnownCategory | undefined;
  /** At once when it is known; a few seconds at most for a namespace that was never asked for. Never fails. */
  categoryOf(repository: Repository): Soon<KnownCategory>;
  /** Ends the refreshing in the background. */
  close(): void;
}

/** Opens the catalog with what the store remembers. */
export async function createCatalog(options: CatalogOptions): Promise<Catalog> {
  const { overrides, officialImages = bundledOfficialImages, now = Date.now } = options;
  const timing = { ...defaultHubTiming, ...options.timing };
  const namespaces = await openHubNamespaces({ ...options, timing, now });
  const openedAt = now();
  const official = officialCategories(officialImages);
  const otherRegistry: KnownCategory = { category: 'community', source: 'other-registry', asOf: openedAt };

  /** For what Docker Hub's badges say nothing of. */
  function categoryHere(repository: Repository): KnownCategory | undefined {
    const override = longestMatch(overrides, repository);
    if (override !== undefined) return { category: override, source: 'operator', asOf: openedAt };
    if (repository.registry !== dockerHub) return otherRegistry;
    return namespaceOf(repository) === 'library' ? official(repository) : undefined;
  }

  return {
    categoryAtHand: (repository) => categoryHere(repository) ?? namespaces.known(namespaceOf(repository)),
    categoryOf: (repository) => categoryHere(repository) ?? namespaces.categoryOf(namespaceOf(repository)),
    close: namespaces.close,
  };
}

/**
 * Only names on the list are official: whatever else is found under `library/`, nobody reviewed it. Every pull asks, so
 * the answers are made once.
 */
function officialCategories({ current, retired, asOf }: OfficialImages): (repository: Repository) => KnownCategory {
  const listed: KnownCategory = { category: 'official', source: 'official-list', asOf };
  const listedOnce: KnownCategory = { category: 'official', source: 'official-list-retired', asOf };
  const unlisted: KnownCategory = { category: 'community', source: 'official-list', asOf };
  return (repository) => {
    const name = isOfficialName(repository) ? repository.path.slice('library/'.length) : '';
    if (retired.has(name)) return listedOnce;
    return current.has(name) ? listed : unlisted;
  };
}

function longestMatch(
  overrides: ReadonlyMap<string, CatalogCategory>,
  { registry, name }: Repository,
): CatalogCategory | undefined {
  if (overrides.size === 0) return undefined;
  for (let prefix = name; prefix.length > registry.length; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
    const category = overrides.get(prefix);
    if (category !== undefined) return category;
  }
  return undefined;
}
