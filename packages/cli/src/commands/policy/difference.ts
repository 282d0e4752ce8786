import { type CatalogCategory, categoryLabel, type ImageAccessPolicy } from '@pullgate/policy';

/** The policy and what goes with it, as far as people set it. */
export interface PolicySettings {
  readonly policy: ImageAccessPolicy;
  readonly enforceSignIn: boolean;
}

/** One setting that is another than before. */
export interface Difference {
  readonly setting: string;
  readonly before: string;
  readonly after: string;
}

/** What changed, in the words and the order of `policy show`. */
export function differences(before: PolicySettings, after: PolicySettings): readonly Difference[] {
  const [old, young] = [switchesOf(before), switchesOf(after)];
  const switched = Object.keys(young)
    .map((setting) => ({ setting, before: old[setting] ?? '', after: young[setting] ?? '' }))
    .filter((one) => one.before !== one.after);
  return [
    ...switched,
    ...listed('Allowlist', before.policy.allowlist.repositories, after.policy.allowlist.repositories),
    ...listed('Registries', before.policy.registryAccess.registries, after.policy.registryAccess.registries),
  ];
}

/** Every switch by what people call it. */
export function switchesOf({ policy, enforceSignIn }: PolicySettings): Readonly<Record<string, string>> {
  const { enabled, allow, allowlist, registryAccess } = policy;
  const image = (category: CatalogCategory) => [`${categoryLabel[category]} images`, allowedOrRefused(allow[category])];
  return {
    'Image access management': onOrOff(enabled),
    'Enforce sign-in': onOrOff(enforceSignIn),
    'Organization images': 'always allowed',
    ...Object.fromEntries((['official', 'verified-publisher', 'sponsored-oss', 'community'] as const).map(image)),
    'Repository allowlist': onOrOff(allowlist.enabled),
    'Registry access': onOrOff(registryAccess.enabled),
    'Docker Hub': allowedOrRefused(registryAccess.dockerHub),
  };
}

function listed(setting: string, before: ReadonlySet<string>, after: ReadonlySet<string>): readonly Difference[] {
  const removed = [...before.difference(after)].sort().map((name) => ({ setting, before: name, after: 'not listed' }));
  const added = [...after.difference(before)].sort().map((name) => ({ setting, before: 'not listed', after: name }));
  return [...removed, ...added];
}

function onOrOff(value: boolean): string {
  return value ? 'on' : 'off';
}

function allowedOrRefused(value: boolean): string {
  return value ? 'allowed' : 'refused';
}
