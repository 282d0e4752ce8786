import type { ImageAccessChangeBody } from '@pullgate/contract';

/** Settings as the page calls them. */
const names: Readonly<Record<string, string>> = {
  enabled: 'Image Access Management',
  allow_official_images: 'Docker Official Images',
  allow_verified_publishers: 'Docker Verified Publisher images',
  allow_sponsored_open_source: 'Docker-Sponsored Open Source images',
  allow_community_images: 'Community images',
  'allowlist.enabled': 'Repository allowlist',
  'allowlist.repositories': 'On the allowlist',
  'registry_access.enabled': 'Registry Access Management',
  'registry_access.docker_hub': 'Docker Hub',
  'registry_access.registries': 'Registries',
};

const switches: ReadonlySet<string> = new Set(['enabled', 'allowlist.enabled', 'registry_access.enabled']);

/** Of a list. An import of thousands is not read name by name. */
const shown = 5;

/** What a version changed, in words: `Community images: refused → allowed`. */
export function describeChange({ setting, before, after }: ImageAccessChangeBody): string {
  const name = names[setting] ?? setting;
  if (Array.isArray(before) && Array.isArray(after)) {
    return `${name}: ${[...listed('+', after), ...listed('−', before)].join(', ')}`;
  }
  const [yes, no] = switches.has(setting) ? ['on', 'off'] : ['allowed', 'refused'];
  return `${name}: ${before === true ? yes : no} → ${after === true ? yes : no}`;
}

function listed(sign: string, names: readonly string[]): readonly string[] {
  const first = names.slice(0, shown).map((one) => `${sign}${one}`);
  const more = names.length - first.length;
  return more > 0 ? [...first, `${sign}${more.toLocaleString()} more`] : first;
}
