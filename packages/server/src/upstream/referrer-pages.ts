import type { Referrers } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import { inspectManifest } from '../content/manifest.ts';
import { mediaTypeOf } from './answer-headers.ts';
import { type Document, NoReferrers } from './exchange.ts';
import { nextPageQuery } from './link.ts';

export const indexMediaType = 'application/vnd.oci.image.index.v1+json';

/** Bytes of all pages together. */
const maxReferrerBytes = 4 * 1024 * 1024;
const maxPages = 20;

/** Fetches one page, by the query of the `Link` to it. */
type Page = (query: Readonly<Record<string, string>>) => Promise<Document>;

/** Reads a list of referrers page by page into one index. */
export async function readReferrerPages(
  name: string,
  query: Readonly<Record<string, string>>,
  page: Page,
): Promise<Referrers> {
  const first = await firstPage(query, page);
  const pages = [requireIndex(name, first)];
  let filtered = isFiltered(first);
  let next = nextPageQuery(first.headers['link']);
  for (let size = first.bytes.length; next !== undefined; ) {
    const following = await page(Object.fromEntries(next)).catch((error: unknown) => {
      throw isNotFound(error) ? missingPage(name, error) : error;
    });
    pages.push(requireIndex(name, following));
    filtered &&= isFiltered(following);
    size += following.bytes.length;
    if (size > maxReferrerBytes || pages.length > maxPages) throw tooMany(name);
    next = nextPageQuery(following.headers['link']);
  }
  return { bytes: pages.length === 1 ? first.bytes : join(pages), filtered };
}

function isFiltered({ headers }: Document): boolean {
  const filters = String(headers['oci-filters-applied'] ?? '').split(/[\s,]+/);
  return filters.includes('artifactType');
}

/** What the registry does not know may be the filter. The list without it has all that was asked for, and more. */
async function firstPage(query: Readonly<Record<string, string>>, page: Page): Promise<Document> {
  try {
    return await page(query);
  } catch (error) {
    if (Object.keys(query).length === 0 || !(error instanceof NoReferrers)) throw error;
    return page({});
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof ContentError && error.code === 'not-found';
}

/** The first page shows that there are referrers. Without the others it would look as if all were in it. */
function missingPage(name: string, cause: unknown): ContentError {
  return new ContentError('unavailable', `${name} does not give a part of its list of referrers.`, { cause });
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
