/** How clients reach the gate: built from the configuration, never from a request, or a Host header could redirect credentials. */
export interface PublicAddress {
  /** Without a trailing slash. */
  readonly url: string;
  /** `host[:port]` as in `docker login host`. */
  readonly host: string;
  /** The name that registry tokens are for. */
  readonly service: string;
  /** The registry that a host stands for, by the configured aliases. */
  registryOfHost(host: string): string | undefined;
  /** Where a client that came by this Host header gets its tokens. An alias keeps its clients: they may reach no other name. */
  tokenRealm(hostHeader: string | undefined): string;
}

/** `aliases` maps a host name, lower case and without port, to a canonical registry. */
export function createPublicAddress(externalUrl: string, aliases: ReadonlyMap<string, string>): PublicAddress {
  const url = new URL(externalUrl);
  const base = url.origin;

  function aliasOf(hostHeader: string): string | undefined {
    if (aliases.size === 0) return undefined;
    const name = hostHeader.replace(/:\d+$/, '').toLowerCase();
    return aliases.has(name) ? name : undefined;
  }

  return {
    url: base,
    host: url.host,
    service: url.host,
    registryOfHost(host) {
      const alias = aliasOf(host);
      return alias === undefined ? undefined : aliases.get(alias);
    },
    tokenRealm(hostHeader) {
      const alias = aliasOf(hostHeader ?? '');
      if (alias === undefined) return `${base}/token`;
      return `${url.protocol}//${alias}${url.port === '' ? '' : `:${url.port}`}/token`;
    },
  };
}
