import {
  canonicalRegistry,
  type Digest,
  dockerHub,
  InvalidReference,
  isDigest,
  isHostWithoutPort,
  isTag,
  type Repository,
  repositoryOf,
} from '@pullgate/policy';
import type { ManifestReference, TagQuery } from '../content/content.ts';
import { ForgetfulMap } from '../forgetful-map.ts';
import type { OciErrorCode } from '../http/oci-error.ts';

/** Longest request target that is looked at. Names end at 255 characters and digests at 135. */
const maxTargetLength = 2048;
/** Most tags a client may ask for in one page (CVE-2023-2253: an allocation as large as `n`). */
const maxTagPage = 10_000;

/** A request for something in a repository. */
interface InRepository {
  readonly repository: Repository;
  /** The name as the client spells it: what its token's scope must hold. */
  readonly name: string;
  /** The value of `ns`, to be echoed as `OCI-Namespace`. */
  readonly namespace: string | undefined;
}

export type ContentRoute = InRepository &
  (
    | { readonly kind: 'manifest'; readonly reference: ManifestReference }
    | { readonly kind: 'blob'; readonly digest: Digest }
    | { readonly kind: 'tags'; readonly query: TagQuery }
    | { readonly kind: 'referrers'; readonly digest: Digest; readonly artifactType: string | undefined }
  );

export type RegistryRoute =
  | ContentRoute
  | { readonly kind: 'base' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'unsupported-method' }
  | { readonly kind: 'malformed'; readonly code: OciErrorCode; readonly message: string };

/** How a repository's registry is told from a request. */
export interface Naming {
  /** The registry that a Host header stands for, by the configured aliases. */
  registryOfHost(host: string): string | undefined;
}

/**
 * The one anchored grammar of the pull side of OCI distribution-spec 1.1. It is applied to the raw request target: a
 * target that would read differently once decoded or folded (`%2F`, `..`, `//`, `\`, absolute form) does not match.
 * The name is greedy, so the last `manifests`, `blobs`, `tags` or `referrers` counts: names may hold these words.
 */
const contentPath = /^\/v2\/([a-z0-9._/-]+)\/(manifests|blobs|tags|referrers)\/([\w.:%=+-]+)$/;
const encodedColon = /%3[aA]/;
/** Most requests have none. It is only read. */
const noQuery = new URLSearchParams();

/** Targets that are remembered. */
const maxRemembered = 2_000;

/**
 * Reads requests by the grammar. What is pulled is pulled again, mostly: what a target means that is without a query, on a
 * host that stands for no registry, never changes.
 */
export function createRouteReader(naming: Naming) {
  const remembered = new ForgetfulMap<string, ContentRoute>(maxRemembered);

  return (method: string, target: string, hostHeader: string | undefined): RegistryRoute => {
    const isPlain = (method === 'GET' || method === 'HEAD') && naming.registryOfHost(hostHeader ?? '') === undefined;
    const known = isPlain ? remembered.get(target) : undefined;
    if (known !== undefined) return known;
    const route = parseRoute(method, target, hostHeader, naming);
    const isContent = route.kind === 'manifest' || route.kind === 'blob';
    if (isPlain && isContent && !target.includes('?')) remembered.set(target, route);
    return route;
  };
}

export function parseRoute(
  method: string,
  target: string,
  hostHeader: string | undefined,
  naming: Naming,
): RegistryRoute {
  if (method !== 'GET' && method !== 'HEAD') return { kind: 'unsupported-method' };
  if (target.length > maxTargetLength) return malformed('NAME_INVALID', 'The request target is too long.');
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  if (path === '/v2/' || path === '/v2') return { kind: 'base' };
  if (path === '/v2/_catalog') return { kind: 'catalog' };

  const parts = contentPath.exec(path);
  if (!parts) return malformed('NAME_INVALID', 'This is not the path of a manifest, blob, tag list or referrers list.');
  const [, name = '', kind = '', last = ''] = parts;
  const query = mark === -1 ? noQuery : new URLSearchParams(target.slice(mark + 1));
  try {
    const where = locate(name, query, hostHeader, naming);
    return parseContent(kind, last.includes('%') ? last.replace(encodedColon, ':') : last, where, query);
  } catch (error) {
    if (error instanceof InvalidReference) return malformed('NAME_INVALID', error.message);
    throw error;
  }
}

function parseContent(kind: string, last: string, where: InRepository, query: URLSearchParams): RegistryRoute {
  switch (kind) {
    case 'manifests': {
      const reference = parseReference(last);
      if (reference) return { kind: 'manifest', ...where, reference };
      return last.includes(':') ? badDigest() : malformed('MANIFEST_INVALID', 'The tag is not a valid tag.');
    }
    case 'blobs':
      return isDigest(last) ? { kind: 'blob', ...where, digest: last } : badDigest();
    case 'referrers': {
      // An empty filter is none. Asked for as one, it would find nothing, and be kept as what there is.
      const artifactType = query.get('artifactType') || undefined;
      return isDigest(last) ? { kind: 'referrers', ...where, digest: last, artifactType } : badDigest();
    }
    default:
      return last === 'list' ? parseTagQuery(where, query) : malformed('NAME_INVALID', 'Tags are listed at tags/list.');
  }
}

/** A segment that holds a colon is a digest, any other a tag; nothing else is legal. */
function parseReference(text: string): ManifestReference | undefined {
  if (isDigest(text)) return { digest: text };
  return isTag(text) ? { tag: text } : undefined;
}

function parseTagQuery(where: InRepository, query: URLSearchParams): RegistryRoute {
  const n = query.get('n');
  if (n !== null && !/^\d{1,9}$/.test(n)) return malformed('UNSUPPORTED', 'n must be a whole number.');
  const last = query.get('last') ?? undefined;
  if (last !== undefined && last !== '' && !isTag(last)) return malformed('UNSUPPORTED', 'last must be a tag.');
  return { kind: 'tags', ...where, query: { limit: n === null ? undefined : Math.min(Number(n), maxTagPage), last } };
}

/** The three ways to name an upstream: the Host header of an alias, `?ns=`, or the first segment of the path. */
function locate(name: string, query: URLSearchParams, hostHeader: string | undefined, naming: Naming): InRepository {
  const [namespace, another] = query === noQuery ? [] : query.getAll('ns');
  if (another !== undefined) throw new InvalidReference('invalid-host', 'ns may be given once.');
  return { repository: repositoryNamed(name, namespace, naming.registryOfHost(hostHeader ?? '')), name, namespace };
}

/** The repository that a name means, given the `ns` and the alias' registry that came with it. Throws `InvalidReference`. */
export function repositoryNamed(name: string, namespace: string | undefined, alias: string | undefined): Repository {
  const named = namespace === undefined ? undefined : canonicalRegistry(namespace);
  if (named !== undefined && alias !== undefined && named !== alias) {
    throw new InvalidReference('invalid-host', `This host stands for ${alias}, and ns says ${named}.`);
  }
  const registry = named ?? alias;
  return registry === undefined ? repositoryByPath(name) : repositoryOf(registry, name);
}

/**
 * `ghcr.io/org/app` is on ghcr.io, `library/nginx` and `nginx` on Docker Hub. A first segment with a dot is a host, as
 * in distribution/reference; no namespace of Docker Hub has one.
 */
function repositoryByPath(name: string): Repository {
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  if (slash === -1 || !isHostWithoutPort(first)) return repositoryOf(dockerHub, name);
  return repositoryOf(canonicalRegistry(first), name.slice(slash + 1));
}

function badDigest(): RegistryRoute {
  return malformed('DIGEST_INVALID', 'The digest is not a sha256 or sha512 digest in lower case.');
}

function malformed(code: OciErrorCode, message: string): RegistryRoute {
  return { kind: 'malformed', code, message };
}
