import { formatTime, type StatusBody } from '@pullgate/contract';
import type { SetUp } from '../sign-in/set-up.ts';
import type { Handlers } from './call.ts';
import { timeOrNull } from './profile.ts';

/** How the gate does. Times are milliseconds since 1970. */
export interface InstallationStatus {
  readonly version: string;
  /** What `docker login` is given. */
  readonly host: string;
  readonly mail: boolean;
  readonly cache: {
    /** Hits and misses are counted from here on. */
    readonly since: number;
    readonly hits: number;
    readonly misses: number;
    readonly bytes: number;
    readonly maxBytes: number | null;
  };
  readonly upstreams: readonly {
    readonly registry: string;
    readonly state: 'unknown' | 'up' | 'down';
    readonly lastSuccessAt: number | null;
    readonly lastFailureAt: number | null;
    readonly lastError: string | null;
  }[];
}

export interface InstallationOptions {
  readonly setUp: SetUp;
  /** Undefined without a mail server: then nobody can ask for a letter. */
  readonly mail: object | undefined;
  /** @param countFrom from when on hits and misses of the cache are counted; as long as they are kept when absent */
  readonly status: (countFrom?: number) => Promise<InstallationStatus>;
}

export function installationHandlers({ setUp, mail, status }: InstallationOptions) {
  return {
    async getSetUp() {
      return { needed: await setUp.needed(), mail: mail !== undefined };
    },

    async setUp({ body, remote }) {
      const { token, username, full_name, email, password, orgname, org_full_name } = body;
      const first = {
        username,
        email,
        password,
        organization: orgname,
        ...(full_name !== '' && { name: full_name }),
        ...(org_full_name !== '' && { organizationFullName: org_full_name }),
      };
      await setUp.complete(token, first, remote);
      return { username, orgname };
    },

    async getStatus({ query: { from } }) {
      return statusBody(await status(from));
    },
  } satisfies Partial<Handlers>;
}

function statusBody({ version, host, mail, cache, upstreams }: InstallationStatus): StatusBody {
  const { since, hits, misses, bytes, maxBytes } = cache;
  return {
    version,
    host,
    mail,
    cache: { since: formatTime(since), hits, misses, bytes, max_bytes: maxBytes },
    upstreams: upstreams.map(({ registry, state, lastSuccessAt, lastFailureAt, lastError }) => ({
      registry,
      state,
      last_success_at: timeOrNull(lastSuccessAt),
      last_failure_at: timeOrNull(lastFailureAt),
      last_error: lastError,
    })),
  };
}
