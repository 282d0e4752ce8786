import type { IncomingMessage } from 'node:http';
import type { Digest } from '@pullgate/policy';
import type { Content, Manifest, ManifestDescription, ManifestReference, Source } from '../content/content.ts';
import { ContentError } from '../content/content-error.ts';
import { type Answer, ociAnswer } from '../http/answer.ts';
import { andThen, type Soon } from '../soon.ts';
import { resolveRange } from './range.ts';
import type { ContentRoute } from './route.ts';
import { primed } from './stream.ts';

/** An answer and what is recorded of it. */
export interface Served {
  readonly answer: Answer;
  /** Sent after the head, for GET. */
  readonly body?: AsyncIterable<Uint8Array>;
  readonly digest?: Digest;
  readonly stale?: boolean;
}

type Asked<Kind extends ContentRoute['kind']> = Extract<ContentRoute, { kind: Kind }>;

/** RFC 9111 section 5.5 retired the number, yet it still says best what happened: the upstream did not confirm this. */
const staleWarning = '110 - "Response is Stale"';

const emptyIndex = Buffer.from(
  JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] }),
);

export function answerManifest(
  content: Content,
  source: Source,
  reference: ManifestReference,
  request: IncomingMessage,
): Soon<Served> {
  // A client's HEAD must not become an upstream GET: that would count against Docker Hub's pull limit.
  if (request.method === 'HEAD') return andThen(content.describeManifest(source, reference), manifestAnswer);
  return andThen(content.manifest(source, reference), wholeManifestAnswer);
}

/** Made once for each manifest in memory, and part of what it is weighed with there. Nothing of it depends on who asks. */
const wholeManifestAnswers = new WeakMap<Manifest, Served>();

function wholeManifestAnswer(manifest: Manifest): Served {
  const known = wholeManifestAnswers.get(manifest);
  if (known !== undefined) return known;
  const served = manifestAnswer(manifest, manifest.bytes);
  // One that is stale is an object of its own each time.
  if (!manifest.stale) wholeManifestAnswers.set(manifest, served);
  return served;
}

function manifestAnswer({ digest, mediaType, size, stale }: ManifestDescription, body?: Buffer): Served {
  const headers: Record<string, string | number> = {
    'Content-Type': mediaType,
    'Content-Length': size,
    'Docker-Content-Digest': digest,
    'Docker-Distribution-Api-Version': 'registry/2.0',
    ETag: `"${digest}"`,
  };
  if (stale) headers['Warning'] = staleWarning;
  return { answer: { status: 200, headers, ...(body && { body }) }, digest, stale };
}

export async function answerBlob(
  content: Content,
  source: Source,
  digest: Digest,
  request: IncomingMessage,
  gone: AbortSignal,
): Promise<Served> {
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest,
    'Accept-Ranges': 'bytes',
    ETag: `"${digest}"`,
  };
  if (request.method === 'HEAD') {
    const size = await content.describeBlob(source, digest);
    return { answer: { status: 200, headers: { ...headers, 'Content-Length': size } } };
  }
  const blob = await content.blob(source, digest);
  if (blob.size === undefined) {
    return { answer: { status: 200, headers }, body: await primed(blob.read(undefined, gone)) };
  }

  const range = resolveRange(rangeOf(request, headers.ETag), blob.size);
  if (range === 'unsatisfiable') return { answer: unsatisfiable(blob.size) };
  if (range === 'whole') {
    return {
      answer: { status: 200, headers: { ...headers, 'Content-Length': blob.size } },
      body: await primed(blob.read(undefined, gone)),
    };
  }
  const length = { 'Content-Length': range.end - range.start + 1 };
  const position = { 'Content-Range': `bytes ${range.start}-${range.end}/${blob.size}` };
  return {
    answer: { status: 206, headers: { ...headers, ...length, ...position } },
    body: await primed(blob.read(range, gone)),
  };
}

/** A range of something else is of no use to the client, which then gets the whole (RFC 9110 section 13.1.5). */
function rangeOf({ headers }: IncomingMessage, etag: string): string | undefined {
  const condition = headers['if-range'];
  return condition === undefined || condition === etag ? headers.range : undefined;
}

function unsatisfiable(size: number): Answer {
  return ociAnswer(
    { status: 416, code: 'UNSUPPORTED', message: 'The range lies outside of the blob.' },
    { 'Content-Range': `bytes */${size}` },
  );
}

export async function answerTags(content: Content, source: Source, route: Asked<'tags'>): Promise<Served> {
  const { tags, next } = await content.tags(source, route.query);
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (next !== undefined) {
    const query = new URLSearchParams({ last: next });
    if (route.query.limit !== undefined) query.set('n', String(route.query.limit));
    if (route.namespace !== undefined) query.set('ns', route.namespace);
    headers['Link'] = `</v2/${route.name}/tags/list?${query}>; rel="next"`;
  }
  return { answer: { status: 200, headers, body: JSON.stringify({ name: route.name, tags }) } };
}

/** Docker 29 asks for referrers on a normal pull, and fails the pull for anything but an index or a 404. */
export async function answerReferrers(content: Content, source: Source, route: Asked<'referrers'>): Promise<Served> {
  const headers: Record<string, string> = { 'Content-Type': 'application/vnd.oci.image.index.v1+json' };
  try {
    const { bytes, filtered, stale = false } = await content.referrers(source, route.digest, route.artifactType);
    if (stale) headers['Warning'] = staleWarning;
    if (filtered) headers['OCI-Filters-Applied'] = 'artifactType';
    return { answer: { status: 200, headers, body: bytes }, stale };
  } catch (error) {
    if (!(error instanceof ContentError) || error.code !== 'not-found') throw error;
    return { answer: { status: 200, headers, body: emptyIndex } };
  }
}
