import type { RegistryAccessBody } from '@pullgate/contract';
import { canonicalRegistry, dockerHub, InvalidReference } from '@pullgate/policy';

export type CustomRegistry = RegistryAccessBody['custom_registries'][number];

/** As many as the server takes. */
export const maxRegistries = 100;

/** What is typed, as the host that pulls are judged by; or why it is none. */
export type RegistryHost = { readonly host: string } | { readonly problem: string };

/** Reads a registry as owners paste it: with or without `https://`, with or without a slash at the end. */
export function readRegistry(text: string): RegistryHost {
  const bare = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '');
  if (bare.includes('/'))
    return { problem: 'Only the host counts, such as ghcr.io: leave out what follows the slash.' };
  try {
    return { host: canonicalRegistry(bare) };
  } catch (error) {
    if (error instanceof InvalidReference) return { problem: error.message };
    throw error;
  }
}

/** The host of an entry; as it is written if it is no host, so that it can still be seen and removed. */
export function hostOf({ address }: CustomRegistry): string {
  const read = readRegistry(address);
  return 'host' in read ? read.host : address;
}

export function isHubAllowed({ standard_registries }: RegistryAccessBody): boolean {
  return standard_registries.some(({ allowed }) => allowed);
}

/** Hosts that members may pull from while registry access is on. */
export function allowedHosts(access: RegistryAccessBody): readonly string[] {
  const custom = access.custom_registries.filter(({ allowed }) => allowed).map(hostOf);
  return isHubAllowed(access) ? [dockerHub, ...custom] : custom;
}

/** A change of the whole: the server takes and gives nothing less. */
export type RegistryAccessEdit = (access: RegistryAccessBody) => RegistryAccessBody;

export function switchTo(enabled: boolean): RegistryAccessEdit {
  return (access) => ({ ...access, enabled });
}

export function allowHub(allowed: boolean): RegistryAccessEdit {
  return (access) => ({ ...access, standard_registries: [{ id: 'DockerHub', allowed }] });
}

/** In place of an entry for the same host, else at the end. */
export function put(registry: CustomRegistry): RegistryAccessEdit {
  const host = hostOf(registry);
  return (access) => {
    const isKnown = access.custom_registries.some((one) => hostOf(one) === host);
    const replaced = access.custom_registries.map((one) => (hostOf(one) === host ? registry : one));
    return { ...access, custom_registries: isKnown ? replaced : [...replaced, registry] };
  };
}

export function remove(host: string): RegistryAccessEdit {
  return (access) => ({
    ...access,
    custom_registries: access.custom_registries.filter((one) => hostOf(one) !== host),
  });
}
