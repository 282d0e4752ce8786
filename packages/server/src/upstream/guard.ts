import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Where an upstream must never lead the gate, however it is configured: cloud metadata services, which hand out
 * machine credentials to whoever asks, and addresses that name no single host.
 */
const neverReachable = [
  '0.0.0.0/8',
  '169.254.0.0/16', // link-local: 169.254.169.254 is the metadata address of most clouds
  '100.100.100.200/32', // Alibaba Cloud metadata
  '168.63.129.16/32', // Azure platform address
  '192.0.0.192/32', // Oracle Cloud metadata
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const neverReachable6 = ['::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', 'fd00:ec2::254/128', 'fd20:ce::254/128'];

/** What an operator may open for one upstream: the machine itself, private networks, and reserved ranges. */
const privateOrReserved = [
  '10.0.0.0/8',
  '100.64.0.0/10', // carrier-grade NAT, RFC 6598
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
];
const privateOrReserved6 = [
  '::/96', // loopback, and IPv4-compatible addresses
  '64:ff9b:1::/48', // NAT64 of a local network, RFC 8215
  '100::/64',
  '2001::/23', // Teredo and other protocol assignments
  '2001:db8::/32',
  '2002::/16', // 6to4 holds an IPv4 address
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
];

/** Prefixes of IPv6 addresses whose last 32 bits are an IPv4 address: IPv4-mapped and NAT64 (RFC 6052). */
const embeddingPrefixes = ['::ffff:', '64:ff9b::'];

const never = blockList(neverReachable, neverReachable6);
const unlessAllowed = blockList(privateOrReserved, privateOrReserved6);

/** The gate was led to an address that its upstream must not reach. Names no address: it may come from a signed URL. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

export interface AddressGuard {
  /** Whether a connection to this IP address is allowed. What is not an IP address is not. */
  allows(address: string): boolean;
  /** Throws `AddressRefused` when the host is an IP literal (also in brackets) that is not allowed: those are never resolved. */
  checkHost(hostname: string): void;
  /** For `net.connect`: resolves a name and hands on allowed addresses only, so that what was checked is what is connected to. */
  readonly lookup: LookupFunction;
}

/**
 * Keeps an upstream, which may answer with any redirect, realm or DNS record, from turning the gate against the
 * network it stands in (server-side request forgery, DNS rebinding).
 */
export function createAddressGuard(options: { allowPrivate: boolean }): AddressGuard {
  const allows = (address: string): boolean => {
    const bare = address.replace(/%.*$/, '');
    const family = isIP(bare);
    if (family === 0) return false;
    const type = family === 4 ? 'ipv4' : 'ipv6';
    return !never.check(bare, type) && (options.allowPrivate || !unlessAllowed.check(bare, type));
  };

  return {
    allows,
    checkHost(hostname) {
      const host = hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !allows(host)) throw refused();
    },
    lookup(hostname, lookupOptions, callback) {
      resolve(hostname, { ...lookupOptions, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, []);
        const allowed = addresses.filter(({ address }) => allows(address));
        const [first] = allowed;
        if (first === undefined) return callback(refused(), []);
        if (lookupOptions.all === true) return callback(null, allowed);
        callback(null, first.address, first.family);
      });
    },
  };
}

function refused(): AddressRefused {
  return new AddressRefused('the address is private or reserved');
}

function blockList(subnets: readonly string[], subnets6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address, bits] = split(subnet);
    list.addSubnet(address, bits, 'ipv4');
    for (const prefix of embeddingPrefixes) list.addSubnet(`${prefix}${address}`, 96 + bits, 'ipv6');
  }
  for (const subnet of subnets6) list.addSubnet(...split(subnet), 'ipv6');
  return list;
}

function split(subnet: string): [address: string, bits: number] {
  const slash = subnet.indexOf('/');
  return [subnet.slice(0, slash), Number(subnet.slice(slash + 1))];
}
