import { type Digest, isDigest } from '@pullgate/policy';
import type { HttpAnswer } from './http-client.ts';

type Headers = HttpAnswer['headers'];

/**
 * What the registry says that the digest is. A digest that cannot be verified, or of another algorithm than was asked
 * for (OCI distribution-spec allows both), is as good as none.
 */
export function digestOf(headers: Headers, asked?: Digest): Digest | undefined {
  const digest = headers['docker-content-digest'];
  if (typeof digest !== 'string' || !isDigest(digest)) return undefined;
  return asked === undefined || algorithmOf(digest) === algorithmOf(asked) ? digest : undefined;
}

/** `sha256` or `sha512`. */
export function algorithmOf(digest: Digest): string {
  return digest.slice(0, digest.indexOf(':'));
}

/** `Content-Length` in bytes. */
export function lengthOf(headers: Headers): number | undefined {
  const length = headers['content-length'];
  return typeof length === 'string' && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

/** `Content-Type` in lower case, without parameters. */
export function mediaTypeOf(headers: Headers): string | undefined {
  const type = headers['content-type'];
  return typeof type === 'string' ? type.split(';', 1)[0]?.trim().toLowerCase() : undefined;
}
