/** The settings of a policy, as the Admin Console calls them. */
export const settingTitle = {
  enabled: 'Image Access Management',
  official: 'Docker Official Images',
  'verified-publisher': 'Docker Verified Publisher images',
  'sponsored-oss': 'Docker-Sponsored Open Source images',
  community: 'Community images',
  'allowlist.enabled': 'Repository allowlist',
  'allowlist.repositories': 'On the allowlist',
  'registryAccess.enabled': 'Registry Access Management',
  'registryAccess.dockerHub': 'Docker Hub',
  'registryAccess.registries': 'Registries',
} as const;
