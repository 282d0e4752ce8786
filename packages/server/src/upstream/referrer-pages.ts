import type { Referrers } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import { inspectManifest } from '../content/manifest.ts';
import { mediaTypeOf } from './answer-headers.ts';
import type { Document } from './exchange.ts';
import { nextPageQuery } from './link.ts';

export const indexMediaType = 'application/vnd.oci.image.index.v1+json';

/** Bytes of all pages together. */
const maxReferrerBytes = 4 * 1024 * 1024;
const maxPages = 20;

/** Reads a list of referrers page by page into one index. `page` fetches one, by the query of the `Link` to it. */
export async function readReferrerPages(
  name: string,
  query: Readonly<Record<string, string>>,
  page: (query: Readonly<Record<string, string>>) => Promise<Document>,
): Promise<Referrers> {
  const first = await page(query);
  const pages = [requireIndex(name, first)];
  let next = nextPageQuery(first.headers['link']);
  for (let size = first.bytes.length; next !== undefined; ) {
    const following = await page(Object.fromEntries(next));
    pages.push(requireIndex(name, following));
    size += following.bytes.length;
    if (size > maxReferrerBytes || pages.length > maxPages) throw tooMany(name);
    next = nextPageQuery(following.headers['link']);
  }
  const filters = String(first.headers['oci-filters-applied'] ?? '').split(/[\s,]+/);
  return { bytes: pages.length === 1 ? first.bytes : join(pages), filtered: filters.includes('artifactType') };
}

function requireIndex(name: string, { headers, bytes }: Document): Buffer {
  if (mediaTypeOf(headers) !== indexMediaType) {
    throw new ContentError('untrustworthy', `${name} answered with something else than a list of referrers.`);
  }
  inspectManifest(bytes, indexMediaType);
  return bytes;
}

function join(pages: readonly Buffer[]): Buffer {
  const documents: { manifests: unknown[] }[] = pages.map((bytes) => JSON.parse(bytes.toString()));
  return Buffer.from(JSON.stringify({ ...documents[0], manifests: documents.flatMap(({ manifests }) => manifests) }));
}

function tooMany(name: string): ContentError {
  return new ContentError('untrustworthy', `${name} answered with an endless list of referrers.`);
}
