import type { ImageAccessChangeBody } from '@pullgate/contract';
import { settingTitle } from '@pullgate/policy';

/** Settings as the API calls them, and as people do. */
const names: Readonly<Record<string, string>> = {
  enabled: settingTitle.enabled,
  allow_official_images: settingTitle.official,
  allow_verified_publishers: settingTitle['verified-publisher'],
  allow_sponsored_open_source: settingTitle['sponsored-oss'],
  allow_community_images: settingTitle.community,
  'allowlist.enabled': settingTitle['allowlist.enabled'],
  'allowlist.repositories': settingTitle['allowlist.repositories'],
  'registry_access.enabled': settingTitle['registryAccess.enabled'],
  'registry_access.docker_hub': settingTitle['registryAccess.dockerHub'],
  'registry_access.registries': settingTitle['registryAccess.registries'],
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
