import {
  type CatalogCategory,
  canonicalRegistry,
  categories,
  dockerHub,
  type ImageAccessPolicy,
  parseImageReference,
} from '@pullgate/policy';
import { usage } from '../../failure.ts';

/** The options of `policy set` that change the policy itself. */
export interface PolicyOptions {
  readonly enable?: true;
  readonly disable?: true;
  readonly allow?: readonly CatalogCategory[];
  readonly refuse?: readonly CatalogCategory[];
  readonly allowlist?: boolean;
  readonly addRepository?: readonly string[];
  readonly removeRepository?: readonly string[];
  readonly registryAccess?: boolean;
  readonly dockerHub?: boolean;
  readonly addRegistry?: readonly string[];
  readonly removeRegistry?: readonly string[];
}

/** The policy with what the options say, and everything else as it was. Names become canonical. */
export function changedPolicy(policy: ImageAccessPolicy, options: PolicyOptions): ImageAccessPolicy {
  return {
    enabled: options.enable ?? (options.disable ? false : policy.enabled),
    allow: {
      ...policy.allow,
      ...switches(options.allow ?? [], true),
      ...switches(options.refuse ?? [], false),
    },
    allowlist: {
      enabled: options.allowlist ?? policy.allowlist.enabled,
      repositories: edited(
        policy.allowlist.repositories,
        repositoryName,
        options.addRepository,
        options.removeRepository,
      ),
    },
    registryAccess: {
      enabled: options.registryAccess ?? policy.registryAccess.enabled,
      dockerHub: options.dockerHub ?? policy.registryAccess.dockerHub,
      registries: edited(policy.registryAccess.registries, registryName, options.addRegistry, options.removeRegistry),
    },
  };
}

function switches(named: readonly CatalogCategory[], allowed: boolean): Partial<Record<CatalogCategory, boolean>> {
  return Object.fromEntries(named.map((category) => [category, allowed]));
}

function edited(
  names: ReadonlySet<string>,
  canonical: (name: string) => string,
  added: readonly string[] = [],
  removed: readonly string[] = [],
): ReadonlySet<string> {
  return names.union(new Set(added.map(canonical))).difference(new Set(removed.map(canonical)));
}

/** What was to be taken off a list that it is not on, as canonical names. */
export function notListed({ allowlist, registryAccess }: ImageAccessPolicy, options: PolicyOptions) {
  const missing = (names: ReadonlySet<string>, canonical: (name: string) => string, removed: readonly string[] = []) =>
    [...new Set(removed.map(canonical)).difference(names)].sort();
  return {
    repositories: missing(allowlist.repositories, repositoryName, options.removeRepository),
    registries: missing(registryAccess.registries, registryName, options.removeRegistry),
  };
}

/** The canonical name. The allowlist opens whole repositories: a tag would promise something else. */
export function repositoryName(text: string): string {
  const { repository, tag, digest } = parseImageReference(text);
  if (tag === undefined && digest === undefined) return repository.name;
  throw usage(`The allowlist holds repositories, with all their tags. Write ${repository.name} instead of ${text}.`);
}

/** The canonical name of a registry besides Docker Hub. */
export function registryName(text: string): string {
  const registry = canonicalRegistry(text);
  if (registry === dockerHub) throw usage('Docker Hub has a switch of its own: --docker-hub on or off.');
  return registry;
}

/** Reads `official,community`. */
export function parseCategories(text: string): readonly CatalogCategory[] {
  return text.split(',').map((word) => {
    const category = categories.find((candidate) => candidate === word.trim());
    if (category === 'organization') throw usage("An organization's own images are always allowed.");
    if (category !== undefined) return category;
    // A shell cuts `official, community` in two at the space.
    if (word.trim() === '') throw usage('Write categories with a comma and no space between: official,community.');
    const known = categories.filter((candidate) => candidate !== 'organization').join(', ');
    throw usage(`${word.trim()} is not a category. Those that can be switched are ${known}.`);
  });
}
