import type { Digest } from '@pullgate/policy';
import { LRUCache } from 'lru-cache';
import type { Source } from '../content/content.ts';
import { type ContentIndex, type KnownContent, type KnownTag, sourceKey } from '../content/content-index.ts';

/** Sources held in memory; others are read from the index again when they are asked for. */
const maxSources = 5_000;

/** What one source holds, as far as manifests that were served under it or its upstream have said. */
export class Membership {
  /** Manifests whose children are among the contents. */
  readonly learned = new Set<Digest>();
  readonly #contents = new Map<Digest, KnownContent>();
  readonly #tags = new Map<string, KnownTag>();
  readonly #source: Source;
  readonly #index: ContentIndex;
  readonly #onError: (error: unknown) => void;

  constructor(source: Source, index: ContentIndex, onError: (error: unknown) => void) {
    this.#source = source;
    this.#index = index;
    this.#onError = onError;
  }

  async load(): Promise<this> {
    const { contents, tags } = await this.#index.load(this.#source);
    for (const content of contents) this.#contents.set(content.digest, content);
    for (const tag of tags) this.#tags.set(tag.tag, tag);
    return this;
  }

  content(digest: Digest): KnownContent | undefined {
    return this.#contents.get(digest);
  }

  tag(tag: string): KnownTag | undefined {
    return this.#tags.get(tag);
  }

  /** Remembers at once; the index follows, since losing it costs no more than asking the upstream again. */
  add(contents: readonly KnownContent[]): void {
    const news = contents.filter((content) => {
      const known = this.#contents.get(content.digest);
      if (known === undefined) return true;
      return content.mediaType !== undefined && (known.mediaType !== content.mediaType || known.size !== content.size);
    });
    if (news.length === 0) return;
    for (const content of news) this.#contents.set(content.digest, content);
    this.#index.addContents(this.#source, news).catch(this.#onError);
  }

  setTag(tag: KnownTag): void {
    const known = this.#tags.get(tag.tag);
    this.#tags.set(tag.tag, tag);
    if (known?.digest === tag.digest) return;
    this.#index.setTag(this.#source, tag).catch(this.#onError);
  }

  removeTag(tag: string): void {
    if (!this.#tags.delete(tag)) return;
    this.#index.removeTag(this.#source, tag).catch(this.#onError);
  }
}

export interface Memberships {
  of(source: Source): Membership | Promise<Membership>;
}

export function createMemberships(index: ContentIndex, onError: (error: unknown) => void): Memberships {
  const loaded = new LRUCache<string, Membership>({ max: maxSources });
  const loading = new Map<string, Promise<Membership>>();

  async function load(source: Source, key: string): Promise<Membership> {
    try {
      const membership = await new Membership(source, index, onError).load();
      loaded.set(key, membership);
      return membership;
    } finally {
      loading.delete(key);
    }
  }

  return {
    of(source) {
      const key = sourceKey(source);
      const known = loaded.get(key) ?? loading.get(key);
      if (known) return known;
      const promise = load(source, key);
      loading.set(key, promise);
      return promise;
    },
  };
}
