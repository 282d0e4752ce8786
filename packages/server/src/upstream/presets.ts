import type { TokenService } from './authorization.ts';

/** How a well-known registry is reached. Without a token service, only one on the registry's own origin is accepted. */
export interface UpstreamPreset {
  readonly url: string;
  readonly token?: TokenService;
}

/** By canonical host. Other registries are reached at `https://<host>`. */
export const upstreamPresets: Readonly<Record<string, UpstreamPreset>> = {
  'docker.io': {
    url: 'https://registry-1.docker.io',
    token: { realm: 'https://auth.docker.io/token', service: 'registry.docker.io' },
  },
  'ghcr.io': { url: 'https://ghcr.io', token: { realm: 'https://ghcr.io/token', service: 'ghcr.io' } },
  'quay.io': { url: 'https://quay.io', token: { realm: 'https://quay.io/v2/auth', service: 'quay.io' } },
  'gcr.io': { url: 'https://gcr.io', token: { realm: 'https://gcr.io/v2/token', service: 'gcr.io' } },
  'registry.k8s.io': { url: 'https://registry.k8s.io' },
  'mcr.microsoft.com': { url: 'https://mcr.microsoft.com' },
  'public.ecr.aws': { url: 'https://public.ecr.aws' },
};
