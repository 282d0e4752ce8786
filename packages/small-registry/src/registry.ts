import { type Answer, answer, json, redirect, registryError, type SmallRequest } from './answer.ts';
import { contentOf, type SmallBlob } from './blob.ts';
import { createFaults, type Faults } from './faults.ts';
import type { SmallImage, SmallManifest } from './image.ts';
import { type Listener, type ListenerOptions, listen } from './listener.ts';
import { mediaTypes } from './media-types.ts';
import { createPullLimit, type PullLimitOptions } from './pull-limit.ts';
import { resolveRange } from './range.ts';
import { createTokenAuth, type TokenAuthOptions } from './token-auth.ts';

export interface SmallRegistryOptions extends ListenerOptions {
  /** Everybody may pull everything without it. */
  readonly auth?: TokenAuthOptions;
  /** Sends blob requests to the same path of another server, as Docker Hub does to its CDN. */
  readonly redirectBlobsTo?: string;
  /** Counts manifest GETs as Docker Hub does. */
  readonly pullLimit?: PullLimitOptions;
  /** Whether the registry knows the referrers API. It does by default. */
  readonly referrers?: boolean;
}

/** An OCI registry (distribution-spec 1.1, pull and content discovery) in memory, filled from within the process. */
export interface SmallRegistry extends Listener {
  readonly faults: Faults;
  /** Adds the image to a repository, and points the tags at it. */
  add(repository: string, image: SmallImage, tags?: readonly string[]): void;
  /** Adds a single document, which need not make sense. */
  addManifest(repository: string, manifest: SmallManifest, tags?: readonly string[]): void;
  addBlob(repository: string, blob: SmallBlob): void;
  /** Throws when the repository does not hold a manifest of that digest. */
  setTag(repository: string, tag: string, digest: string): void;
  removeTag(repository: string, tag: string): void;
  /** Any repository's blob. */
  blob(digest: string): SmallBlob | undefined;
  /** Makes every token so far invalid. Nothing happens without `auth`. */
  revokeTokens(): void;
}

interface Repository {
  readonly manifests: Map<string, SmallManifest>;
  readonly blobs: Map<string, SmallBlob>;
  /** Digests by tag. */
  readonly tags: Map<string, string>;
}

const namePattern = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*';
const contentRoute = new RegExp(`^/v2/(${namePattern})/(manifests|blobs|referrers)/([^/?]+)$`);
const tagsRoute = new RegExp(`^/v2/(${namePattern})/tags/list$`);

export async function startSmallRegistry(options: SmallRegistryOptions = {}): Promise<SmallRegistry> {
  const repositories = new Map<string, Repository>();
  const faults = createFaults();
  const auth = options.auth && createTokenAuth(options.auth, () => `${listener.url}/token`);
  const pullLimit = createPullLimit(options.pullLimit);

  function respond(request: SmallRequest): Answer {
    // Not URL: it would fold `..` and `//`, and so hide a client that sends them.
    const [path = ''] = request.url.split('?', 1);
    const query = new URLSearchParams(request.url.slice(path.length));
    if (auth !== undefined && path === '/token') return auth.token(request, query);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return registryError(405, 'UNSUPPORTED', 'this registry is filled from within');
    }
    if (path === '/v2/' || path === '/v2') return auth?.challenge(request, undefined) ?? json(200, {});
    const route = contentRoute.exec(path) ?? tagsRoute.exec(path);
    if (route === null) return registryError(404, 'NAME_UNKNOWN', 'no such path');
    const [, name = '', kind = 'tags', reference = ''] = route;
    return auth?.challenge(request, name) ?? contentAnswer(request, name, kind, reference, query);
  }

  function contentAnswer(
    request: SmallRequest,
    name: string,
    kind: string,
    reference: string,
    query: URLSearchParams,
  ): Answer {
    const repository = repositories.get(name);
    if (repository === undefined) return registryError(404, 'NAME_UNKNOWN', 'repository name not known to registry');
    if (kind === 'manifests') return pullLimit(request, () => manifestAnswer(repository, reference));
    if (kind === 'blobs') return blobAnswer(repository, reference, request);
    if (kind === 'tags') return tagsAnswer(name, repository, query);
    return referrersAnswer(repository, reference, query.get('artifactType'));
  }

  function blobAnswer(repository: Repository, digest: string, request: SmallRequest): Answer {
    const blob = repository.blobs.get(digest);
    if (blob === undefined) return registryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry');
    if (options.redirectBlobsTo === undefined) return blobContent(blob, request.headers['range']);
    return redirect(307, `${options.redirectBlobsTo}${request.url.split('?', 1)[0]}?signature=of-this-address`);
  }

  function referrersAnswer(repository: Repository, subject: string, artifactType: string | null): Answer {
    if (options.referrers === false) return registryError(404, 'UNSUPPORTED', 'no referrers API');
    if (!/^[a-z0-9]+:[a-f0-9]+$/.test(subject)) return registryError(400, 'DIGEST_INVALID', 'invalid digest');
    return referrersOf(repository, subject, artifactType);
  }

  function repositoryAt(path: string): Repository {
    const known = repositories.get(path);
    if (known !== undefined) return known;
    const repository: Repository = { manifests: new Map(), blobs: new Map(), tags: new Map() };
    repositories.set(path, repository);
    return repository;
  }

  function addManifest(path: string, manifest: SmallManifest, tags: readonly string[] = []): void {
    const repository = repositoryAt(path);
    repository.manifests.set(manifest.digest, manifest);
    for (const tag of tags) repository.tags.set(tag, manifest.digest);
  }

  const listener = await listen(options, (request) => faults.bend(request, respond(request)));
  return {
    ...listener,
    faults,
    add(path, image, tags = []) {
      for (const blob of image.blobs) repositoryAt(path).blobs.set(blob.digest, blob);
      for (const manifest of image.manifests) addManifest(path, manifest);
      addManifest(path, image.root, tags);
    },
    addManifest,
    addBlob: (path, blob) => void repositoryAt(path).blobs.set(blob.digest, blob),
    setTag(path, tag, digest) {
      const repository = repositoryAt(path);
      if (!repository.manifests.has(digest)) throw new Error(`${path} holds no manifest ${digest}: add it first.`);
      repository.tags.set(tag, digest);
    },
    removeTag: (path, tag) => void repositoryAt(path).tags.delete(tag),
    blob: (digest) =>
      repositories
        .values()
        .find(({ blobs }) => blobs.has(digest))
        ?.blobs.get(digest),
    revokeTokens: () => auth?.revokeTokens(),
  };
}

function manifestAnswer(repository: Repository, reference: string): Answer {
  const digest = reference.includes(':') ? reference : repository.tags.get(reference);
  const manifest = repository.manifests.get(digest ?? '');
  if (manifest === undefined) return registryError(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
  const headers = { 'Content-Type': manifest.mediaType, 'Docker-Content-Digest': manifest.digest };
  return answer(200, headers, contentOf(manifest.bytes));
}

function blobContent(blob: SmallBlob, rangeHeader: string | undefined): Answer {
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': blob.digest,
    'Accept-Ranges': 'bytes',
  };
  const range = resolveRange(rangeHeader, blob.size);
  if (range === undefined) return answer(200, headers, blob);
  if (range === 'unsatisfiable') {
    return registryError(416, 'SIZE_INVALID', 'range not satisfiable', { 'Content-Range': `bytes */${blob.size}` });
  }
  const { start, end } = range;
  const part = {
    size: end - start,
    read: (from = 0, to = end - start) => blob.read(start + from, start + Math.min(to, end - start)),
  };
  return answer(206, { ...headers, 'Content-Range': `bytes ${start}-${end - 1}/${blob.size}` }, part);
}

function tagsAnswer(path: string, repository: Repository, query: URLSearchParams): Answer {
  const last = query.get('last') ?? '';
  const limit = Number(query.get('n') ?? Number.POSITIVE_INFINITY);
  const following = [...repository.tags.keys()].sort().filter((tag) => tag > last);
  const tags = following.slice(0, limit);
  const lastTag = tags.at(-1);
  if (lastTag === undefined || tags.length === following.length) return json(200, { name: path, tags });
  const link = `</v2/${path}/tags/list?n=${limit}&last=${lastTag}>; rel="next"`;
  return json(200, { name: path, tags }, { Link: link });
}

function referrersOf(repository: Repository, subject: string, artifactType: string | null): Answer {
  const manifests = [...repository.manifests.values()].flatMap((manifest) => {
    const document = readDocument(manifest);
    if (document.subject?.digest !== subject) return [];
    if (artifactType !== null && document.artifactType !== artifactType) return [];
    const { mediaType, digest, bytes } = manifest;
    return [{ mediaType, digest, size: bytes.length, artifactType: document.artifactType }];
  });
  const headers = {
    'Content-Type': mediaTypes.oci.index,
    ...(artifactType !== null && { 'OCI-Filters-Applied': 'artifactType' }),
  };
  return json(200, { schemaVersion: 2, mediaType: mediaTypes.oci.index, manifests }, headers);
}

/** Tests add documents that are none. */
function readDocument(manifest: SmallManifest): { artifactType?: string; subject?: { digest?: string } } {
  try {
    return JSON.parse(manifest.bytes.toString());
  } catch {
    return {};
  }
}
