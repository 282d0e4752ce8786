import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, actor, startTimeout } from '../gate/small-world.ts';
import { openSmallApi, type SmallApi } from './small-api.ts';

// From an invitation to a browser's session: what a person may do who signed in with a password, and no page of another
// site may do in their name.

const password = 'correct horse battery staple';
let api: SmallApi;
let owner: Account;
let cookie: string;

beforeAll(async () => {
  api = await openSmallApi();
  owner = await api.world.addAccount('petra', { organization: 'acme', role: 'owner' }, ['repo:admin']);
}, startTimeout);
afterAll(() => api.close(), startTimeout);

const secretOf = (link: string) => link.split('#')[1] ?? '';

describe('an invitation', () => {
  let token: string;

  it('is a link to the console, whose secret no server sees', async () => {
    const body = { org: 'acme', invitees: ['bob@acme.test'], role: 'owner' };
    const { json } = await api.call('POST', '/v2/invites/bulk', { as: owner, body });
    const { link } = json.invitees[0];
    expect(link.split('#')[0]).toBe(`${api.world.gate.url}/console/invitation`);
    token = secretOf(link);
    expect(token.length).toBeGreaterThan(20);
  });

  it('cannot be sent again without a mail server, and keeps its link; a new one ends the old one', async () => {
    const { json } = await api.call('GET', '/v2/orgs/acme/invites', { as: owner });
    const { id } = json.data[0];
    const again = await api.call('PATCH', `/v2/invites/${id}/resend`, { as: owner });
    expect([again.status, again.json.detail]).toEqual([400, expect.stringContaining('no mail server')]);
    expect((await api.call('POST', '/v2/invites/view', { body: { token } })).json).toMatchObject({
      org: 'acme',
      invitee: 'bob@acme.test',
      username: null,
    });
    const old = token;
    token = secretOf((await api.call('POST', `/v2/invites/${id}/link`, { as: owner })).json.link);
    expect((await api.call('POST', '/v2/invites/view', { body: { token: old } })).status).toBe(404);
  });

  it('makes nothing of a password that is too short, nor of somebody who signed in with a token', async () => {
    const short = { token, account: { username: 'bob', password: 'short' } };
    const answer = await api.call('POST', '/v2/invites/accept', { body: short });
    expect([answer.status, Object.keys(answer.json.fields)]).toEqual([400, ['password']]);
    expect((await api.call('POST', '/v2/invites/accept', { as: owner, body: { token } })).status).toBe(403);
  });

  it('makes an account and a membership, once', async () => {
    const body = { token, account: { username: 'bob', full_name: 'Bob', password } };
    expect((await api.call('POST', '/v2/invites/accept', { body })).json).toEqual({
      org: 'acme',
      username: 'bob',
      role: 'owner',
    });
    expect((await api.call('POST', '/v2/invites/accept', { body })).status).toBe(404);
  });
});

describe('a password', () => {
  it('that was forgotten is asked for in vain without a mail server, which is told before', async () => {
    expect((await api.call('GET', '/v2/setup')).json).toMatchObject({ mail: false });
    const answer = await api.call('POST', '/api/auth/request-password-reset', {
      headers: { origin: api.world.gate.url },
      body: { email: 'bob@acme.test' },
    });
    expect(answer.status).toBe(400);
  });

  it('signs in at both logins', async () => {
    const login = await api.call('POST', '/v2/users/login', { body: { username: 'bob', password } });
    const exchange = await api.call('POST', '/v2/auth/token', { body: { identifier: 'bob', secret: password } });
    for (const token of [login.json.token, exchange.json.access_token]) {
      const headers = { authorization: `Bearer ${token}` };
      expect((await api.call('GET', '/v2/user', { headers })).json).toMatchObject({
        username: 'bob',
        full_name: 'Bob',
      });
    }
  });

  it('may make tokens, which a token may not', async () => {
    const { json } = await api.call('POST', '/v2/users/login', { body: { username: 'bob', password } });
    const headers = { authorization: `Bearer ${json.token}` };
    const body = {
      token_label: 'laptop',
      scopes: ['repo:write', 'repo:read'],
      expires_at: '2099-01-31T23:59:59+01:00',
    };
    const created = await api.call('POST', '/v2/access-tokens', { headers, body });
    expect(created.json).toMatchObject({
      token: expect.stringMatching(/^pgp_/),
      scopes: ['repo:write', 'repo:read'],
      expires_at: '2099-01-31T23:59:59+01:00',
    });
    const path = `/v2/access-tokens/${created.json.uuid}/`;
    expect((await api.call('GET', path, { headers })).json.token).toBe('');
    const renamed = await api.call('PATCH', path, { headers, body: { token_label: 'desk', is_active: false } });
    expect(renamed.json).toMatchObject({ token_label: 'desk', is_active: false });
    expect((await api.call('GET', '/v2/access-tokens', { headers })).json).toMatchObject({ count: 1, active_count: 0 });
    expect((await api.call('DELETE', path, { headers })).status).toBe(204);
    expect((await api.call('GET', path, { headers })).status).toBe(404);
  });

  it('has sessions that end when the person is switched off', async () => {
    const { json } = await api.call('POST', '/v2/users/login', { body: { username: 'bob', password } });
    const headers = { authorization: `Bearer ${json.token}` };
    const { people } = api.world.administration;
    await people.setActive('bob', false, actor);
    await api.world.settle(async () => (await api.call('GET', '/v2/user', { headers })).status === 401);
    const refused = await api.call('POST', '/v2/users/login', { body: { username: 'bob', password } });
    expect([refused.status, refused.json]).toEqual([401, { detail: 'Incorrect authentication credentials' }]);
    await people.setActive('bob', true, actor);
    await api.world.settle(async () => {
      const login = await api.call('POST', '/v2/users/login', { body: { username: 'bob', password } });
      return login.status === 200;
    });
  });
});

describe('a browser’s session', () => {
  const origin = () => api.world.gate.url;
  const body = { enforce: true };

  it('begins with a cookie that no script and no other site gets', async () => {
    const answer = await api.call('POST', '/api/auth/sign-in/username', {
      headers: { origin: origin() },
      body: { username: 'bob', password },
    });
    expect(answer.status).toBe(200);
    const cookies = answer.headers['set-cookie'] ?? [];
    const session = cookies.find((one) => one.includes('session_token')) ?? '';
    expect(session).toMatch(/; HttpOnly/i);
    expect(session).toMatch(/; SameSite=Lax/i);
    cookie = session.split(';')[0] ?? '';
    expect((await api.call('GET', '/v2/user', { headers: { cookie } })).json).toMatchObject({ username: 'bob' });
  });

  it.each([
    ['by the page of the gate', () => ({ origin: origin() }), 200],
    ['by the page of the gate, as newer browsers say', () => ({ 'sec-fetch-site': 'same-origin' }), 200],
    ['by a page of another site', () => ({ origin: 'https://evil.test' }), 403],
    ['by a page of another site, as newer browsers say', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
    ['by a page of a neighbour', () => ({ origin: 'http://neighbour.test', 'sec-fetch-site': 'same-site' }), 403],
    ['by a page that hides where it is', () => ({ origin: 'null' }), 403],
    ['by nobody knows whom', () => ({}), 403],
  ])('changes something only when it is asked %s', async (_whom, headers, status) => {
    const answer = await api.call('PUT', '/v2/orgs/acme/sign-in', { headers: { cookie, ...headers() }, body });
    expect(answer.status).toBe(status);
  });

  it('is not looked at where there is a bearer', async () => {
    const headers = { cookie, authorization: 'Bearer a.b.c', origin: origin() };
    expect((await api.call('GET', '/v2/user', { headers })).status).toBe(401);
  });

  it('may read from anywhere, since no other site sees the answer', async () => {
    const headers = { cookie, origin: 'https://evil.test' };
    const answer = await api.call('GET', '/v2/orgs/acme', { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('is told of with the others, which it can end', async () => {
    const login = await api.call('POST', '/v2/users/login', { body: { username: 'bob', password } });
    const other = { authorization: `Bearer ${login.json.token}` };
    type Listed = { id: string; method: string; is_current: boolean };
    const list = async (): Promise<Listed[]> =>
      (await api.call('GET', '/v2/user/sessions', { headers: { cookie } })).json.results;
    const [newest, ...older] = await list();
    expect(newest).toMatchObject({ method: 'password', is_current: false });
    expect(older.filter(({ is_current }) => is_current)).toHaveLength(1);
    const path = `/v2/user/sessions/${newest?.id}`;
    expect((await api.call('DELETE', path, { as: owner })).status).toBe(403);
    expect((await api.call('DELETE', path, { headers: { cookie, origin: origin() } })).status).toBe(204);
    expect((await api.call('DELETE', path, { headers: { cookie, origin: origin() } })).status).toBe(404);
    expect((await api.call('GET', '/v2/user', { headers: other })).status).toBe(401);
    expect(await list()).toEqual(older);
  });

  it('of one person is no other’s to end', async () => {
    const login = await api.call('POST', '/v2/users/login', { body: { username: 'bob', password } });
    const bob = { authorization: `Bearer ${login.json.token}` };
    const [{ id }] = (await api.call('GET', '/v2/user/sessions', { headers: bob })).json.results;
    const body = { org: 'acme', invitees: ['eve@acme.test'], role: 'member' };
    const { link } = (await api.call('POST', '/v2/invites/bulk', { as: owner, body })).json.invitees[0];
    const account = { username: 'eve', password };
    await api.call('POST', '/v2/invites/accept', { body: { token: secretOf(link), account } });
    const { token } = (await api.call('POST', '/v2/users/login', { body: { username: 'eve', password } })).json;
    const eve = { authorization: `Bearer ${token}` };
    expect((await api.call('DELETE', `/v2/user/sessions/${id}`, { headers: eve })).status).toBe(404);
    expect((await api.call('GET', '/v2/user', { headers: bob })).status).toBe(200);
  });

  it('ends when it is signed out of', async () => {
    await api.call('POST', '/api/auth/sign-out', { headers: { cookie, origin: origin() }, body: {} });
    expect((await api.call('GET', '/v2/user', { headers: { cookie } })).status).toBe(401);
  });
});
