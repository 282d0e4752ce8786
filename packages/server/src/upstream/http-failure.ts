import { ContentError } from '../content/content-error.ts';
import { AddressRefused } from './guard.ts';
import { TransientError } from './retry.ts';

const timeouts = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const brokenOff = new Set(['UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'ECONNRESET', 'EPIPE']);
const certificateCode = /^CERT_|^ERR_TLS_CERT_|SELF_SIGNED|^UNABLE_TO_/;
const protocolCode = /^HPE_|^UND_ERR_HEADERS_OVERFLOW$/;

/**
 * Says what a failed request means for the person who pulls. `name` is the upstream's. Requests hold credentials and
 * signed URLs, so neither the message nor the cause repeats what was sent or received.
 */
export function contentErrorOf(name: string, error: unknown): ContentError {
  if (error instanceof ContentError) return error;
  if (error instanceof AddressRefused) {
    return new ContentError(
      'untrustworthy',
      `${name} leads to a private or reserved address, which is refused unless the upstream is configured to allow it.`,
    );
  }
  const code = codeOf(error);
  if (timeouts.has(code)) return new TransientError(`${name} did not answer in time.`);
  if (certificateCode.test(code)) {
    return new ContentError('untrustworthy', `The TLS certificate of ${name} cannot be trusted (${code}).`);
  }
  if (protocolCode.test(code)) return new ContentError('untrustworthy', `${name} did not answer in correct HTTP.`);
  if (brokenOff.has(code)) return new TransientError(`The connection to ${name} broke off (${code}).`);
  return new TransientError(`${name} could not be reached${code === '' ? '' : ` (${code})`}.`);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' && /^[A-Z0-9_]{1,60}$/.test(error.code) ? error.code : '';
}

const maxRetryAfterSeconds = 24 * 60 * 60;

/** `Retry-After` in seconds, from either of its forms (RFC 9110, section 10.2.3), a day at most. */
export function retryAfterSeconds(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : secondsUntil(header, now);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), maxRetryAfterSeconds);
}

function secondsUntil(date: string, now: number): number {
  return date.endsWith(' GMT') ? Math.ceil((Date.parse(date) - now) / 1000) : Number.NaN;
}
