/** Docker Hub's canonical host. Every alias is folded into it before anything is decided. */
export const dockerHub = 'docker.io';

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
