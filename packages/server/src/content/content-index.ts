import type { Digest } from '@pullgate/policy';
import type { ManifestDescription, Source } from './content.ts';

/** One thing that a source is known to hold. */
export interface KnownContent {
  readonly digest: Digest;
  readonly kind: 'manifest' | 'blob';
  /** Of a manifest that was served; absent for blobs and for manifests that are only referred to. */
  readonly mediaType: string | undefined;
  /** Bytes. */
  readonly size: number;
  /**
   * The repository is known to hold these very bytes: they were fetched under it, or its registry had delivered them
   * before and says that this repository holds them too. Without this it is only what a manifest or a registry says.
   */
  readonly confirmed: boolean;
}

/** What a tag meant when the upstream was last asked. */
export interface KnownTag extends Omit<ManifestDescription, 'stale'> {
  readonly tag: string;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
}

/** Remembers across restarts which content belongs to which source, and what tags meant. */
export interface ContentIndex {
  load(source: Source): Promise<{ contents: readonly KnownContent[]; tags: readonly KnownTag[] }>;
  /**
   * Bytes of the content, if the registry delivered it under any of its repositories: its word about another one then
   * counts.
   */
  sizeFrom(registry: string, digest: Digest): Promise<number | undefined>;
  addContents(source: Source, contents: readonly KnownContent[]): Promise<void>;
  setTag(source: Source, tag: KnownTag): Promise<void>;
  removeTag(source: Source, tag: string): Promise<void>;
  /** Forgets content that the cache evicted, in every source. */
  removeDigests(digests: readonly Digest[]): Promise<void>;
}

/** The key of a source wherever one string is needed. Neither part can hold the separator. */
export function sourceKey(source: Source): string {
  return `${source.audience} ${source.repository.name}`;
}
