import { checkDomain } from './grammar.ts';
import { InvalidReference, shown } from './invalid-reference.ts';

/** Docker Hub's canonical host. Every alias is folded into it before anything is decided. */
export const dockerHub = 'docker.io';

/** Hosts that serve Docker Hub's content. Clients do not fold them all, so a rule for one would miss the others. */
const hubAliases: ReadonlySet<string> = new Set([
  dockerHub,
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
  'hub.docker.com',
]);

const defaultPorts: ReadonlySet<number> = new Set([80, 443]);
const httpsPort = 443;
const maxPort = 65_535;

/**
 * The one spelling of a registry's `host[:port]`: lower case, default port removed, Docker Hub's aliases folded.
 * A host of a single label keeps a port, `registry:443`: without one, `registry/app` would mean Docker Hub's `registry/app`.
 * Throws `InvalidReference`.
 */
export function canonicalRegistry(text: string): string {
  if (text === dockerHub) return dockerHub;
  checkDomain(text);
  const colon = text.lastIndexOf(':');
  const hasPort = colon > text.lastIndexOf(']');
  const host = canonicalHost(hasPort ? text.slice(0, colon) : text);
  const port = hasPort ? portOf(text, text.slice(colon + 1)) : httpsPort;
  if (!defaultPorts.has(port)) return `${host}:${port}`;
  if (hubAliases.has(host)) return dockerHub;
  return isHostWithoutPort(host) ? host : `${host}:${port}`;
}

/** Whether distribution/reference takes the first part of a name for a host although it has no port. */
export function isHostWithoutPort(text: string): boolean {
  return text === 'localhost' || text.includes('.') || text.includes(':');
}

function canonicalHost(host: string): string {
  return host.startsWith('[') ? canonicalAddress(host) : host.toLowerCase();
}

/** An IPv6 address has many spellings (RFC 5952), and all but one would pass by a rule. */
function canonicalAddress(address: string): string {
  const url = `http://${address}`;
  if (URL.canParse(url)) return new URL(url).hostname;
  throw new InvalidReference('invalid-host', `${shown(address)} is not an IPv6 address. Write it like [fc00::1].`);
}

function portOf(text: string, digits: string): number {
  const port = Number(digits);
  if (port >= 1 && port <= maxPort) return port;
  throw new InvalidReference(
    'invalid-host',
    `${shown(text)} has no valid port. A port is a number from 1 to ${maxPort}.`,
  );
}
