import type { ScimErrorBody } from '@pullgate/contract';
import { AdministrationError, InvalidInput } from '../../administration-error.ts';

/** RFC 7644 section 3.12. */
export type ScimType = 'invalidFilter' | 'uniqueness' | 'mutability' | 'invalidSyntax' | 'invalidPath' | 'invalidValue';

export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly status: number;
  readonly scimType: ScimType | undefined;

  constructor(status: number, detail: string, scimType?: ScimType) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
  }
}

const statuses = {
  'not-found': 404,
  'already-exists': 409,
  'policy-conflict': 409,
  'last-owner': 409,
  'limit-reached': 409,
  'invalid-input': 400,
} as const;

const types: Readonly<Record<string, ScimType>> = { 'already-exists': 'uniqueness', 'last-owner': 'mutability' };

/** What failed, in the form of SCIM. Undefined for what is nobody's fault but ours. */
export function toScimError(error: unknown): ScimError | undefined {
  if (error instanceof ScimError) return error;
  if (!(error instanceof AdministrationError)) return undefined;
  const type = error instanceof InvalidInput ? 'invalidValue' : types[error.code];
  return new ScimError(statuses[error.code], error.message, type);
}

export function scimErrorResponse({ status, message, scimType }: ScimError): Response {
  const body: ScimErrorBody = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    detail: message,
    ...(scimType !== undefined && { scimType }),
  };
  return scimResponse(status, body, status === 401 ? { 'WWW-Authenticate': 'Bearer realm="scim"' } : {});
}

export function scimResponse(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/scim+json', ...headers },
  });
}
