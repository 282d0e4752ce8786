import type { LiveDirectory } from '../access/directory.ts';
import { type Catalog, createCatalog } from '../catalog/catalog.ts';
import type { HubRepositories } from '../catalog/hub-repositories.ts';
import type { Configuration, UpstreamConfiguration } from '../configuration/configuration.ts';
import type { Audience, Source, Upstream } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import type { Stores } from '../database/stores.ts';
import type { Log } from '../observe/log.ts';
import { createHubApi } from '../upstream/hub-api.ts';
import { createHubRepositories } from '../upstream/hub-repositories.ts';
import { createRegistryUpstream } from '../upstream/registry-upstream.ts';

const defaultHub = 'https://hub.docker.com';
const dockerHub = 'docker.io';

export async function openCatalog(
  configuration: Configuration,
  stores: Stores,
  log: Log,
  closing: AsyncDisposableStack,
): Promise<Catalog> {
  const hub = createHubApi(hubOptions(configuration));
  closing.defer(() => hub.close());
  const catalog = await createCatalog({
    store: stores.categories,
    badges: hub,
    overrides: configuration.catalog.overrides,
    refreshMs: configuration.catalog.refreshMs,
    log,
  });
  closing.defer(() => catalog.close());
  return catalog;
}

/** What Docker Hub tells of repositories, in the name of the organization that claims them. */
export function openHubRepositories(
  configuration: Configuration,
  directory: LiveDirectory,
  closing: AsyncDisposableStack,
): HubRepositories {
  const upstream = configuration.upstreams.get(dockerHub);
  const hub = createHubRepositories({
    ...hubOptions(configuration),
    credentials: (audience) => upstream && credentialFor(upstream, audience, directory),
    now: Date.now,
  });
  closing.defer(() => hub.close());
  return hub;
}

/** A hub that the operator named is one that the operator vouches for, wherever it is. */
function hubOptions({ hub: { url } }: Configuration) {
  return {
    url,
    allowHttp: url.startsWith('http:'),
    allowPrivateAddresses: url !== defaultHub,
  };
}

/** Told of each request to an upstream. */
export interface UpstreamObserver {
  succeeded(registry: string): void;
  failed(registry: string, code: ContentError['code']): void;
}

export function openUpstreams(
  configuration: Configuration,
  directory: LiveDirectory,
  observer: UpstreamObserver,
  closing: AsyncDisposableStack,
): (source: Source) => Upstream {
  const upstreams = new Map(
    [...configuration.upstreams.values()].map((upstream) => {
      const { registry } = upstream;
      const client = createRegistryUpstream({
        ...upstream,
        credentials: (audience) => credentialFor(upstream, audience, directory),
        onSuccess: () => observer.succeeded(registry),
        onError: (code) => observer.failed(registry, code),
      });
      closing.defer(() => client.close());
      return [registry, client] as const;
    }),
  );
  return ({ repository }: Source) => {
    const upstream = upstreams.get(repository.registry);
    if (!upstream) throw new ContentError('not-found', `${repository.registry} is not configured as an upstream.`);
    return upstream;
  };
}

function credentialFor(upstream: UpstreamConfiguration, audience: Audience, { current }: LiveDirectory) {
  const id = audience === 'public' ? undefined : audience.slice('organization:'.length);
  const name = id === undefined ? undefined : current.organizationById(id)?.name;
  const credential = (name === undefined ? undefined : upstream.organizations.get(name)) ?? upstream.credential;
  return credential && { username: credential.username, password: credential.password.reveal() };
}
