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
   * The upstream itself showed that the repository holds it. Without this a manifest only refers to it, and whoever may
   * push a manifest may refer to what another repository holds.
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
