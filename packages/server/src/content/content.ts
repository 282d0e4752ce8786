import type { Digest, Repository } from '@pullgate/policy';
import type { Soon } from '../soon.ts';

/**
 * On whose behalf content is read. What was fetched with an organization's own upstream credential is kept apart from
 * what everybody may see: a shared cache must never open a private repository to outsiders.
 */
export type Audience = 'public' | `organization:${string}`;

/** A repository as one audience sees it: the unit of cache membership. */
export interface Source {
  readonly repository: Repository;
  readonly audience: Audience;
}

/** What a manifest is asked for by. */
export type ManifestReference = { readonly tag: string } | { readonly digest: Digest };

export interface ManifestDescription {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** The upstream did not answer and the last known digest of the tag is given instead. */
  readonly stale: boolean;
}

export interface Manifest extends ManifestDescription {
  /** The document exactly as its digest says. */
  readonly bytes: Buffer;
}

/** First and last byte, both inclusive, as in RFC 9110 section 14.1.2 after resolution against the size. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Blob {
  /** Bytes; unknown only while a chunked upstream answer is still running. */
  readonly size: number | undefined;
  /**
   * The bytes of the range, or all of them. A chunk is valid only until the next one is asked for: its memory is used
   * again. Throws a `ContentError` when the bytes turn out not to be those of the digest: the reader must then break
   * its connection, never end it.
   *
   * @param gone aborts when nobody wants the rest: also a chunk that is waited for, which ends the loop then
   */
  read(range?: ByteRange, gone?: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface TagPage {
  readonly tags: readonly string[];
  /** The tag to pass as `last` for the next page; absent on the last page. */
  readonly next: string | undefined;
}

export interface TagQuery {
  readonly limit: number | undefined;
  readonly last: string | undefined;
}

/** An OCI image index of what refers to a manifest. */
export interface Referrers {
  readonly bytes: Buffer;
  /** The upstream already filtered by artifact type (`OCI-Filters-Applied`). */
  readonly filtered: boolean;
  /** The upstream did not answer, and this is what it said before. */
  readonly stale?: true;
}

/** What upstream and cache have in common. Every method throws `ContentError` and nothing else for what went wrong. */
export interface ManifestContent {
  /** What a HEAD needs. Never costs an upstream pull: upstream is asked with HEAD. */
  describeManifest(source: Source, reference: ManifestReference): Promise<ManifestDescription>;
  tags(source: Source, query: TagQuery): Promise<TagPage>;
  referrers(source: Source, subject: Digest, artifactType: string | undefined): Promise<Referrers>;
}

/** What the registry rim serves from. */
export interface Content extends ManifestContent {
  manifest(source: Source, reference: ManifestReference): Soon<Manifest>;
  blob(source: Source, digest: Digest): Promise<Blob>;
  /** Size in bytes, without fetching the blob. */
  describeBlob(source: Source, digest: Digest): Promise<number>;
}

/** A running answer of an upstream. */
export interface BlobBody {
  /** Bytes of the whole blob, as far as the upstream says it. */
  readonly size: number | undefined;
  /**
   * Bytes from `start` to the end. A chunk is valid only until the next one is asked for: its memory is let go. Leaving
   * the loop early ends the upstream request.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A registry to pull from. */
export interface Upstream extends ManifestContent {
  manifest(source: Source, reference: ManifestReference): Promise<Manifest>;
  /** Opens a blob from byte `start`. Nothing is verified here: that is the cache's task. */
  fetchBlob(source: Source, digest: Digest, start: number): Promise<BlobBody>;
  /** HEAD: size in bytes. Confirms that the upstream has the blob under this very repository. */
  describeBlob(source: Source, digest: Digest): Promise<number>;
}
