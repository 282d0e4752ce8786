import { checkPath } from './grammar.ts';
import { canonicalRegistry, dockerHub } from './registry.ts';

/**
 * A repository by its canonical name, the only spelling that policy, catalog, cache and records know:
 * `nginx`, `index.docker.io/library/nginx` and `registry-1.docker.io/library/nginx` are one.
 */
export interface Repository {
  /** Canonical host, lower case, default port removed: `docker.io`, `ghcr.io`, `registry.corp:5000`. */
  readonly registry: string;
  /** Path on that registry: `library/nginx`. */
  readonly path: string;
  /** `registry/path`. */
  readonly name: string;
}

/**
 * The repository at a path of a registry, as both stand on the wire in `/v2/<path>/…`: `nginx` on any spelling of
 * Docker Hub is `docker.io/library/nginx`. Throws `InvalidReference`.
 */
export function repositoryOf(registry: string, path: string): Repository {
  const host = canonicalRegistry(registry);
  const whole = host === dockerHub && !path.includes('/') ? `library/${path}` : path;
  checkPath(whole);
  return { registry: host, path: whole, name: `${host}/${whole}` };
}

/** What an organization claims on a registry: the first part of the path, `acme` of `docker.io/acme/app`. */
export function namespaceOf(repository: Repository): string {
  const slash = repository.path.indexOf('/');
  return slash === -1 ? repository.path : repository.path.slice(0, slash);
}

/**
 * Whether a repository can be a Docker Official Image: exactly `docker.io/library/<one part>`. `library/foo/bar` is
 * none, though it looks like one, and neither is `library/` on another registry.
 */
export function isOfficialName(repository: Repository): boolean {
  return repository.registry === dockerHub && /^library\/[^/]+$/.test(repository.path);
}
