import { type CatalogCategory, dockerHub, isOfficialName, namespaceOf, type Repository } from '@pullgate/policy';
import { ForgetfulMap } from '../forgetful-map.ts';
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

/** Repositories whose category is remembered. */
const maxRemembered = 10_000;

/** Opens the catalog with what the store remembers. */
export async function createCatalog(options: CatalogOptions): Promise<Catalog> {
  const { overrides, officialImages = bundledOfficialImages, now = Date.now } = options;
  const timing = { ...defaultHubTiming, ...options.timing };
  const namespaces = await openHubNamespaces({ ...options, timing, now });
  const openedAt = now();

  /** By name; null where Docker Hub tells. It never changes, most pulls are of few repositories, and each pull asks twice. */
  const here = new ForgetfulMap<string, KnownCategory | null>(maxRemembered);

  function categoryHere(repository: Repository): KnownCategory | undefined {
    const known = here.get(repository.name);
    return known === undefined ? learn(repository) : (known ?? undefined);
  }

  function learn(repository: Repository): KnownCategory | undefined {
    const category = withoutHub(repository);
    here.set(repository.name, category ?? null);
    return category;
  }

  /** For what Docker Hub's badges say nothing of. */
  function withoutHub(repository: Repository): KnownCategory | undefined {
    const override = longestMatch(overrides, repository);
    if (override !== undefined) return { category: override, source: 'operator', asOf: openedAt };
    if (repository.registry !== dockerHub) return { category: 'community', source: 'other-registry', asOf: openedAt };
    return namespaceOf(repository) === 'library' ? officialCategory(officialImages, repository) : undefined;
  }

  return {
    categoryAtHand: (repository) => categoryHere(repository) ?? namespaces.known(namespaceOf(repository)),
    categoryOf: (repository) => categoryHere(repository) ?? namespaces.categoryOf(namespaceOf(repository)),
    close: namespaces.close,
  };
}

/** Only names on the list are official: whatever else is found under `library/`, nobody reviewed it. */
function officialCategory({ current, retired, asOf }: OfficialImages, repository: Repository): KnownCategory {
  const name = isOfficialName(repository) ? repository.path.slice('library/'.length) : '';
  if (retired.has(name)) return { category: 'official', source: 'official-list-retired', asOf };
  return { category: current.has(name) ? 'official' : 'community', source: 'official-list', asOf };
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
