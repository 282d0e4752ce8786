import type { ManifestDescription, Source, Upstream } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import { type KnownTag, sourceKey } from '../content/content-index.ts';
import { SingleFlight } from '../single-flight.ts';
import type { Memberships } from './membership.ts';

/** How long an upstream that just failed is not asked again about the same tag, in milliseconds. */
const failurePauseMilliseconds = 10_000;

export interface TagResolver {
  /** What the tag means now; the last known digest, marked stale, when the upstream cannot say. */
  resolve(source: Source, tag: string): Promise<ManifestDescription>;
}

export interface TagResolverOptions {
  readonly upstreamOf: (source: Source) => Upstream;
  readonly memberships: Memberships;
  /** How long a tag is served without asking the upstream, in milliseconds. */
  readonly ttl: number;
  readonly now: () => number;
}

/** Asks the upstream with HEAD, which does not count against Docker Hub's pull limit, at most once per TTL. */
export function createTagResolver({ upstreamOf, memberships, ttl, now }: TagResolverOptions): TagResolver {
  const flight = new SingleFlight<ManifestDescription>();
  const staleUntil = new WeakMap<KnownTag, number>();

  /** A time to come was noted while the clock was wrong. */
  function isFresh({ checkedAt }: KnownTag): boolean {
    const age = now() - checkedAt;
    return age >= 0 && age < ttl;
  }

  async function ask(source: Source, tag: string): Promise<ManifestDescription> {
    const membership = await memberships.of(source);
    try {
      const found = await upstreamOf(source).describeManifest(source, { tag });
      const { digest, mediaType, size } = found;
      membership.add([{ digest, kind: 'manifest', mediaType, size, confirmed: false }]);
      membership.setTag({ tag, digest, mediaType, size, checkedAt: now() });
      return found;
    } catch (error) {
      const known = membership.tag(tag);
      if (isGone(error)) membership.removeTag(tag);
      if (!known || !isOutage(error)) throw error;
      staleUntil.set(known, now() + failurePauseMilliseconds);
      return describe(known, true);
    }
  }

  return {
    async resolve(source, tag) {
      const membership = await memberships.of(source);
      const known = membership.tag(tag);
      if (known && isFresh(known)) return describe(known, false);
      if (known && now() < (staleUntil.get(known) ?? 0)) return describe(known, true);
      return flight.run(`${sourceKey(source)} ${tag}`, () => ask(source, tag));
    },
  };
}

function describe({ digest, mediaType, size }: KnownTag, stale: boolean): ManifestDescription {
  return { digest, mediaType, size, stale };
}

function isGone(error: unknown): boolean {
  return error instanceof ContentError && error.code === 'not-found';
}

/** Whether the upstream could not say anything, which is no reason to forget what it said before. */
export function isOutage(error: unknown): boolean {
  return error instanceof ContentError && (error.code === 'unavailable' || error.code === 'rate-limited');
}
