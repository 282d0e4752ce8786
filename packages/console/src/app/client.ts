import { endpoints } from 'virtual:contract-endpoints';
import type { ApiError, Arguments, EndpointName, EndpointNamed } from '@pullgate/contract';
import { addressOf as addressAt, clientOf } from '@pullgate/contract/client';

/** The API of the gate that served this page. The session cookie tells who asks: no secret is ever in a script. */
export const client = clientOf(endpoints, { baseUrl: location.origin });

/** Where the browser itself gets an answer: an export to download. */
export function addressOf<Name extends EndpointName>(name: Name, args: Arguments<EndpointNamed<Name>>): string {
  const endpoint = endpoints.find((one) => one.name === name);
  if (!endpoint) throw new TypeError(`There is no endpoint ${name}.`);
  return addressAt(endpoint, location.origin, args as Parameters<typeof addressAt>[2]);
}

/** Whether somebody has to sign in (again). */
export function isSignedOut(error: unknown): boolean {
  return isApiError(error) && error.status === 401;
}

export function isNotFound(error: unknown): boolean {
  return isApiError(error) && error.status === 404;
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === 'ApiError';
}

/** What went wrong, for a person: the sentences of the server, which say what to do, without the fields' names in the API. */
export function messageOf(error: unknown): string {
  if (isApiError(error)) return [...new Set(Object.values(error.fields).flat())].join(' ') || error.detail;
  if (error instanceof TypeError) return 'The gate cannot be reached. Check the network and try again.';
  return error instanceof Error ? error.message : String(error);
}
