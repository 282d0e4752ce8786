export type ContentErrorCode =
  /** The upstream says that there is no such repository, tag, manifest or blob, or does not show it to us. */
  | 'not-found'
  /** The upstream asks to slow down (429). */
  | 'rate-limited'
  /** The upstream did not answer, in time or at all, or answered with a failure of its own. */
  | 'unavailable'
  /** The upstream answered with something that must not be passed on: wrong digest, foreign realm, schema 1, … */
  | 'untrustworthy'
  /** The upstream refuses the credential that the gate is configured with. */
  | 'upstream-denied';

/** Why content cannot be served. The message is one sentence for the person who pulls; it never holds a secret. */
export class ContentError extends Error {
  override readonly name = 'ContentError';
  readonly code: ContentErrorCode;
  /** Seconds, as the upstream gave it. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ContentErrorCode,
    message: string,
    options: { retryAfter?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfter = options.retryAfter;
  }
}
