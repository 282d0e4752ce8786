import type { IncomingMessage } from 'node:http';
import { endpoints, openApiDocument } from '@pullgate/contract';
import type { FollowingDirectory } from '../access/live-directory.ts';
import type { PublicAddress } from '../http/public-address.ts';
import type { TrustedProxies } from '../observe/client-address.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { SignInPaths } from '../sign-in/authentication.ts';
import { type Api, createApi } from './api.ts';
import { createAuthenticate } from './authenticate.ts';
import { bindEndpoints } from './bind.ts';
import { createHandlers, type HandlerOptions } from './handlers.ts';
import { createOriginOf } from './paging.ts';
import { referencePage } from './reference-page.ts';

export interface OrganizationApiOptions extends HandlerOptions {
  /** Of Pullgate. */
  readonly version: string;
  readonly directory: FollowingDirectory;
  readonly address: PublicAddress;
  readonly proxies: TrustedProxies;
  readonly scim: SignInPaths['scim'];
  readonly browser: SignInPaths['browser'];
  /** Network address of the client. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly onUnexpected: (error: unknown, endpoint: string) => void;
  /** Name of the cookie that a browser's session has. */
  readonly sessionCookie: string;
}

/**
 * Puts the organization API together from the contract's table.
 *
 * @throws Error when a line of the table has no handler, or no permission that can be checked
 */
export function createOrganizationApi(options: OrganizationApiOptions): Api {
  const { administration, version, sessionCookie, address, proxies, now } = options;
  const document = openApiDocument({ version, address: address.url, sessionCookie });
  const reference = { openApi: JSON.stringify(document), html: referencePage(document) };
  return createApi({
    ...options,
    lines: bindEndpoints(endpoints, createHandlers(options), reference),
    authenticate: createAuthenticate(options),
    invitations: administration.invitations,
    organizationTokens: administration.organizationTokens,
    rateLimit: createRateLimit(now),
    originOf: createOriginOf(address, proxies),
  });
}
