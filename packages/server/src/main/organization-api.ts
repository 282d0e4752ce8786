import type { IncomingMessage } from 'node:http';
import type { Check } from '../access/check.ts';
import type { FollowingDirectory } from '../access/live-directory.ts';
import type { SignIn } from '../access/sign-in.ts';
import type { DeliveryState } from '../activity/delivery/deliveries.ts';
import type { Administration } from '../administration.ts';
import type { Api } from '../api/api.ts';
import { createOrganizationApi } from '../api/organization-api.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { PublicAddress } from '../http/public-address.ts';
import type { CacheUse } from '../observe/cache-use.ts';
import type { TrustedProxies } from '../observe/client-address.ts';
import type { Log } from '../observe/log.ts';
import type { UpstreamHealth } from '../observe/upstream-health.ts';
import type { Pulls } from '../pulls/pulls.ts';
import type { Recorder } from '../pulls/recorder.ts';
import { createApiTokens } from '../tokens/api-token.ts';
import type { TokenUseNotes } from '../tokens/token-use.ts';
import { createPushProof } from '../upstream/push-proof.ts';
import type { SignInParts } from './sign-in.ts';
import { openHubRepositories } from './upstreams.ts';
import { version } from './version.ts';

export interface OrganizationApiParts {
  readonly configuration: Configuration;
  readonly address: PublicAddress;
  readonly proxies: TrustedProxies;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly directory: FollowingDirectory;
  readonly administration: Administration;
  readonly catalog: Catalog;
  readonly check: Check;
  readonly pulls: Pulls;
  readonly recorder: Recorder;
  readonly deliveries: () => Promise<readonly DeliveryState[]>;
  readonly signIn: SignIn;
  readonly signInParts: SignInParts;
  /** Signs bearers. */
  readonly key: Uint8Array;
  readonly uses: TokenUseNotes;
  readonly cacheUse: CacheUse;
  readonly health: UpstreamHealth;
  readonly cacheBytes: () => number;
  readonly log: Log;
}

/** Binds the contract's table to everything that answers it. */
export function openOrganizationApi(parts: OrganizationApiParts, closing: AsyncDisposableStack): Api {
  const { configuration, address, directory, administration, recorder, signInParts, log } = parts;
  const now = Date.now;
  return createOrganizationApi({
    ...signInParts,
    administration,
    directory,
    version,
    address,
    proxies: parts.proxies,
    addressOf: parts.addressOf,
    signIn: parts.signIn,
    tokens: createApiTokens({ key: parts.key, issuer: address.url, service: address.service, now }),
    catalog: parts.catalog,
    check: parts.check,
    pulls: parts.pulls,
    findPull: (id, organizationId) => recorder.find(id, organizationId === undefined ? {} : { organizationId }),
    activity: administration.activity,
    deliveries: parts.deliveries,
    hub: openHubRepositories(configuration, directory, closing),
    pushProof: createPushProof(configuration.upstreams, now),
    consoleUrl: `${address.url}/console`,
    status: async (countFrom) => ({
      version,
      host: address.host,
      mail: signInParts.mail !== undefined,
      cache: cacheStatus(parts, countFrom),
      upstreams: parts.health.states(),
    }),
    onMailError: (error) => log.warn({ err: error }, 'An invitation could not be sent; its link still works.'),
    onUse: (id, from) => parts.uses.noteUse(id, now(), from),
    onUnexpected: (error, endpoint) => log.error({ err: error, endpoint }, 'A request to the API failed.'),
    now,
  });
}

function cacheStatus({ cacheUse, configuration, cacheBytes }: OrganizationApiParts, countFrom: number | undefined) {
  return { ...cacheUse.counted(countFrom), bytes: cacheBytes(), maxBytes: configuration.cache.maxBytes ?? null };
}
