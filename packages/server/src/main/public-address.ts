import type { Configuration } from '../configuration/configuration.ts';
import { createPublicAddress, type PublicAddress } from '../http/public-address.ts';

/** @param port that is listened on: with port 0 the system picks one, and only now is it known. */
export function publicAddress({ url, upstreams }: Configuration, port: number): PublicAddress {
  const parsed = new URL(url);
  if (parsed.port === '0') parsed.port = String(port);
  const aliases = [...upstreams.values()].flatMap((upstream) =>
    upstream.aliases.map((alias) => [alias, upstream.registry] as const),
  );
  return createPublicAddress(parsed.origin, new Map(aliases));
}
