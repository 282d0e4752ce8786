import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, startTimeout } from '../gate/small-world.ts';
import { openSmallApi, type SmallApi } from './small-api.ts';

// A text that no database can hold: PostgreSQL ends texts at a NUL, and fails on one within.

let api: SmallApi;
let owner: Account;
beforeAll(async () => {
  api = await openSmallApi();
  owner = await api.world.addAccount('petra', { organization: 'acme', role: 'owner' }, ['repo:admin']);
}, startTimeout);
afterAll(() => api.close(), startTimeout);

describe('a NUL', () => {
  it.each([
    ['PATCH', '/v2/orgs/acme', { location: 'Os\0lo' }],
    ['POST', '/v2/orgs/acme/groups', { name: 'dev', description: '\0' }],
    ['POST', '/v2/orgs/acme/groups/owners/members', { member: 'bob\0' }],
    ['POST', '/v2/invites/bulk', { org: 'acme', invitees: ['\0@acme.example'] }],
    ['POST', '/v2/invites/bulk', { org: 'acme\0', invitees: ['bob'] }],
    ['GET', '/v2/orgs/acme/members?search=%00', undefined],
    ['GET', '/v2/auditlogs/acme?actor=a%00', undefined],
    ['GET', '/v2/orgs/acme/activity/export?name=%00', undefined],
    ['GET', '/v2/orgs/acme/pulls?person=%00', undefined],
    ['GET', '/v2/orgs/acme/groups?username=%00', undefined],
  ])('is refused and told: %s %s %j', async (method, path, body) => {
    const answer = await api.call(method, path, { as: owner, ...(body && { body }) });
    expect(answer).toMatchObject({ status: 400, json: { detail: expect.stringContaining('NUL') } });
  });

  it.each([
    ['/v2/users/login', { username: 'max\0', password: 'a' }, 400],
    ['/v2/auth/token', { identifier: 'max@\0', secret: 'a' }, 400],
    ['/api/auth/sign-in/username', { username: 'max\0', password: 'a' }, 400],
    ['/api/auth/request-password-reset', { email: 'max\0@acme.example' }, 400],
  ])('in a sign-in is no failure of the gate: %s', async (path, body, status) => {
    const headers = { origin: api.world.gate.url };
    expect((await api.call('POST', path, { body, headers })).status).toBe(status);
  });

  it('is not what only looks like one', async () => {
    const answer = await api.call('PATCH', '/v2/orgs/acme', { as: owner, body: { location: 'C:\\u0000' } });
    expect(answer).toMatchObject({ status: 200, json: { location: 'C:\\u0000' } });
  });
});
