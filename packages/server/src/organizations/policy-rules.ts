import {
  canonicalRegistry,
  dockerHub,
  type ImageAccessPolicy,
  InvalidReference,
  parseImageReference,
  settingTitle,
} from '@pullgate/policy';
import type { Action, Details } from '../activity/activity.ts';
import { InvalidInput } from '../administration-error.ts';

/** Every node keeps the whole list in memory, and a change of it is read by all of them. */
const maxAllowlist = 20_000;
/** As many as Docker's Registry Access Management takes. */
const maxRegistries = 100;
/** Characters of a wrong name that are shown again. */
const maxShown = 80;

/**
 * Checks that a policy says what it seems to say: a name that is not canonical would never match and be an inert rule.
 *
 * @throws InvalidInput
 */
export function checkPolicy({ allowlist, registryAccess }: ImageAccessPolicy): void {
  if (allowlist.repositories.size > maxAllowlist) {
    throw new InvalidInput('allowlist', `The repository allowlist holds at most ${maxAllowlist} repositories.`);
  }
  if (registryAccess.registries.size > maxRegistries) {
    throw new InvalidInput('registryAccess', `At most ${maxRegistries} registries can be allowed.`);
  }
  for (const name of allowlist.repositories) checkRepository(name);
  for (const host of registryAccess.registries) checkRegistry(host);
}

function checkRepository(name: string): void {
  if (isSpelledAs(name, () => parseImageReference(name).repository.name)) return;
  throw new InvalidInput(
    'allowlist',
    `${JSON.stringify(name.slice(0, maxShown))} is not the full name of a repository, such as docker.io/library/nginx, without a tag.`,
  );
}

function checkRegistry(host: string): void {
  if (host === dockerHub) {
    throw new InvalidInput(
      'registryAccess',
      'Docker Hub has a switch of its own and is not among the other registries.',
    );
  }
  if (isSpelledAs(host, () => canonicalRegistry(host))) return;
  throw new InvalidInput(
    'registryAccess',
    `${JSON.stringify(host.slice(0, maxShown))} is not the host of a registry, such as ghcr.io.`,
  );
}

function isSpelledAs(text: string, canonical: () => string): boolean {
  try {
    return canonical() === text;
  } catch (error) {
    if (error instanceof InvalidReference) return false;
    throw error;
  }
}

/** What differs between two policies, by the names of the settings. Of lists only what one has and the other has not. */
export interface PolicyDifference {
  readonly before: Details;
  readonly after: Details;
}

/** What changed from one policy to another, and nothing else; undefined when nothing did. */
export function policyDifference(before: ImageAccessPolicy, after: ImageAccessPolicy): PolicyDifference | undefined {
  const [old, young] = [flatten(before), flatten(after)];
  const changed = Object.keys(old).filter((key) => !isSame(old[key], young[key]));
  if (changed.length === 0) return undefined;
  const pick = (from: Record<string, Setting>, other: Record<string, Setting>) =>
    Object.fromEntries(changed.map((key) => [key, without(from[key], other[key])]));
  return { before: pick(old, young), after: pick(young, old) };
}

/** Names of one change that it is found by: each search reads those of all versions. */
const maxSearched = 1_000;

/** What a version is searched by: the settings that changed, and what was put into lists or taken out. One on each line. */
export function wordsOf({ before, after }: PolicyDifference): string {
  const names = [...Object.values(before), ...Object.values(after)].filter(Array.isArray).flat().slice(0, maxSearched);
  const settings = Object.entries(settingTitle).filter(([setting]) => Object.hasOwn(after, setting));
  return [...settings.map(([, title]) => title), ...names].join('\n');
}

/** What changed in registry access, in the words that Docker Hub has for it. The registry is absent for the whole. */
export function registryChanges(
  { registryAccess: before }: ImageAccessPolicy,
  { registryAccess: after }: ImageAccessPolicy,
): readonly { readonly action: Action; readonly registry?: string }[] {
  const [old, young] = [allowedRegistries(before), allowedRegistries(after)];
  const switched = after.enabled ? 'org.registry_access.enabled' : 'org.registry_access.disabled';
  return [
    ...(before.enabled === after.enabled ? [] : [{ action: switched } as const]),
    ...[...young.difference(old)].map((registry) => ({
      action: 'org.registry_access.registry_added' as const,
      registry,
    })),
    ...[...old.difference(young)].map((registry) => ({
      action: 'org.registry_access.registry_removed' as const,
      registry,
    })),
  ];
}

function allowedRegistries(access: ImageAccessPolicy['registryAccess']): ReadonlySet<string> {
  return access.dockerHub ? new Set([dockerHub, ...access.registries]) : access.registries;
}

type Setting = boolean | ReadonlySet<string> | undefined;

function flatten({ enabled, allow, allowlist, registryAccess }: ImageAccessPolicy): Record<string, Setting> {
  return {
    enabled,
    ...allow,
    'allowlist.enabled': allowlist.enabled,
    'allowlist.repositories': allowlist.repositories,
    'registryAccess.enabled': registryAccess.enabled,
    'registryAccess.dockerHub': registryAccess.dockerHub,
    'registryAccess.registries': registryAccess.registries,
  };
}

function isSame(one: Setting, other: Setting): boolean {
  return isList(one) && isList(other) ? one.symmetricDifference(other).size === 0 : one === other;
}

/** Of a set only what the other has not: what was taken out, or put in. A full list on each change would drown it. */
function without(one: Setting, other: Setting): unknown {
  return isList(one) && isList(other) ? [...one.difference(other)].sort() : one;
}

function isList(setting: Setting): setting is ReadonlySet<string> {
  return setting instanceof Set;
}
