import { type Category, type ImageKind, imageKindOf } from '@pullgate/policy';
import type { ClientFamily } from './client-family.ts';
import type { PullRecord } from './pull-record.ts';

/**
 * Whose records are read. Whoever asks for an organization names it and sees only what that organization decided;
 * `installation` is for who runs the whole of it.
 */
export type PullScope = { readonly organizationId: string } | 'installation';

/** A span of time: milliseconds since 1970, `from` included, `until` not. */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

/** What is looked for. Everything that is given must hold. */
export interface PullSearch extends Partial<TimeRange> {
  /** User name; an organization's name for its access tokens. */
  readonly person?: string;
  /** Canonical repository name, whole: `docker.io/library/nginx`. */
  readonly repository?: string;
  /** Any part of the canonical repository name; what ends with `*` is how the name begins. Without regard to case. */
  readonly image?: string;
  /** As it is told: `community` finds what is on Docker Hub only. */
  readonly category?: ImageKind;
  readonly verdict?: PullRecord['verdict'];
  readonly client?: ClientFamily;
}

/** A place in the records, newest first: by time, then by id. */
export interface PullPosition {
  readonly at: number;
  readonly id: string;
}

/** Requests in one bucket of time. */
export interface PullCount {
  readonly allowed: number;
  readonly refused: number;
}

export interface CountedBucket extends PullCount {
  /** Milliseconds since 1970. */
  readonly start: number;
}

export interface CountedCategory extends PullCount {
  readonly category: ImageKind;
}

export interface CountedImage {
  /** Canonical repository name. */
  readonly repository: string;
  readonly category: ImageKind;
  readonly refused: number;
}

export interface CountedPerson {
  /** Null for whoever was not signed in. */
  readonly person: string | null;
  readonly refused: number;
}

/** What was counted over a span of time. */
export interface CountedPulls extends PullCount {
  /** Served from the cache because the upstream did not answer; among the allowed. */
  readonly stale: number;
  /** In the order of time; those without a request are left out. */
  readonly buckets: readonly CountedBucket[];
  readonly categories: readonly CountedCategory[];
  /** Most refused first. */
  readonly images: readonly CountedImage[];
  /** Most refused first. */
  readonly people: readonly CountedPerson[];
}

export interface CountRequest extends TimeRange {
  /** Milliseconds in a bucket; buckets begin at multiples of it since 1970, UTC. */
  readonly bucket: number;
  /** How many images and people. */
  readonly top: number;
}

/** Requests that differ in nothing that a decision depends on. */
export interface PullCombination {
  readonly person: string | null;
  readonly personId: string | null;
  readonly tokenId: string | null;
  readonly repository: string;
  readonly category: Category;
  readonly requests: number;
}

export interface PullCombinations {
  /** The most frequent first. */
  readonly combinations: readonly PullCombination[];
  /** All requests in the span, also of combinations that were left out. */
  readonly requests: number;
}

/**
 * Reads what is stored of the pulls. Aggregates count how clients begin a pull, which is what a policy answers: requests
 * for manifests, and for registry tokens where they are refused. Layers follow from that.
 *
 * All arguments and results can be sent to another thread.
 */
export interface PullQuery {
  /** Newest first, from behind a position. */
  newest(
    scope: PullScope,
    search: PullSearch,
    behind: PullPosition | undefined,
    limit: number,
  ): Promise<readonly PullRecord[]>;
  count(scope: PullScope, request: CountRequest): Promise<CountedPulls>;
  combinations(scope: PullScope, range: TimeRange, limit: number): Promise<PullCombinations>;
}

/** What `PullSearch.image` asks for. */
export function imagePattern(image: string): { readonly text: string; readonly isPrefix: boolean } {
  return image.endsWith('*') ? { text: image.slice(0, -1), isPrefix: true } : { text: image, isPrefix: false };
}

/** Whether a record is among what `newest` gives. */
export function isFound(
  record: PullRecord,
  scope: PullScope,
  search: PullSearch,
  behind: PullPosition | undefined,
): boolean {
  const { person, repository, image, category, verdict, client, from, until } = search;
  return (
    (scope === 'installation' || record.organizationId === scope.organizationId) &&
    (verdict === undefined || record.verdict === verdict) &&
    (category === undefined || imageKindOf(record) === category) &&
    (client === undefined || record.client === client) &&
    (person === undefined || record.person === person) &&
    (repository === undefined || record.repository === repository) &&
    (image === undefined || isImage(record.repository, image)) &&
    (from === undefined || record.at >= from) &&
    (until === undefined || record.at < until) &&
    (behind === undefined || newestFirst(behind, record) < 0)
  );
}

function isImage(repository: string, image: string): boolean {
  const { text, isPrefix } = imagePattern(image);
  return isPrefix ? repository.startsWith(text) : repository.includes(text);
}

/** The newest of several lists, each record once. */
export function mergeNewest<Record extends PullPosition>(
  lists: readonly (readonly Record[])[],
  limit: number,
): readonly Record[] {
  const byId = new Map(lists.flat().map((record) => [record.id, record]));
  return [...byId.values()].sort(newestFirst).slice(0, limit);
}

function newestFirst(one: PullPosition, other: PullPosition): number {
  if (one.at !== other.at) return other.at - one.at;
  if (one.id === other.id) return 0;
  return one.id > other.id ? -1 : 1;
}
