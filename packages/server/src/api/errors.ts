import type { ErrorBody, LoginErrorBody, ScimErrorBody } from '@pullgate/contract';
import { InvalidReference } from '@pullgate/policy';
import type { z } from 'zod';
import { AdministrationError, type AdministrationErrorCode, InvalidInput } from '../administration-error.ts';
import { ContentError } from '../content/content-error.ts';
import { PullQueryError } from '../pulls/query-client.ts';

/** An answer other than success. The message is for people: it says what to do next. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** What is wrong in which field of the request. */
  readonly fields: Readonly<Record<string, readonly string[]>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Of an account with a second factor: what `users/2fa-login` takes. */
  readonly secondFactorTicket: string | undefined;

  constructor(
    status: number,
    message: string,
    more: {
      readonly fields?: Readonly<Record<string, readonly string[]>>;
      readonly headers?: Readonly<Record<string, string>>;
      readonly secondFactorTicket?: string;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.fields = more.fields;
    this.headers = more.headers ?? {};
    this.secondFactorTicket = more.secondFactorTicket;
  }
}

/** The same for what does not exist and for what the caller must not know of. */
export function nothingThere(): ApiError {
  return new ApiError(404, 'Object not found');
}

export function unauthorized(message: string): ApiError {
  return new ApiError(401, message);
}

export function forbidden(message: string): ApiError {
  return new ApiError(403, message);
}

export function tooManyRequests(message: string, retryAfterSeconds: number, now: number): ApiError {
  const headers = {
    'Retry-After': String(retryAfterSeconds),
    // A Unix time, as editions of Docker's document before 2025 have it.
    'X-Retry-After': String(Math.ceil(now / 1000) + retryAfterSeconds),
  };
  return new ApiError(429, message, { headers });
}

/** A request that zod could not read. */
export function invalidRequest({ issues }: z.ZodError, part: string): ApiError {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of issues.slice(0, maxIssues)) {
    const field = path.length === 0 ? part : path.join('.');
    fields[field] = [...(fields[field] ?? []), message];
  }
  return new ApiError(400, textOf(fields), { fields });
}

/** Whoever sends rubbish gets no long list of it. */
const maxIssues = 20;

function textOf(fields: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(fields)
    .map(([field, messages]) => `${field}: ${messages.join(' ')}`)
    .join('; ');
}

const statuses: Readonly<Record<AdministrationErrorCode, number>> = {
  'not-found': 404,
  'already-exists': 409,
  'policy-conflict': 412,
  'last-owner': 400,
  'limit-reached': 400,
  'invalid-input': 400,
};

/** What a failure is to the caller; undefined for what nobody foresaw, of which nothing is told. */
export function toApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof InvalidInput) return invalidField(wireName(error.field), error.message);
  if (error instanceof AdministrationError) return new ApiError(statuses[error.code], error.message);
  if (error instanceof ContentError) return fromContentError(error);
  if (error instanceof InvalidReference) return invalidField('reference', error.message);
  if (error instanceof PullQueryError) return new ApiError(503, error.message, { headers: { 'Retry-After': '5' } });
  return undefined;
}

export function invalidField(field: string, message: string): ApiError {
  return new ApiError(400, message, { fields: { [field]: [message] } });
}

/** The domain's `expiresAt` is `expires_at` on the wire. */
function wireName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fromContentError({ code, message, retryAfter = 5 }: ContentError): ApiError {
  switch (code) {
    case 'not-found':
      return new ApiError(404, message);
    case 'rate-limited':
    case 'unavailable':
      return new ApiError(503, message, { headers: { 'Retry-After': String(retryAfter) } });
    case 'untrustworthy':
    case 'upstream-denied':
      return new ApiError(502, message);
  }
}

export const unexpected = new ApiError(500, 'The server failed. It is safe to try again.');

export type ErrorForm = 'hub' | 'login' | 'scim';

/** Hub's error in the superset of its shapes; logins and SCIM have shapes of their own. */
export function errorBody({ status, message, fields, secondFactorTicket }: ApiError, form: ErrorForm): string {
  const text = status === 404 ? withNotFound(message) : message;
  if (form === 'scim') {
    const schemas: ScimErrorBody['schemas'] = ['urn:ietf:params:scim:api:messages:2.0:Error'];
    return careful(status, { schemas, status: String(status), detail: text } satisfies ScimErrorBody);
  }
  if (form === 'login') {
    const ticket = secondFactorTicket === undefined ? {} : { login_2fa_token: secondFactorTicket };
    return careful(status, { detail: text, ...ticket } satisfies LoginErrorBody);
  }
  const validation = status === 400 ? { fields: mutable(fields ?? {}), text } : {};
  return careful(status, { detail: text, message: text, errinfo: {}, ...validation } satisfies ErrorBody);
}

/** Terraform's provider looks for these words and never at the status: a 404 has them, in its first 500 bytes. */
function withNotFound(message: string): string {
  return /not found/i.test(message) ? message : `Not found: ${message}`;
}

/** Any other error must not have them, also not in what it quotes: a refused DELETE would count as done. */
function careful(status: number, body: object): string {
  const json = JSON.stringify(body);
  return status === 404 ? json : json.replace(/not found/gi, 'not-found');
}

function mutable(fields: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(fields).map(([name, messages]) => [name, [...messages]]));
}
