import type { Api } from '../api/api.ts';
import type { SetUp } from '../sign-in/set-up.ts';
import { type OrganizationApiParts, openOrganizationApi } from './organization-api.ts';
import { openSignIn, type SignInNeeds, type SignInParts } from './sign-in.ts';

/** What owners, members and identity providers use, beside pulling: signing in and the organization API. */
export interface Management {
  readonly api: Api;
  readonly setUp: SetUp;
  readonly checkLogin: SignInParts['checkLogin'];
}

export type ManagementParts = Omit<OrganizationApiParts, 'signInParts'> & SignInNeeds;

/** Loaded on demand: its libraries are half of the memory and most of the start of a gate that only serves pulls. */
export function openManagement(parts: ManagementParts, closing: AsyncDisposableStack): Management {
  const signInParts = openSignIn(parts, closing);
  const api = openOrganizationApi({ ...parts, signInParts }, closing);
  return { api, setUp: signInParts.setUp, checkLogin: signInParts.checkLogin };
}
