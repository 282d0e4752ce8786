import type { Digest } from '@pullgate/policy';
import { LRUCache } from 'lru-cache';
import type { Source } from '../content/content.ts';
import { type ContentIndex, type KnownContent, type KnownTag, sourceKey } from '../content/content-index.ts';
import type { Soon } from '../soon.ts';

/** Sources held in memory; others are read from the index again when they are asked for. */
const maxSources = 1_000;
/** Contents of one source held in memory; the oldest are forgotten, and confirmed by the upstream when they are asked for. */
const maxContents = 10_000;
/** Contents of all sources held in memory, some 250 bytes each: manifests that are made up must not fill it. */
const maxAllContents = 250_000;

/** What one source holds, as far as manifests that were served under it or its upstream have said. */
export class Membership {
  /** Manifests whose children are among the contents. */
  readonly learned = new Set<Digest>();
  readonly #contents = new Map<Digest, KnownContent>();
  /** What manifests tell different sizes of: nobody's word counts until the bytes were verified. */
  readonly #disputed = new Set<Digest>();
  readonly #tags = new Map<string, KnownTag>();
  readonly #source: Source;
  readonly #index: ContentIndex;
  readonly #onError: (error: unknown) => void;
  readonly #onGrown: () => void;

  constructor(source: Source, index: ContentIndex, onError: (error: unknown) => void, onGrown = () => {}) {
    this.#source = source;
    this.#index = index;
    this.#onError = onError;
    this.#onGrown = onGrown;
  }

  async load(): Promise<this> {
    const { contents, tags } = await this.#index.load(this.#source);
    for (const content of contents) this.#set(content);
    for (const tag of tags) this.#tags.set(tag.tag, tag);
    return this;
  }

  /** Contents and tags that are held in memory. */
  get count(): number {
    return this.#contents.size + this.#tags.size;
  }

  content(digest: Digest): KnownContent | undefined {
    const known = this.#contents.get(digest);
    return known?.confirmed || !this.#disputed.has(digest) ? known : undefined;
  }

  tag(tag: string): KnownTag | undefined {
    return this.#tags.get(tag);
  }

  /** Remembers at once; the index follows, since losing it costs no more than asking the upstream again. */
  add(contents: readonly KnownContent[]): void {
    for (const content of contents) if (this.#isDisputed(content)) this.#disputed.add(content.digest);
    const news = contents.filter((content) => this.#isNews(content)).map((content) => this.#merged(content));
    const byDigest = new Map(news.map((content) => [content.digest, content]));
    if (byDigest.size > 0) this.#remember([...byDigest.values()]);
  }

  /** Remembers what was fetched here and verified. Written in any case: the index forgets what is evicted. */
  fetched(digest: Digest, size: number): void {
    const known = this.#contents.get(digest) ?? { kind: 'blob', mediaType: undefined };
    this.#remember([{ ...known, digest, size, confirmed: true }]);
  }

  setTag(tag: KnownTag): void {
    const known = this.#tags.get(tag.tag);
    this.#tags.set(tag.tag, tag);
    if (known === undefined) this.#onGrown();
    if (known?.digest === tag.digest) return;
    this.#index.setTag(this.#source, tag).catch(this.#onError);
  }

  removeTag(tag: string): void {
    if (!this.#tags.delete(tag)) return;
    this.#index.removeTag(this.#source, tag).catch(this.#onError);
  }

  /** Whoever may push one image could else make the layers of all others fail by lying about their sizes. */
  #isDisputed({ digest, mediaType, size, confirmed }: KnownContent): boolean {
    const known = this.#contents.get(digest);
    if (known === undefined || known.confirmed || confirmed) return false;
    return known.mediaType === undefined && mediaType === undefined && known.size !== size;
  }

  /** What only refers to a content knows less than what was said of the content itself. */
  #isNews({ digest, mediaType, size, confirmed }: KnownContent): boolean {
    const known = this.#contents.get(digest);
    if (known === undefined) return true;
    // Verified bytes are what they are, whatever size somebody else says.
    if (known.confirmed !== confirmed) return confirmed;
    if (mediaType === undefined && known.mediaType !== undefined) return false;
    return known.mediaType !== mediaType || known.size !== size;
  }

  /** What was confirmed once stays so, and what type it is. */
  #merged(content: KnownContent): KnownContent {
    const known = this.#contents.get(content.digest);
    if (known === undefined) return content;
    const confirmed = content.confirmed || known.confirmed;
    return { ...content, mediaType: content.mediaType ?? known.mediaType, confirmed };
  }

  #remember(contents: readonly KnownContent[]): void {
    for (const content of contents) this.#set(content);
    this.#onGrown();
    // What a manifest merely refers to is learned from it again: writing it would let made-up manifests fill the disk.
    const lasting = contents.filter(({ confirmed, mediaType }) => confirmed || mediaType !== undefined);
    if (lasting.length > 0) this.#index.addContents(this.#source, lasting).catch(this.#onError);
  }

  #set(content: KnownContent): void {
    this.#contents.set(content.digest, content);
    if (this.#contents.size <= maxContents) return;
    let excess = maxContents / 10;
    for (const oldest of this.#contents.keys()) {
      if (excess-- === 0) return;
      this.#contents.delete(oldest);
      this.#disputed.delete(oldest);
      this.learned.delete(oldest);
    }
  }
}

export interface Memberships {
  of(source: Source): Soon<Membership>;
  /**
   * Bytes of the content, if the source's registry delivered it itself once. What came from another registry is not given away
   * on this one's word: it must deliver them first, or any registry could have any other's private content served.
   */
  sizeFromSameRegistry(source: Source, digest: Digest): Promise<number | undefined>;
}

export function createMemberships(index: ContentIndex, onError: (error: unknown) => void): Memberships {
  const loaded = new LRUCache<string, Membership>({
    max: maxSources,
    maxSize: maxAllContents,
    sizeCalculation: ({ count }) => count + 1,
  });
  const loading = new Map<string, Promise<Membership>>();

  async function load(source: Source, key: string): Promise<Membership> {
    const membership = new Membership(source, index, onError, () => {
      // Weighed anew, unless it is not held any more: a newer one must not give way to one of an old download.
      if (loaded.peek(key) !== membership) return;
      loaded.delete(key);
      loaded.set(key, membership);
    });
    try {
      loaded.set(key, await membership.load());
    } catch (error) {
      // Nothing is known, so the upstream is asked about everything: slower, and as safe.
      onError(error);
    } finally {
      loading.delete(key);
    }
    return membership;
  }

  return {
    async sizeFromSameRegistry({ repository }, digest) {
      return index.sizeFrom(repository.registry, digest).catch((error: unknown) => {
        onError(error);
        return undefined;
      });
    },

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
