import type { ConsoleWorld } from './world.ts';

/** A page, or a state of one that has a look of its own. */
export interface ListedPage {
  /** Also of its pictures. */
  readonly name: string;
  /** As `router.tsx` writes it, with the paths of the routes around it. */
  readonly route: string;
  readonly address: (world: ConsoleWorld) => string | Promise<string>;
}

const organizationRoute = '/console/o/$org';

function ofOrganization(name: string, more: Partial<ListedPage> = {}): ListedPage {
  return { name, route: `${organizationRoute}/${name}`, address: () => `/console/o/acme/${name}`, ...more };
}

/** Pages of whoever is signed in. */
export const signedInPages: readonly ListedPage[] = [
  ofOrganization('overview'),
  ofOrganization('image-access'),
  ofOrganization('registry-access'),
  ofOrganization('pulls'),
  {
    ...ofOrganization('pulls'),
    name: 'pulls-none-found',
    address: () => '/console/o/acme/pulls?image=nothing-like-it',
  },
  ofOrganization('activity'),
  ofOrganization('members'),
  ofOrganization('teams'),
  ofOrganization('teams/$team', { name: 'team', address: () => '/console/o/acme/teams/platform' }),
  ofOrganization('access-tokens'),
  ofOrganization('namespaces'),
  ofOrganization('single-sign-on'),
  ofOrganization('sign-in', { name: 'sign-in-enforcement' }),
  { name: 'account', route: '/console/account', address: () => '/console/account' },
  { name: 'decision', route: '/console/decisions/$id', address: newestRefusal },
  { name: 'decision-unknown', route: '/console/decisions/$id', address: () => '/console/decisions/0000000000000000' },
];

/** Of somebody in two organizations: who is in one only is led into it. */
export const organizationsPage: ListedPage = {
  name: 'organizations',
  route: '/console',
  address: () => '/console',
};

/** Pages of whoever is not signed in. */
export const openPages: readonly ListedPage[] = [
  { name: 'sign-in', route: '/console/sign-in', address: () => '/console/sign-in' },
  { name: 'set-up-done', route: '/console/set-up', address: () => '/console/set-up' },
  { name: 'invitation', route: '/console/invitation', address: invitation },
  { name: 'invitation-without-secret', route: '/console/invitation', address: () => '/console/invitation' },
  { name: 'reset-password', route: '/console/reset-password', address: () => '/console/reset-password' },
  {
    name: 'reset-password-with-secret',
    route: '/console/reset-password',
    address: () => '/console/reset-password#secret-of-a-letter',
  },
];

async function newestRefusal(world: ConsoleWorld): Promise<string> {
  const { results } = await world
    .api('owner')
    .listPulls({ params: { org: world.org }, query: { verdict: 'deny', person: world.people.member.username } });
  const [newest] = results;
  if (!newest) throw new Error('No refusal was recorded.');
  return `/console/decisions/${newest.id}`;
}

async function invitation(world: ConsoleWorld): Promise<string> {
  const { invitees } = await world.api('owner').inviteMembers({
    body: { org: world.org, invitees: ['somebody@acme.example'], role: 'editor' },
  });
  const { hash } = new URL(invitees[0]?.link ?? '');
  return `/console/invitation${hash}`;
}
