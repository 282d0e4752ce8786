import type { Digest } from './digest.ts';
import { parseFamiliarName } from './familiar-name.ts';
import { type Repository, repositoryOf } from './repository.ts';

/** An image by its canonical name. At most one of tag and digest is there; with neither, clients mean `latest`. */
export interface ImageReference {
  readonly repository: Repository;
  readonly tag?: string;
  readonly digest?: Digest;
}

/**
 * Parses an image name in any spelling into the canonical one. A tag beside a digest is dropped, as containerd and
 * Docker do: the digest alone says what is pulled, and a tag that plays no part must not be judged or recorded.
 * Throws `InvalidReference` and nothing else.
 */
export function parseImageReference(text: string): ImageReference {
  const { domain, path, tag, digest } = parseFamiliarName(text);
  const repository = repositoryOf(domain, path);
  if (digest !== undefined) return { repository, digest };
  return tag === undefined ? { repository } : { repository, tag };
}

/** The canonical name in full: `docker.io/library/nginx:1.27`, `ghcr.io/acme/app@sha256:…`. Parses to the same reference. */
export function formatImageReference({ repository, tag, digest }: ImageReference): string {
  if (digest !== undefined) return `${repository.name}@${digest}`;
  return tag === undefined ? repository.name : `${repository.name}:${tag}`;
}
