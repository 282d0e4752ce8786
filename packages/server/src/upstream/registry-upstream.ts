import { createHash } from 'node:crypto';
import { type Digest, isDigest, isTag } from '@pullgate/policy';
import type {
  Audience,
  Manifest,
  ManifestDescription,
  ManifestReference,
  Source,
  TagPage,
  TagQuery,
  Upstream,
} from '../content/content.ts';
import { ContentError, type ContentErrorCode } from '../content/content-error.ts';
import { inspectManifest, manifestMediaTypes, maxManifestBytes } from '../content/manifest.ts';
import { algorithmOf, digestOf, lengthOf, mediaTypeOf } from './answer-headers.ts';
import { createAuthorizer, type TokenService, type UpstreamCredential } from './authorization.ts';
import { blobBody } from './blob-body.ts';
import { createExchange, notFound, type RegistryRequest } from './exchange.ts';
import {
  createHttpClient,
  defaultHttpLimits,
  destroyQuietly,
  type HttpAnswer,
  type HttpLimits,
  tooLong,
} from './http-client.ts';
import { nextPageQuery } from './link.ts';
import { indexMediaType, readReferrerPages } from './referrer-pages.ts';
import { defaultRetryPlan, type RetryPlan } from './retry.ts';

export interface RegistryUpstreamOptions {
  /** Canonical host: what errors call the upstream. */
  readonly registry: string;
  /** The origin that is asked, `https://registry-1.docker.io`. */
  readonly url: string;
  /** The only other place that ever sees a credential. Without it, a token service on the registry's own origin. */
  readonly token?: TokenService | undefined;
  /**
   * Whose name the gate pulls in: `public` is the upstream's own credential, and what it can read is served to
   * everybody whom policy allows; `organization:<id>` is that organization's. Asked for each request.
   */
  readonly credentials: (audience: Audience) => UpstreamCredential | undefined;
  readonly allowPrivateAddresses: boolean;
  readonly allowHttp: boolean;
  /** Called once for each request that failed, for metrics. */
  readonly onError?: (code: ContentErrorCode) => void;
  /** Called once for each request that was answered. */
  readonly onSuccess?: () => void;
  readonly limits?: Partial<HttpLimits>;
  readonly retry?: RetryPlan;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface RegistryUpstream extends Upstream {
  /** Breaks off what is running. */
  close(): Promise<void>;
}

/** Never schema 1, whatever a client would take: see `inspectManifest`. */
const acceptManifests = manifestMediaTypes.join(', ');
const maxTagListBytes = 4 * 1024 * 1024;
/** Tags per page: a longer list could exceed the limit above. */
const maxTags = 10_000;
const defaultTags = 1_000;

/**
 * A registry to pull from, over the OCI distribution API. Nothing that it answers is believed: digests are computed,
 * addresses checked, sizes and times bounded, and errors never repeat its words.
 */
export function createRegistryUpstream(options: RegistryUpstreamOptions): RegistryUpstream {
  const { registry: name, credentials, retry = defaultRetryPlan, now = Date.now } = options;
  const registry = originOf(options.url);
  const client = createHttpClient({ ...options, name, limits: { ...defaultHttpLimits, ...options.limits } });
  const authorizer = createAuthorizer({ client, registry, token: options.token, credentials, now });
  const exchange = createExchange({ client, authorizer, registry, retry, now });

  async function describeManifest(source: Source, reference: ManifestReference): Promise<ManifestDescription> {
    const headers = await exchange.head(manifestRequest(name, source, reference));
    const asked = 'digest' in reference ? reference.digest : undefined;
    const digest = digestOf(headers, asked) ?? asked;
    const size = lengthOf(headers);
    if (digest === undefined || size === undefined) {
      const { bytes: _, ...description } = await manifest(source, reference);
      return description;
    }
    requireAsked(name, digest, asked);
    if (size > maxManifestBytes) throw tooLong(name, maxManifestBytes);
    return { digest, mediaType: manifestType(name, headers), size, stale: false };
  }

  async function manifest(source: Source, reference: ManifestReference): Promise<Manifest> {
    const { headers, bytes } = await exchange.document(manifestRequest(name, source, reference), maxManifestBytes);
    const asked = 'digest' in reference ? reference.digest : undefined;
    const claimed = digestOf(headers, asked);
    if (claimed !== undefined) requireAsked(name, claimed, asked);
    const digest = computeDigest(bytes, asked ?? claimed);
    requireAsked(name, digest, asked ?? claimed);
    const { mediaType } = inspectManifest(bytes, manifestType(name, headers));
    return { digest, mediaType, size: bytes.length, stale: false, bytes };
  }

  async function tags(source: Source, { limit = defaultTags, last }: TagQuery): Promise<TagPage> {
    if (limit === 0) return { tags: [], next: undefined };
    const query = { n: String(Math.min(limit, maxTags)), ...(last !== undefined && { last }) };
    const what = `repository ${source.repository.path}`;
    const request = { source, path: 'tags/list', query, accept: 'application/json', what } as const;
    const { headers, bytes } = await exchange.document(request, maxTagListBytes);
    const page = tagsOf(name, bytes);
    const link = nextPageQuery(headers['link']);
    const next = link && (link.get('last') ?? page.at(-1));
    return { tags: page, next: next !== undefined && isTag(next) ? next : undefined };
  }

  return {
    describeManifest: observed(options, describeManifest),
    manifest: observed(options, manifest),
    tags: observed(options, tags),
    referrers: observed(options, (source: Source, subject: Digest, artifactType: string | undefined) => {
      const what = `referrers of ${subject} in ${source.repository.path}`;
      const request = { source, path: `referrers/${subject}`, accept: indexMediaType, what } as const;
      const page = (query: Readonly<Record<string, string>>) =>
        exchange.document({ ...request, query }, maxManifestBytes);
      return readReferrerPages(name, artifactType === undefined ? {} : { artifactType }, page);
    }),
    fetchBlob: observed(options, async (source: Source, digest: Digest, start: number) => {
      const request = blobRequest(source, digest);
      const answer = await exchange.open(start === 0 ? request : { ...request, from: start });
      const claimed = digestOf(answer.headers, digest);
      if (claimed !== undefined && claimed !== digest) destroyQuietly(answer.body);
      requireAsked(name, claimed ?? digest, digest);
      return blobBody(name, answer, start);
    }),
    describeBlob: observed(options, async (source: Source, digest: Digest) => {
      const headers = await exchange.head(blobRequest(source, digest));
      requireAsked(name, digestOf(headers, digest) ?? digest, digest);
      const size = lengthOf(headers);
      if (size === undefined) throw new ContentError('unavailable', `${name} does not tell the size of ${digest}.`);
      return size;
    }),
    close: client.close,
  };
}

function originOf(text: string): URL {
  const url = new URL(text);
  if (url.href !== `${url.origin}/`) throw new Error(`The upstream's url must be an origin such as ${url.origin}.`);
  return url;
}

function manifestRequest(name: string, source: Source, reference: ManifestReference): RegistryRequest {
  const [text, separator] = 'digest' in reference ? [reference.digest, '@'] : [reference.tag, ':'];
  const what = `${source.repository.path}${separator}${text}`;
  if ('tag' in reference && !isTag(reference.tag)) throw notFound(name, `such tag of ${source.repository.path}`);
  return { source, path: `manifests/${text}`, accept: acceptManifests, what };
}

function blobRequest(source: Source, digest: Digest): RegistryRequest {
  return { source, path: `blobs/${digest}`, accept: '*/*', what: `${digest} in ${source.repository.path}` };
}

/** Schema 1 and everything else that clients could read in two ways is refused before anybody looks into it. */
function manifestType(name: string, headers: HttpAnswer['headers']): string {
  const type = mediaTypeOf(headers);
  if (type !== undefined && manifestMediaTypes.includes(type)) return type;
  throw new ContentError(
    'untrustworthy',
    `${name} answered with a manifest of a type that this gate does not serve, such as the long obsolete schema 1.`,
  );
}

function requireAsked(name: string, digest: Digest, asked: Digest | undefined): void {
  if (asked === undefined || digest === asked) return;
  throw new ContentError('untrustworthy', `${name} answered with other content than ${asked}.`);
}

function computeDigest(bytes: Buffer, like: Digest | undefined): Digest {
  const algorithm = like === undefined ? 'sha256' : algorithmOf(like);
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (isDigest(digest)) return digest;
  throw new TypeError(`${algorithm} gives no digest.`);
}

function tagsOf(name: string, bytes: Buffer): string[] {
  try {
    const tags: unknown = JSON.parse(bytes.toString()).tags ?? [];
    if (Array.isArray(tags)) return tags.filter((tag) => typeof tag === 'string' && isTag(tag));
  } catch {
    // The parser's message quotes the text, which is the upstream's: ours says as much.
  }
  throw new ContentError('untrustworthy', `${name} answered with a list of tags that cannot be read.`);
}

/** Tells the observer what succeeded and what failed. */
function observed<A extends unknown[], T>(
  { onError, onSuccess }: Pick<RegistryUpstreamOptions, 'onError' | 'onSuccess'>,
  call: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  return async (...args) => {
    try {
      const answer = await call(...args);
      onSuccess?.();
      return answer;
    } catch (error) {
      if (error instanceof ContentError) onError?.(error.code);
      throw error;
    }
  };
}
