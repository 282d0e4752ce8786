import { queryOptions } from '@tanstack/react-query';
import { client } from '../app/client.ts';
import { getSignIn } from '../sign-in/sign-in-routes.ts';

export interface Passkey {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: string;
}

/** Whether codes of an authenticator app are asked for at sign-in. */
export const secondFactorQuery = queryOptions({
  queryKey: ['account', 'second-factor'],
  async queryFn({ signal }) {
    type Answer = { readonly user?: { readonly twoFactorEnabled?: boolean | null } } | null;
    return (await getSignIn<Answer>('/get-session', signal))?.user?.twoFactorEnabled === true;
  },
});

/** What the library files passwords under; everything else is an identity at a single sign-on connection. */
const passwordProvider = 'credential';

export const waysQuery = queryOptions({
  queryKey: ['account', 'ways'],
  async queryFn({ signal }) {
    type Linked = { readonly providerId: string; readonly createdAt: string };
    const linked = await getSignIn<readonly Linked[]>('/list-accounts', signal);
    return {
      hasPassword: linked.some(({ providerId }) => providerId === passwordProvider),
      singleSignOns: linked.filter(({ providerId }) => providerId !== passwordProvider),
    };
  },
});

export const passkeysQuery = queryOptions({
  queryKey: ['account', 'passkeys'],
  queryFn: ({ signal }) => getSignIn<readonly Passkey[]>('/passkey/list-user-passkeys', signal),
});

export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: async ({ signal }) => (await client.listOwnSessions({}, { signal })).results,
});
