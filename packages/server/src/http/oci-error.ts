import type { ContentError } from '../content/content-error.ts';

/** The codes of OCI distribution-spec 1.1 that a pull-only registry answers with, and `UNKNOWN` of its predecessor. */
export type OciErrorCode =
  | 'BLOB_UNKNOWN'
  | 'DENIED'
  | 'DIGEST_INVALID'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'TOOMANYREQUESTS'
  | 'UNAUTHORIZED'
  | 'UNKNOWN'
  | 'UNSUPPORTED';

export interface OciError {
  readonly status: number;
  readonly code: OciErrorCode;
  readonly message: string;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
}

/** Seconds after which a client may ask again when an upstream failed without saying. */
const retryAfterSeconds = 5;

/** The answer for content that the upstream could not or would not give. */
export function fromContentError(error: ContentError, notFound: OciErrorCode): OciError {
  const { message } = error;
  switch (error.code) {
    case 'not-found':
      return { status: 404, code: notFound, message };
    case 'rate-limited':
      return { status: 429, code: 'TOOMANYREQUESTS', message, retryAfter: error.retryAfter ?? 60 };
    case 'unavailable':
      return { status: 503, code: 'UNKNOWN', message, retryAfter: error.retryAfter ?? retryAfterSeconds };
    case 'untrustworthy':
    case 'upstream-denied':
      return { status: 502, code: 'UNKNOWN', message };
  }
}
