import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, actor, startTimeout } from '../gate/small-world.ts';
import { openSmallApi, type SmallApi } from './small-api.ts';

// Owners may do everything, so whatever makes one is as much as all scopes together.

let api: SmallApi;
/** An organization access token that may do all that one may to members, teams and invitations. */
let ci: Account;
let owner: Account;
let ids: Record<'owner' | 'chiefs' | 'member', string>;
beforeAll(async () => {
  api = await openSmallApi();
  const { administration, addAccount, settle } = api.world;
  owner = await addAccount('petra', { organization: 'acme', role: 'owner' }, ['repo:admin']);
  await addAccount('second', { organization: 'acme', role: 'owner' });
  await addAccount('chief', { organization: 'acme', role: 'member' });
  await addAccount('joiner', { organization: 'acme', role: 'member' });
  const { teams, invitations, organizationTokens } = administration;
  for (const name of ['chiefs', 'builders']) await teams.create('acme', { name }, actor);
  await teams.update('acme', 'chiefs', { role: 'owner' }, actor);
  await teams.addMember('acme', 'chiefs', 'chief', actor);
  const invite = async (invitee: string, offer: { role?: 'owner'; team?: string }) => {
    const [result] = await invitations.invite('acme', { invitees: [invitee], ...offer }, actor);
    if (result?.outcome !== 'invited') throw new Error('Nobody was invited.');
    return result.invitation.id;
  };
  ids = {
    owner: await invite('o@acme.test', { role: 'owner' }),
    chiefs: await invite('c@acme.test', { team: 'chiefs' }),
    member: await invite('m@acme.test', {}),
  };
  const scopes = ['scope-group-edit', 'scope-invite-edit', 'scope-member-edit'];
  const resources = [{ type: 'TYPE_ORG' as const, path: 'acme', scopes }];
  const { secret, token } = await organizationTokens.create('acme', { label: 'ci', resources }, actor);
  ci = { username: 'acme', pat: secret, tokenId: token.id };
  const body = JSON.stringify({ identifier: 'acme', secret });
  await settle(async () => (await api.world.ask('/v2/auth/token', { method: 'POST', body })).status === 200);
}, startTimeout);
afterAll(() => api.close(), startTimeout);

const acme = '/v2/orgs/acme';

describe('an organization access token', () => {
  it.each<[string, string, () => string, object?]>([
    ['add to the team of the owners', 'POST', () => `${acme}/groups/owners/members`, { member: 'joiner' }],
    ['add to it in another case', 'POST', () => `${acme}/groups/OWNERS/members`, { member: 'joiner' }],
    ['take from it', 'DELETE', () => `${acme}/groups/owners/members/second`],
    ['add to a team that makes owners', 'POST', () => `${acme}/groups/chiefs/members`, { member: 'joiner' }],
    ['take from such a team', 'DELETE', () => `${acme}/groups/chiefs/members/chief`],
    ['let a team make owners', 'PATCH', () => `${acme}/groups/builders`, { role: 'owner' }],
    ['change what such a team makes', 'PATCH', () => `${acme}/groups/chiefs`, { role: 'member' }],
    // Identity providers name teams: people of another group would become owners.
    ['rename such a team', 'PATCH', () => `${acme}/groups/chiefs`, { name: 'everybody' }],
    ['rename it as a whole', 'PUT', () => `${acme}/groups/chiefs`, { name: 'everybody' }],
    ['delete such a team', 'DELETE', () => `${acme}/groups/chiefs`],
    ['make a member an owner', 'PUT', () => `${acme}/members/joiner`, { role: 'owner' }],
    ['make an owner a member', 'PUT', () => `${acme}/members/second`, { role: 'member' }],
    ['remove an owner', 'DELETE', () => `${acme}/members/second`],
    ['remove an owner by a team', 'DELETE', () => `${acme}/members/chief`],
    ['invite an owner', 'POST', () => '/v2/invites/bulk', { org: 'acme', invitees: ['x@acme.test'], role: 'owner' }],
    [
      'invite into the team',
      'POST',
      () => '/v2/invites/bulk',
      { org: 'acme', invitees: ['x@acme.test'], team: 'Owners' },
    ],
    [
      'invite into such a team',
      'POST',
      () => '/v2/invites/bulk',
      { org: 'acme', invitees: ['x@a.test'], team: 'chiefs' },
    ],
    ['take the link of an owner to be', 'POST', () => `/v2/invites/${ids.owner}/link`],
    ['take the link into such a team', 'POST', () => `/v2/invites/${ids.chiefs}/link`],
    ['send it again', 'PATCH', () => `/v2/invites/${ids.owner}/resend`],
    ['cancel it', 'DELETE', () => `/v2/invites/${ids.owner}`],
  ])('cannot %s', async (_what, method, path, body) => {
    const state = async () => {
      const { members, teams, invitations } = api.world.administration;
      const { items } = await teams.page('acme', { offset: 0, limit: 100 });
      return JSON.stringify([await members.list('acme'), items, await invitations.list('acme')]);
    };
    const before = await state();
    const answer = await api.call(method, path(), { as: ci, body });
    expect([answer.status, answer.json.message]).toEqual([
      403,
      'token issued from organization access token is not allowed',
    ]);
    expect(await state()).toBe(before);
  });

  it.each<[string, string, () => string, object, number]>([
    ['add to another team', 'POST', () => `${acme}/groups/builders/members`, { member: 'joiner' }, 200],
    ['let a team make editors', 'PATCH', () => `${acme}/groups/builders`, { role: 'editor' }, 200],
    ['make a member an editor', 'PUT', () => `${acme}/members/joiner`, { role: 'editor' }, 200],
    ['invite', 'POST', () => '/v2/invites/bulk', { org: 'acme', invitees: ['y@acme.test'], team: 'builders' }, 202],
    ['take the link of a member to be', 'POST', () => `/v2/invites/${ids.member}/link`, {}, 200],
  ])('can %s', async (_what, method, path, body, status) => {
    expect((await api.call(method, path(), { as: ci, body })).status).toBe(status);
  });
});

it('a personal access token makes nobody an administrator: a stolen one would outlive its end', async () => {
  await api.world.administration.people.setAdministrator('petra', true, actor);
  await api.world.settle(async () => (await api.call('GET', '/v2/users', { as: owner })).status === 200);
  for (const is_admin of [true, false]) {
    const answer = await api.call('PATCH', '/v2/users/joiner', { as: owner, body: { is_admin } });
    expect([answer.status, answer.json.message]).toEqual([
      403,
      'token issued from personal access token is not allowed',
    ]);
  }
  expect((await api.call('PATCH', '/v2/users/joiner', { as: owner, body: { is_active: true } })).status).toBe(200);
});
