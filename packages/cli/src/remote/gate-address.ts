import { usage } from '../failure.ts';

/**
 * Scheme and host of a gate as a person writes it: `gate.acme.dev` is `https://gate.acme.dev`. A secret goes there, so
 * it has to be https, but on this machine.
 *
 * @throws {Failure} that says how an address is written
 */
export function parseGateAddress(text: string): string {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  const isPlain =
    url !== null && url.pathname === '/' && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw usage(`${JSON.stringify(text)} is no address of a gate. One is written like https://gate.acme.dev.`);
  }
  if (url.protocol === 'http:' && !isThisMachine(url.hostname)) {
    throw usage(`http:// would send the secret in the clear to ${url.host}. Use https://${url.host}.`);
  }
  return url.origin;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
