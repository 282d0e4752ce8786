import { BlockList, isIP, SocketAddress } from 'node:net';

/** Proxies whose word about the client's address is taken. */
export interface TrustedProxies {
  includes(address: string): boolean;
}

/**
 * Parses addresses and CIDR ranges of trusted proxies.
 *
 * @throws Error that names the range which is none
 */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  if (ranges.length === 0) return { includes: () => false };
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return { includes: (address) => list.check(address, familyOf(address)) };
}

const prefixShape = /^\d{1,3}$/;

function addRange(list: BlockList, range: string): void {
  const [network = '', prefix = isIP(network) === 4 ? '32' : '128', ...rest] = range.split('/');
  const widest = isIP(network) === 4 ? 32 : 128;
  if (isIP(network) === 0 || rest.length > 0 || !prefixShape.test(prefix) || Number(prefix) > widest) {
    throw new Error(`"${range}" is no IP address or CIDR range, such as 10.0.0.0/8 or fd00::/8.`);
  }
  list.addSubnet(network, Number(prefix), familyOf(network));
}

/** More hops than any chain of real proxies has; the header is the client's to fill. */
const mostHops = 16;

/**
 * The address of the client: the first one, from the right, that no trusted proxy has. Each proxy appends the address
 * that it was called from, so everything further to the left is hearsay: the client may have sent it.
 *
 * @param peer the remote address of the connection
 * @param forwardedFor the X-Forwarded-For header, several joined with commas as Node does
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, proxies: TrustedProxies): string {
  let address = canonicalAddress(peer) ?? 'unknown';
  if (forwardedFor === undefined || address === 'unknown') return address;
  let end = forwardedFor.length;
  for (let hop = 0; hop < mostHops && end > 0 && proxies.includes(address); hop++) {
    const comma = forwardedFor.lastIndexOf(',', end - 1);
    const next = canonicalAddress(forwardedFor.slice(comma + 1, end).trim());
    // A proxy that is trusted said something that is no address, or nothing: nobody nearer to the client is known.
    if (next === undefined) return address;
    address = next;
    end = comma;
  }
  return address;
}

const longestAddress = 64;
const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/;
const withPort = /^([\d.]+):\d{1,5}$/;
const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/** One spelling for each address: without port, zone and IPv4 mapping (RFC 4291 section 2.5.5.2), IPv6 as RFC 5952. */
function canonicalAddress(text: string): string | undefined {
  if (text.length > longestAddress) return undefined;
  // What the peer of an IPv4 socket is: nothing to take off.
  if (isIP(text) === 4) return text;
  const bare = bracketed.exec(text)?.[1] ?? withPort.exec(text)?.[1] ?? text;
  const version = isIP(bare);
  if (version === 4) return bare;
  if (version === 0) return undefined;
  const [address = bare] = bare.split('%');
  const canonical = new SocketAddress({ address, family: 'ipv6' }).address;
  return mapped.exec(canonical)?.[1] ?? canonical;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
