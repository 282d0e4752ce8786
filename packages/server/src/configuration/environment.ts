import path from 'node:path';
import type { ConfigurationProblem } from './configuration-error.ts';
import { closest } from './suggestion.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

interface Variable {
  readonly path: readonly [string, ...string[]];
  /** How the variable's text becomes what the file would have said. */
  readonly read?: (text: string, folder: string) => unknown;
}

const fromFolder = (text: string, folder: string): string => path.resolve(folder, text);
const list = (text: string): string[] => text.split(',').map((item) => item.trim());

/** Which setting each variable overrides. Maps of things (upstreams, overrides) have no variables: they need a file. */
const variables: Readonly<Record<string, Variable>> = {
  PULLGATE_URL: { path: ['url'] },
  PULLGATE_HOST: { path: ['listen', 'host'] },
  PULLGATE_PORT: { path: ['listen', 'port'] },
  PULLGATE_TLS_CERTIFICATE: { path: ['tls', 'certificate'], read: fromFolder },
  PULLGATE_TLS_KEY: { path: ['tls', 'key'], read: fromFolder },
  PULLGATE_DATA: { path: ['data'], read: fromFolder },
  PULLGATE_DATABASE_URL: { path: ['database', 'url'] },
  PULLGATE_DATABASE_PASSWORD: { path: ['database', 'password'], read: () => ({ env: 'PULLGATE_DATABASE_PASSWORD' }) },
  PULLGATE_DATABASE_CA: { path: ['database', 'tls', 'ca'], read: fromFolder },
  PULLGATE_TRUSTED_PROXIES: { path: ['trusted_proxies'], read: list },
  PULLGATE_HUB_URL: { path: ['hub', 'url'] },
  PULLGATE_CATALOG_REFRESH: { path: ['catalog', 'refresh'] },
  PULLGATE_CACHE_MAX_BYTES: { path: ['cache', 'max_bytes'] },
  PULLGATE_CACHE_TAG_TTL: { path: ['cache', 'tag_ttl'] },
  PULLGATE_LOG_LEVEL: { path: ['log', 'level'] },
  PULLGATE_PULLS_RETENTION: { path: ['pulls', 'retention'] },
  PULLGATE_ACTIVITY_RETENTION: { path: ['activity', 'retention'] },
  PULLGATE_SHUTDOWN_GRACE: { path: ['shutdown', 'grace'] },
};

/** Names the file that holds the rest. */
export const fileVariable = 'PULLGATE_CONFIG';

/** `pullgate login` reads it, and no setting is behind it. */
const loginVariable = 'PULLGATE_TOKEN';

/**
 * What Kubernetes puts into every container of a namespace with a service called `pullgate`. They are not meant for us,
 * and `PULLGATE_PORT=tcp://10.0.0.7:5050` would stop the gate as soon as its own service exists.
 */
const serviceLink = /^PULLGATE_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
const serviceLinkPort = /^(?:tcp|udp|sctp):\/\//;

/** The settings that the environment brings, over those of the file, and the variable that each came from. */
export interface Overridden {
  readonly value: unknown;
  /** The variable that a setting came from, if it did. */
  variableOf(path: readonly (string | number)[]): string | undefined;
}

/** Lays the environment over the file's settings. An empty variable counts as none, as Compose files pass them so. */
export function override(settings: unknown, environment: Environment, folder: string): Overridden {
  let value = settings;
  const origins = new Map<string, string>();
  for (const [name, variable] of Object.entries(variables)) {
    const text = environment[name]?.trim();
    if (text === undefined || text === '' || isServiceLink(name, text)) continue;
    value = withSetting(value, variable.path, variable.read?.(text, folder) ?? text);
    origins.set(variable.path.join('.'), name);
  }
  return {
    value,
    variableOf: (path) => path.map((_, depth) => origins.get(path.slice(0, depth + 1).join('.'))).find(Boolean),
  };
}

/** Variables that look like settings and are none: a typing mistake there would be silent otherwise. */
export function unknownVariables(environment: Environment, referenced: ReadonlySet<string>): ConfigurationProblem[] {
  const known = [fileVariable, loginVariable, ...Object.keys(variables)];
  return Object.entries(environment)
    .filter(([name, text]) => name.startsWith('PULLGATE_') && !isServiceLink(name, text ?? ''))
    .filter(([name]) => !known.includes(name) && !referenced.has(name))
    .map(([name]) => ({
      source: name,
      line: undefined,
      column: undefined,
      setting: '',
      expected: `${closest(name, known) ?? 'a variable that exists'} or none`,
      found: 'a variable that means nothing',
    }));
}

function isServiceLink(name: string, text: string): boolean {
  return serviceLink.test(name) || (name === 'PULLGATE_PORT' && serviceLinkPort.test(text));
}

function withSetting(settings: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  // What is not a map stays as it is, for the schema to refuse.
  if (settings !== null && settings !== undefined && !isRecord(settings)) return settings;
  return { ...settings, [key]: withSetting(settings?.[key], rest, value) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
