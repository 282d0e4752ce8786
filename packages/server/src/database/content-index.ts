import type { Digest } from '@pullgate/policy';
import type { Source } from '../content/content.ts';
import type { ContentIndex, KnownContent, KnownTag } from '../content/content-index.ts';
import type { Database } from './schema.ts';

/** Rows per statement: databases bound the number of parameters. */
const batchSize = 500;
/** Rows per source that are looked at: an image may refer to thousands of others, and there may be thousands of images. */
const maxRows = 50_000;

/** What the cache holds. Open it on a database of relaxed durability: all of it can be had again. */
export function openContentIndex(database: Database): ContentIndex {
  return {
    async load(source) {
      const contents = await database
        .selectFrom('cached_contents')
        .select(['digest', 'kind', 'media_type', 'size', 'confirmed'])
        .where('audience', '=', source.audience)
        .where('repository', '=', source.repository.name)
        .limit(maxRows)
        .execute();
      const tags = await database
        .selectFrom('cached_tags')
        .select(['tag', 'digest', 'media_type', 'size', 'checked_at'])
        .where('audience', '=', source.audience)
        .where('repository', '=', source.repository.name)
        .limit(maxRows)
        .execute();
      return {
        contents: contents.map(({ media_type, ...row }) => ({
          ...row,
          confirmed: row.confirmed === 1,
          digest: row.digest as Digest,
          mediaType: media_type ?? undefined,
        })),
        tags: tags.map(({ media_type, checked_at, ...row }) => ({
          ...row,
          digest: row.digest as Digest,
          mediaType: media_type,
          checkedAt: checked_at,
        })),
      };
    },

    async sizeFrom(registry, digest) {
      const row = await database
        .selectFrom('cached_contents')
        .select('size')
        .where('digest', '=', digest)
        .where('confirmed', '=', 1)
        // Hosts hold none of the pattern's own characters.
        .where('repository', 'like', `${registry}/%`)
        .limit(1)
        .executeTakeFirst();
      return row?.size;
    },

    async addContents(source, contents) {
      for (let start = 0; start < contents.length; start += batchSize) {
        await database
          .insertInto('cached_contents')
          .values(contents.slice(start, start + batchSize).map((content) => contentRow(source, content)))
          .onConflict((conflict) =>
            conflict.columns(['audience', 'repository', 'digest']).doUpdateSet((row) => ({
              // Who only refers to it does not know what it is.
              media_type: row.fn.coalesce('excluded.media_type', 'cached_contents.media_type'),
              size: row.ref('excluded.size'),
              confirmed: row.ref('excluded.confirmed'),
            })),
          )
          .execute();
      }
    },

    async setTag(source, tag) {
      const row = tagRow(source, tag);
      await database
        .insertInto('cached_tags')
        .values(row)
        .onConflict((conflict) => conflict.columns(['audience', 'repository', 'tag']).doUpdateSet(row))
        .execute();
    },

    async removeTag(source, tag) {
      await database
        .deleteFrom('cached_tags')
        .where('audience', '=', source.audience)
        .where('repository', '=', source.repository.name)
        .where('tag', '=', tag)
        .execute();
    },

    async removeDigests(digests) {
      for (let start = 0; start < digests.length; start += batchSize) {
        await database
          .deleteFrom('cached_contents')
          .where('digest', 'in', digests.slice(start, start + batchSize))
          .execute();
      }
    },
  };
}

function contentRow(source: Source, { digest, kind, mediaType, size, confirmed }: KnownContent) {
  return {
    audience: source.audience,
    repository: source.repository.name,
    digest,
    kind,
    media_type: mediaType ?? null,
    size,
    confirmed: confirmed ? (1 as const) : (0 as const),
  };
}

function tagRow(source: Source, { tag, digest, mediaType, size, checkedAt }: KnownTag) {
  return {
    audience: source.audience,
    repository: source.repository.name,
    tag,
    digest,
    media_type: mediaType,
    size,
    checked_at: checkedAt,
  };
}
