import type { CatalogCategory } from './category.ts';

/** One organization's image access policy. Sets hold canonical names, so that a look-up needs no parsing. */
export interface ImageAccessPolicy {
  /** Image Access Management as a whole. Off by default. */
  readonly enabled: boolean;
  /** The switch of each category that can be switched. */
  readonly allow: Readonly<Record<CatalogCategory, boolean>>;
  readonly allowlist: {
    readonly enabled: boolean;
    /** Canonical repository names, e.g. `docker.io/bitnami/redis`. */
    readonly repositories: ReadonlySet<string>;
  };
  readonly registryAccess: RegistryAccess;
}

/** Docker's Registry Access Management: off, or a list of allowed registries. */
export interface RegistryAccess {
  readonly enabled: boolean;
  /** Whether Docker Hub is among the allowed registries. */
  readonly dockerHub: boolean;
  /** Canonical registry hosts other than Docker Hub, e.g. `ghcr.io`. */
  readonly registries: ReadonlySet<string>;
}

/** The policy of a new organization: off, and with Docker's defaults for the moment it is switched on. */
export const defaultPolicy: ImageAccessPolicy = {
  enabled: false,
  allow: { official: true, 'verified-publisher': true, 'sponsored-oss': false, community: false },
  allowlist: { enabled: false, repositories: new Set() },
  registryAccess: { enabled: false, dockerHub: true, registries: new Set() },
};
