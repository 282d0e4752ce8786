import { canonicalRegistry, dockerHub, InvalidReference } from '@pullgate/policy';
import { upstreamPresets } from '../upstream/presets.ts';
import type { Complain } from './complaints.ts';
import type { UpstreamConfiguration, UpstreamCredential } from './configuration.ts';
import type { Path } from './document.ts';
import { emptyUpstream, type SecretReference, type UpstreamSettings } from './schema.ts';
import type { SecretReader } from './secrets.ts';

export interface Credentials {
  readonly username?: string | undefined;
  readonly password?: SecretReference | undefined;
}

/** An upstream as it is listed. */
interface Listed {
  readonly registry: string;
  readonly settings: UpstreamSettings;
  readonly path: Path;
}

/**
 * The registries to pull from, by canonical host: those that are listed, or Docker Hub when none is. `gateHost` is the
 * host of the gate's own URL.
 */
export function resolveUpstreams(
  named: Readonly<Record<string, UpstreamSettings>>,
  gateHost: string,
  secrets: SecretReader,
  complain: Complain,
): ReadonlyMap<string, UpstreamConfiguration> {
  const listed = listUpstreams(Object.keys(named).length === 0 ? { [dockerHub]: emptyUpstream } : named, complain);
  checkAliases(listed, gateHost, complain);
  return new Map(listed.map((upstream) => [upstream.registry, resolveUpstream(upstream, secrets, complain)]));
}

function listUpstreams(named: Readonly<Record<string, UpstreamSettings>>, complain: Complain): readonly Listed[] {
  const listed = new Map<string, Listed>();
  for (const [name, settings] of Object.entries(named)) {
    const path = ['upstreams', name];
    const registry = registryOf(name);
    if (registry === undefined) {
      complain({ path, part: 'key', expected: 'the host of a registry, such as ghcr.io', found: JSON.stringify(name) });
    } else if (listed.has(registry)) {
      complain({ path, part: 'key', expected: 'each registry once', found: `${registry} a second time` });
    } else {
      listed.set(registry, { registry, settings, path });
    }
  }
  return [...listed.values()];
}

function registryOf(name: string): string | undefined {
  try {
    return canonicalRegistry(name);
  } catch (error) {
    if (error instanceof InvalidReference) return undefined;
    throw error;
  }
}

function resolveUpstream(
  { registry, settings, path }: Listed,
  secrets: SecretReader,
  complain: Complain,
): UpstreamConfiguration {
  const preset = Object.hasOwn(upstreamPresets, registry) ? upstreamPresets[registry] : undefined;
  const url = settings.url ?? preset?.url ?? `https://${registry}`;
  // A preset's token service belongs to the preset's address, not to a mirror that stands in for it.
  const token = settings.token.realm === undefined && settings.url === undefined ? preset?.token : undefined;
  for (const [key, address] of [
    ['url', settings.url],
    ['token', settings.token.realm],
  ] as const) {
    if (address?.startsWith('http:') && !settings.allow_http) {
      complain({ path: [...path, key], part: 'value', expected: 'an https address, or allow_http: true beside it' });
    }
  }
  if (settings.token.service !== undefined && settings.token.realm === undefined) {
    complain({
      path: [...path, 'token'],
      part: 'key',
      expected: 'a realm beside the service',
      found: 'only a service',
    });
  }
  return {
    registry,
    url,
    token:
      settings.token.realm === undefined
        ? token && { realm: token.realm, service: token.service }
        : { realm: settings.token.realm, service: settings.token.service },
    credential: resolveCredential(settings, path, secrets, complain),
    organizations: resolveOrganizations(settings.organizations, [...path, 'organizations'], secrets, complain),
    aliases: settings.aliases,
    allowPrivateAddresses: settings.allow_private_addresses,
    allowHttp: settings.allow_http,
  };
}

function resolveOrganizations(
  organizations: UpstreamSettings['organizations'],
  path: Path,
  secrets: SecretReader,
  complain: Complain,
): ReadonlyMap<string, UpstreamCredential> {
  const credentials = Object.entries(organizations).map(
    ([name, settings]) => [name, resolveCredential(settings, [...path, name], secrets, complain)] as const,
  );
  return new Map(credentials.flatMap(([name, credential]) => (credential === undefined ? [] : [[name, credential]])));
}

/** User name and password, or neither. */
function resolveCredential(
  { username, password }: Credentials,
  path: Path,
  secrets: SecretReader,
  complain: Complain,
): UpstreamCredential | undefined {
  if (username !== undefined && password !== undefined) {
    const secret = secrets.read(password, [...path, 'password']);
    return secret && { username, password: secret };
  }
  if (username !== undefined) {
    complain({ path: [...path, 'username'], part: 'key', expected: 'a password beside it', found: 'none' });
  }
  if (password !== undefined) {
    complain({ path: [...path, 'password'], part: 'key', expected: 'a username beside it', found: 'none' });
  }
  return undefined;
}

/**
 * Refuses host names that would stand for two things: which registry a request means must follow from its Host header
 * without a choice.
 */
function checkAliases(listed: readonly Listed[], gateHost: string, complain: Complain): void {
  const owners = new Map(listed.map(({ registry }) => [registry, `the name of ${registry}`]));
  owners.set(gateHost, 'the host of url');
  for (const { registry, settings, path } of listed) {
    for (const [index, alias] of settings.aliases.entries()) {
      const owner = owners.get(alias);
      owners.set(alias, `an alias of ${registry}`);
      if (owner === undefined || alias === registry) continue;
      const found = `${alias}, which is ${owner}`;
      complain({ path: [...path, 'aliases', index], part: 'value', expected: 'a host name of its own', found });
    }
  }
}
