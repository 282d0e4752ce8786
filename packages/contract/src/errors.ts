import { z } from 'zod';

/**
 * Every error but those of logins and SCIM. Docker Hub documents five shapes; this is their superset. Nobody but a 404
 * says `not found`, in any case: Terraform's provider looks for these words in the text and never at the status.
 */
export const errorBody = z
  .object({
    detail: z.string().describe('What is wrong and what to do next.'),
    message: z.string().describe('The same.'),
    errinfo: z.record(z.string(), z.unknown()),
    fields: z.record(z.string(), z.array(z.string())).optional().describe('With 400: what is wrong in which field.'),
    text: z.string().optional().describe('With 400: the same in one line.'),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.output<typeof errorBody>;

/** 401 of `/v2/users/login` and `/v2/users/2fa-login`. */
export const loginErrorBody = z
  .object({
    detail: z.string(),
    login_2fa_token: z.string().optional().describe('With the sentence that asks for the second factor.'),
  })
  .meta({ id: 'LoginError' });
export type LoginErrorBody = z.output<typeof loginErrorBody>;

/** RFC 7644, section 3.12. */
export const scimErrorBody = z
  .object({
    schemas: z.tuple([z.literal('urn:ietf:params:scim:api:messages:2.0:Error')]),
    status: z.string().describe('The status, as text.'),
    detail: z.string(),
    scimType: z.string().optional(),
  })
  .meta({ id: 'ScimError' });
export type ScimErrorBody = z.output<typeof scimErrorBody>;

/** Sentences that clients compare or that people search for: Docker Hub's own, letter by letter. */
export const sentences = {
  wrongLogin: 'Incorrect authentication credentials',
  secondFactorRequired: 'Require secondary authentication on MFA enabled account',
  organizationLogin: 'Cannot log into an organization account',
  personalTokenRefused: 'token issued from personal access token is not allowed',
  organizationTokenRefused: 'token issued from organization access token is not allowed',
} as const;

/** When a request that is well understood is answered with an error, and what that means. */
export const errorStatuses = {
  400: 'The request cannot be understood: `fields` says what is wrong where.',
  401: 'Nobody is signed in, or what was given is not valid (any more).',
  403: 'Whoever is signed in may not do this, or not with this kind of token.',
  404: 'What the path names does not exist, or not for whoever is signed in.',
  405: 'The path exists, but not with this method.',
  409: 'The name is taken, or the change contradicts what is there.',
  412: 'Somebody else changed it meanwhile: `If-Match` names a version that is no longer in force.',
  413: 'The body is too large.',
  429: 'Too many requests: `Retry-After` says in how many seconds to try again.',
  500: 'The server failed. It is safe to try again.',
} as const;
