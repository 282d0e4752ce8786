import type { Category, Rule } from '@pullgate/policy';

/** What the client asked for. One pull of an image is several requests, and each is decided and recorded. */
export type Operation = 'token' | 'manifest' | 'blob' | 'tags' | 'referrers';

/** One decision about one request. Written before the answer is sent, and never changed. */
export interface PullRecord {
  /** Unguessable: it is the last part of the link in a refusal. */
  readonly id: string;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly verdict: 'allow' | 'deny';
  readonly rule: Rule;
  /** Id of the organization that decided; null when none did. */
  readonly organizationId: string | null;
  readonly policyVersion: number | null;
  /** User name, `organization` for an organization access token's organization, null for anonymous. */
  readonly person: string | null;
  readonly personId: string | null;
  /** Id of the access token that was used. */
  readonly tokenId: string | null;
  /** The client's address, as far as trusted proxies tell. */
  readonly address: string;
  /** `docker`, `containerd`, `buildkit`, `podman`, … or `other`, from the User-Agent. Never a ground for a decision. */
  readonly client: string;
  readonly operation: Operation;
  readonly method: string;
  /** Canonical repository name. */
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
  readonly category: Category;
  /** The content came from the cache because the upstream did not answer. */
  readonly stale: boolean;
}
