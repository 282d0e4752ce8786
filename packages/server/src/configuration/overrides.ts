import { type CatalogCategory, InvalidReference, isHostWithoutPort, repositoryOf } from '@pullgate/policy';
import type { Complain } from './complaints.ts';

/**
 * What the operator says of images, whatever the catalog says: by `registry/namespace` or by
 * `registry/namespace/repository`, in canonical spelling.
 */
export function resolveOverrides(
  named: Readonly<Record<string, CatalogCategory>>,
  complain: Complain,
): ReadonlyMap<string, CatalogCategory> {
  const overrides = new Map<string, CatalogCategory>();
  for (const [name, category] of Object.entries(named)) {
    const canonical = canonicalName(name);
    const at = { path: ['catalog', 'overrides', name], part: 'key' } as const;
    if (canonical === undefined) {
      const expected = 'a namespace or repository with its registry, such as docker.io/bitnami or ghcr.io/acme/web';
      complain({ ...at, expected, found: JSON.stringify(name) });
    } else if (overrides.has(canonical)) {
      complain({ ...at, expected: 'each name once', found: `${canonical} a second time` });
    } else {
      overrides.set(canonical, category);
    }
  }
  return overrides;
}

function canonicalName(name: string): string | undefined {
  const slash = name.indexOf('/');
  const [host, path] = [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
  // Without its host, `bitnami/redis` would be taken for the repository `redis` of a registry called `bitnami`.
  if (!isHostWithoutPort(host)) return undefined;
  try {
    const { registry } = repositoryOf(host, path);
    return `${registry}/${path}`;
  } catch (error) {
    if (error instanceof InvalidReference) return undefined;
    throw error;
  }
}
