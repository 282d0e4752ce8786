import { canonicalRegistry, dockerHub, InvalidReference } from '@pullgate/policy';
import { InvalidInput } from '../administration-error.ts';
import type { CustomRegistry } from './settings.ts';

/** As many as Docker's Registry Access Management takes. */
const maxRegistries = 100;
const maxAddressLength = 300;
const maxNameLength = 200;

/**
 * The canonical hosts of the registries that are allowed.
 *
 * @throws InvalidInput when one is no registry, is Docker Hub, or stands there twice in whatever spelling
 */
export function allowedHosts(registries: readonly CustomRegistry[]): ReadonlySet<string> {
  if (registries.length > maxRegistries) {
    throw new InvalidInput('customRegistries', `At most ${maxRegistries} registries can be listed.`);
  }
  const byHost = new Map<string, CustomRegistry>();
  for (const registry of registries) {
    const host = checkedHost(registry);
    // One that is allowed and refused at once would be a trap.
    if (byHost.has(host)) throw new InvalidInput('customRegistries', `The registry ${host} stands there twice.`);
    byHost.set(host, registry);
  }
  return new Set([...byHost].filter(([, { allowed }]) => allowed).map(([host]) => host));
}

/**
 * The registries as owners wrote them down, with what the policy says of them now: it can be changed elsewhere, and an
 * earlier one can be put in force again.
 */
export function listRegistries(
  written: readonly CustomRegistry[],
  allowed: ReadonlySet<string>,
): readonly CustomRegistry[] {
  const hosts = new Set(written.map(({ address }) => hostOf(address)));
  const others = [...allowed].filter((host) => !hosts.has(host)).sort();
  return [
    ...written.map((registry) => ({ ...registry, allowed: allowed.has(hostOf(registry.address)) })),
    ...others.map((host) => ({ address: host, friendlyName: host, allowed: true })),
  ];
}

export interface RewrittenRegistry {
  readonly host: string;
  readonly before: Pick<CustomRegistry, 'address' | 'friendlyName'>;
  readonly after: Pick<CustomRegistry, 'address' | 'friendlyName'>;
}

/** The registries that are still there, with another spelling of the address or another name. */
export function rewrittenRegistries(
  before: readonly CustomRegistry[],
  after: readonly CustomRegistry[],
): readonly RewrittenRegistry[] {
  const known = new Map(before.map((registry) => [hostOf(registry.address), registry]));
  return after.flatMap(({ address, friendlyName }) => {
    const host = hostOf(address);
    const old = known.get(host);
    if (!old || (old.address === address && old.friendlyName === friendlyName)) return [];
    return [
      { host, before: { address: old.address, friendlyName: old.friendlyName }, after: { address, friendlyName } },
    ];
  });
}

function checkedHost({ address, friendlyName }: CustomRegistry): string {
  if (address.length > maxAddressLength || friendlyName.length > maxNameLength) {
    throw new InvalidInput('customRegistries', 'The address or the name of a registry is too long.');
  }
  try {
    const host = hostOf(address);
    if (host !== dockerHub) return host;
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    throw new InvalidInput(
      'customRegistries',
      `${JSON.stringify(address)} is not the address of a registry, such as https://ghcr.io.`,
    );
  }
  throw new InvalidInput('customRegistries', 'Docker Hub has a switch of its own and is not among the others.');
}

/** Owners write it with or without a scheme, and with a slash at the end as browsers show it. */
function hostOf(address: string): string {
  return canonicalRegistry(address.replace(/^https?:\/\//i, '').replace(/\/$/, ''));
}
