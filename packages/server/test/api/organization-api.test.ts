import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, actor, startTimeout } from '../gate/small-world.ts';
import { openSmallApi, type SmallApi } from './small-api.ts';

// The rim as clients meet it: a running gate, over sockets.

let api: SmallApi;
let owner: Account;
let member: Account;
beforeAll(async () => {
  api = await openSmallApi();
  owner = await api.world.addAccount('petra', { organization: 'acme', role: 'owner' }, ['repo:admin']);
  member = api.world.member;
}, startTimeout);
afterAll(() => api.close(), startTimeout);

const settings = { restricted_images: { enabled: true, allow_official_images: true, allow_verified_publishers: true } };

describe('bearers', () => {
  it.each(['Bearer', 'bearer', 'JWT', 'jwt'])('are taken as %s', async (scheme) => {
    const authorization = `${scheme} ${await api.bearer(member)}`;
    expect((await api.call('GET', '/v2/user', { headers: { authorization } })).json).toMatchObject({ username: 'max' });
  });

  it.each([
    ['no bearer', undefined],
    ['an access token itself', () => `Bearer ${member.pat}`],
    ['a registry token', async () => `Bearer ${await api.world.token(member, 'library/alpine')}`],
    ['name and password', () => `Basic ${Buffer.from(`max:${member.pat}`).toString('base64')}`],
    ['rubbish', () => 'Bearer a.b.c'],
  ])('are asked for: %s is answered 401', async (_what, make) => {
    const headers = make === undefined ? {} : { authorization: await make() };
    const answer = await api.call('GET', '/v2/user', { headers });
    expect(answer.status).toBe(401);
    expect(answer.json.detail).toMatch(/sign in/i);
  });

  it('end with the token that they were made with, at the next request', async () => {
    const leaver = await api.world.addAccount('leaver', { organization: 'acme', role: 'member' });
    const headers = { authorization: `Bearer ${await api.bearer(leaver)}` };
    expect((await api.call('GET', '/v2/orgs/acme', { headers })).status).toBe(200);
    expect((await api.call('DELETE', '/v2/orgs/acme/members/leaver', { as: owner })).status).toBe(204);
    expect((await api.call('GET', '/v2/orgs/acme', { headers })).status).toBe(404);
    await api.world.administration.personalTokens.revoke('leaver', leaver.tokenId, actor);
    await api.world.settle(async () => (await api.call('GET', '/v2/user', { headers })).status === 401);
  });

  it('of an organization access token open what the endpoint names a scope for, and nothing else', async () => {
    const { administration } = api.world;
    const resources = [{ type: 'TYPE_ORG' as const, path: 'acme', scopes: ['scope-member-read'] }];
    const { secret, token } = await administration.organizationTokens.create('acme', { label: 'ci', resources }, actor);
    const account = { username: 'acme', pat: secret, tokenId: token.id };
    await api.world.settle(async () => (await api.bearer(account).catch(() => '')) !== '' || true);
    await api.world.settle(async () => {
      const body = JSON.stringify({ identifier: 'acme', secret });
      return (await api.world.ask('/v2/auth/token', { method: 'POST', body })).status === 200;
    });
    const ci = { ...account };
    expect((await api.call('GET', '/v2/orgs/acme/members', { as: ci })).json.results[0].email).toEqual(
      expect.any(String),
    );
    for (const [method, path, body] of [
      ['GET', '/v2/orgs/acme/settings'],
      ['PUT', '/v2/orgs/acme/settings', settings],
      ['GET', '/v2/orgs/acme/image-access'],
      ['GET', '/v2/user'],
    ] as const) {
      const answer = await api.call(method, path, { as: ci, body });
      expect([answer.status, answer.json.message]).toEqual([
        403,
        'token issued from organization access token is not allowed',
      ]);
    }
    const lacking = await api.call('GET', '/v2/orgs/acme/groups', { as: ci });
    expect([lacking.status, lacking.json.message]).toEqual([
      403,
      'This organization access token lacks the scope scope-group-read.',
    ]);
    const login = await api.call('POST', '/v2/users/login', { body: { username: 'acme', password: secret } });
    expect([login.status, login.json]).toEqual([401, { detail: 'Cannot log into an organization account' }]);
  });

  it.each([
    ['make another', 'POST', '/v2/access-tokens', { token_label: 'x', scopes: ['repo:admin'] }],
    ['change how people sign in', 'PUT', '/v2/orgs/acme/sign-in', { enforce: false }],
  ])('of a personal access token cannot %s', async (_what, method, path, body) => {
    const answer = await api.call(method, path, { as: owner, body });
    expect([answer.status, answer.json.message]).toEqual([
      403,
      'token issued from personal access token is not allowed',
    ]);
  });

  it('of a personal access token need its scopes: one that reads cannot change', async () => {
    const answer = await api.call('PUT', '/v2/orgs/acme/settings', { as: api.world.owner, body: settings });
    expect([answer.status, answer.json.message]).toEqual([
      403,
      'The personal access token that signed in lacks the scope repo:admin.',
    ]);
  });
});

describe('signing in', () => {
  it('takes a personal access token as the password, and gives a refresh token when asked', async () => {
    const body = { username: 'max', password: member.pat };
    const { json } = await api.call('POST', '/v2/users/login/?refresh_token=true', { body });
    expect(json.refresh_token).toBe(json.token);
    const headers = { authorization: `JWT ${json.token}` };
    expect((await api.call('GET', '/v2/user/', { headers })).status).toBe(200);
  });

  it.each([
    ['a wrong token', { username: 'max', password: 'pgp_0000' }],
    ['another name', { username: 'olivia', password: 'its' }],
    ['nobody', { username: 'nobody-here', password: 'secret' }],
  ])('says the same of %s', async (_what, body) => {
    const answer = await api.call('POST', '/v2/users/login', { body });
    expect([answer.status, answer.json]).toEqual([401, { detail: 'Incorrect authentication credentials' }]);
  });
});

describe('what outsiders see', () => {
  it.each([
    '/v2/orgs/umbrella',
    '/v2/orgs/umbrella/members',
    '/v2/orgs/umbrella/image-access',
    '/v2/auditlogs/umbrella',
  ])('%s is the same whether it exists or not', async (path) => {
    const before = await api.call('GET', path, { as: member });
    await api.world.administration.organizations.create({ name: 'umbrella' }, actor).catch(() => undefined);
    await api.world.settle(async () => true);
    const after = await api.call('GET', path, { as: member });
    expect([before.status, before.json]).toEqual([404, after.json]);
    expect(after.json.detail).toMatch(/not found/i);
    expect((await api.call('GET', path)).status).toBe(401);
  });

  it('members get a 403 for what is the owners’', async () => {
    const answer = await api.call('GET', '/v2/orgs/acme/pulls', { as: member });
    expect([answer.status, answer.json.message]).toEqual([403, 'Only owners of acme may do this.']);
  });

  it('only owners see e-mail addresses', async () => {
    await api.world.administration.people.updateProfile('max', { email: 'max@acme.test' }, actor);
    const emails = async (as: Account) =>
      (await api.call('GET', '/v2/orgs/acme/members?search=max', { as })).json.results.map(
        ({ email }: { email: string }) => email,
      );
    expect(await emails(owner)).toEqual(['max@acme.test']);
    expect(await emails(member)).toEqual(['']);
    expect((await api.call('GET', '/v2/orgs/acme/members?search=max@acme', { as: member })).json.count).toBe(0);
  });
});

describe('bad requests', () => {
  const put = (body: unknown) => api.call('PUT', '/v2/orgs/acme/settings', { as: owner, body });

  it.each([
    ['nothing', '', 'body'],
    ['no JSON', '{"restricted_images":', 'body'],
    ['text', '"text"', 'body'],
    ['a missing field', '{}', 'restricted_images'],
    [
      'a wrong type',
      JSON.stringify({ restricted_images: { ...settings.restricted_images, enabled: 'yes' } }),
      'restricted_images.enabled',
    ],
  ])('%s is answered 400 and says where', async (_what, body, field) => {
    const answer = await put(body);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.json.fields)).toEqual([field]);
    expect(answer.json).toMatchObject({ errinfo: {}, text: answer.json.detail, message: answer.json.detail });
  });

  it('ignores what it does not know, and what clients send empty', async () => {
    const body = { ...settings, unknown: [1], restricted_images: { ...settings.restricted_images, more: null } };
    expect((await put(body)).json).toEqual(settings);
    const team = { id: 0, uuid: '', name: 'Platform', description: 'x', member_count: 0 };
    const created = await api.call('POST', '/v2/orgs/acme/groups/', { as: owner, body: team });
    expect(created.json).toMatchObject({ name: 'Platform', member_count: 0, id: expect.any(Number) });
  });

  it.each([
    ['that says so', { 'content-length': String(5 * 1024 * 1024) }],
    ['that comes in pieces', { 'transfer-encoding': 'chunked' }],
  ])('a body that is too large is answered 413: one %s', async (_what, headers) => {
    const body = JSON.stringify({ ...settings, padding: 'x'.repeat(5 * 1024 * 1024 - 200) }).padEnd(5 * 1024 * 1024);
    const answer = await api.call('PUT', '/v2/orgs/acme/settings', { as: owner, body, headers }).catch(() => undefined);
    // The connection may end before the client has sent everything.
    if (answer) expect(answer.status).toBe(413);
    expect((await api.call('GET', '/v2/orgs/acme/settings', { as: owner })).status).toBe(200);
  });

  it('strangers may send less', async () => {
    const body = { username: 'max', password: 'x', padding: 'y'.repeat(70_000) };
    expect((await api.call('POST', '/v2/users/login', { body })).status).toBe(413);
  });

  it.each([
    ['/v2/orgs/acme%2Fmembers', 400],
    ['/v2/orgs/acme//members', 400],
    ['/v2/orgs/%2e%2e/members', 400],
    ['/v2/users/nobody-here', 404],
    ['/v2/invites/no-uuid', 405],
    ['/v2/orgs/acme/image-access/versions/x', 404],
  ])('%s is answered %i', async (path, status) => {
    expect((await api.call('GET', path, { as: member })).status).toBe(status);
  });

  it('tells which methods there are', async () => {
    const answer = await api.call('DELETE', '/v2/orgs/acme', { as: owner });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, PATCH']);
    const write = await api.call('POST', '/v2/namespaces/acme/repositories', { as: owner, body: { name: 'web' } });
    expect([write.status, write.json.detail]).toEqual([405, expect.stringContaining('stores no repositories')]);
    expect((await api.call('POST', '/v2/namespaces/acme/repositories', { body: {} })).status).toBe(401);
  });

  it('a Host header that is none is answered 400', async () => {
    const bytes = await api.world.converse('GET /v2/orgs/acme HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n');
    expect(bytes.toString()).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});

describe('versions', () => {
  it('are ETags, and a stale one is answered 412', async () => {
    const first = await api.call('GET', '/v2/orgs/acme/image-access', { as: owner });
    expect(first.headers.etag).toBe(`"${first.json.version}"`);
    const body = { allow_community_images: !first.json.allow_community_images };
    const headers = { 'if-match': first.headers.etag ?? '' };
    const second = await api.call('PATCH', '/v2/orgs/acme/image-access', { as: owner, body, headers });
    expect([second.status, second.json.version]).toEqual([200, first.json.version + 1]);
    const stale = await api.call('PATCH', '/v2/orgs/acme/image-access', { as: owner, body: {}, headers });
    expect([stale.status, stale.json.detail]).toEqual([412, expect.stringContaining(`version ${second.json.version}`)]);
    const foreign = { 'if-match': 'W/"1"' };
    expect((await api.call('PATCH', '/v2/orgs/acme/image-access', { as: owner, body, headers: foreign })).status).toBe(
      412,
    );
    const any = { 'if-match': '*' };
    expect((await api.call('PATCH', '/v2/orgs/acme/image-access', { as: owner, body, headers: any })).status).toBe(200);
  });

  it('tell who changed what, and are put in force again', async () => {
    const { json: before } = await api.call('GET', '/v2/orgs/acme/image-access', { as: owner });
    const body = { allowlist: { enabled: true, add: ['bitnami/redis'] } };
    const { json: changed } = await api.call('PATCH', '/v2/orgs/acme/image-access', { as: owner, body });
    expect(changed.allowlist.repositories).toContain('docker.io/bitnami/redis');
    const { json: versions } = await api.call('GET', '/v2/orgs/acme/image-access/versions?page_size=1', { as: owner });
    expect(versions.results[0]).toMatchObject({ version: changed.version, changed_by: 'petra' });
    expect(versions.results[0].changes).toContainEqual({
      setting: 'allowlist.repositories',
      before: [],
      after: ['docker.io/bitnami/redis'],
    });
    const found = await api.call('GET', '/v2/orgs/acme/image-access/versions?search=redis&page_size=1', { as: member });
    expect(found.json).toMatchObject({ count: 1, results: [{ version: changed.version }] });
    const long = `/v2/orgs/acme/image-access/versions?search=${'x'.repeat(201)}`;
    expect((await api.call('GET', long, { as: member })).status).toBe(400);
    const path = `/v2/orgs/acme/image-access/versions/${before.version}`;
    const { json: restored } = await api.call('POST', `${path}/restore`, { as: owner });
    expect(restored).toMatchObject({ version: changed.version + 1, allowlist: before.allowlist });
    expect((await api.call('GET', `${path}/diff?against=${restored.version}`, { as: member })).json.changes).toEqual(
      [],
    );
  });

  it('are kept by Docker’s shape of three switches: the allowlist stays', async () => {
    const allowlist = { enabled: true, repositories: ['ghcr.io/acme/tool'] };
    await api.call('PATCH', '/v2/orgs/acme/image-access', { as: owner, body: { allowlist } });
    await api.call('PUT', '/v2/orgs/acme/settings', { as: owner, body: settings });
    const { json } = await api.call('GET', '/v2/orgs/acme/image-access', { as: owner });
    expect(json).toMatchObject({ allowlist, allow_verified_publishers: true });
  });
});

describe('names and conflicts', () => {
  it('a name that is taken is answered 409', async () => {
    const body = { name: 'twice' };
    expect((await api.call('POST', '/v2/orgs/acme/groups', { as: owner, body })).status).toBe(201);
    expect((await api.call('POST', '/v2/orgs/acme/groups', { as: owner, body })).status).toBe(409);
  });

  it('a name that is none is told in the field that was sent', async () => {
    await api.world.administration.people.setAdministrator('petra', true, actor);
    const body = { orgname: 'manifests' };
    await api.world.settle(async () => (await api.call('GET', '/v2/orgs', { as: owner })).status === 200);
    const answer = await api.call('POST', '/v2/orgs', { as: owner, body });
    expect(answer).toMatchObject({ status: 400, json: { fields: { orgname: [expect.stringContaining('reserved')] } } });
  });

  it('the last owner stays', async () => {
    await api.world.administration.members.changeRole('acme', 'olivia', 'member', actor);
    const answer = await api.call('PUT', '/v2/orgs/acme/members/petra', { as: owner, body: { role: 'member' } });
    expect([answer.status, answer.json.detail]).toEqual([400, expect.stringContaining('last owner')]);
    await api.world.administration.members.changeRole('acme', 'olivia', 'owner', actor);
  });

  it('inviting twice gives the pending invitation, also with Terraform’s empty fields', async () => {
    const body = {
      org: 'acme',
      team: '',
      invitees: ['bob@acme.test', 'max', 'no address'],
      role: 'member',
      dry_run: false,
    };
    const first = await api.call('POST', '/v2/invites/bulk', { as: owner, body });
    expect(first.json.invitees.map(({ status }: { status: string }) => status)).toEqual([
      'invited',
      'existing_org_member',
      'invalid_email_or_docker_id',
    ]);
    const again = await api.call('POST', '/v2/invites/bulk', { as: owner, body });
    const id = again.json.invitees[0].invite.id;
    expect(id).toBe(first.json.invitees[0].invite.id);
    expect((await api.call('DELETE', `/v2/invites/${id}`, { as: member })).status).toBe(403);
    expect((await api.call('DELETE', `/v2/invites/${id}/`, { as: owner })).status).toBe(204);
    expect((await api.call('DELETE', `/v2/invites/${id}`, { as: owner })).status).toBe(404);
  });
});

describe('lists', () => {
  it('lead to the next page on the host and by the path that were used', async () => {
    const headers = { host: 'Localhost:1234' };
    const first = await api.call('GET', '/v2/orgs/acme/members/?page_size=1', { as: owner, headers });
    expect(first.json.next).toBe('http://Localhost:1234/v2/orgs/acme/members/?page_size=1&page=2');
    const second = await api.call('GET', first.json.next.replace('http://Localhost:1234', ''), { as: owner, headers });
    expect(second.json.previous).toContain('page=1');
    expect(second.json.results[0].username).not.toBe(first.json.results[0].username);
  });

  it('clamp a page that is too large, and take rubbish for the default', async () => {
    const sizes = '/v2/orgs/acme/members?page_size=';
    expect((await api.call('GET', `${sizes}100000`, { as: member })).status).toBe(200);
    expect((await api.call('GET', `${sizes}x&page=-1`, { as: member })).status).toBe(200);
  });

  it('are exported as CSV, harmless in a spreadsheet', async () => {
    await api.world.administration.people.updateProfile('max', { name: '=1+1' }, actor);
    const answer = await api.call('GET', '/v2/orgs/acme/members/export', { as: owner });
    expect(answer.headers['content-type']).toContain('text/csv');
    expect(answer.headers['content-disposition']).toMatch(/^attachment;filename="acme-members-\d{8}T\d{6}\.csv"$/);
    const lines = answer.body.toString().split('\r\n');
    expect(lines[0]).toBe('Name,Username,Email,Type,Role,Teams,Date Joined');
    expect(lines.find((line) => line.includes(',max,'))).toMatch(/^'=1\+1,max,max@acme\.test,User,Member,/);
  });

  it('are not exported in HTTP/1.0, where an export that is cut off would look whole', async () => {
    const socket = connect(api.world.gate.port, '127.0.0.1');
    const head = `GET /v2/orgs/acme/members/export HTTP/1.0\r\nAuthorization: Bearer ${await api.bearer(owner)}`;
    socket.write(`${head}\r\nHost: localhost\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 505 [\s\S]*Ask with HTTP\/1\.1\./);
    expect(answer).not.toContain('Username');
  });
});

describe('every answer', () => {
  it('tells what is left of the rate limit, is not cached and not guessed at', async () => {
    for (const [path, as] of [
      ['/v2/user', member],
      ['/v2/user', undefined],
      ['/openapi.json', undefined],
      ['/v2/orgs/acme%2F', member],
    ] as const) {
      const { headers } = await api.call('GET', path, as ? { as } : {});
      expect(headers['x-ratelimit-limit']).toBe(as && !path.includes('%') ? '6000' : '180');
      expect(Number(headers['x-ratelimit-remaining'])).toBeGreaterThanOrEqual(0);
      expect(Number(headers['x-ratelimit-reset']) * 1000).toBeGreaterThan(Date.now() - 1000);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});

describe('the registry beside it', () => {
  it.each([
    ['/v2/orgs/acme/manifests/latest', 'a pull of orgs/acme'],
    ['/v2/users/tags/list', 'the tags of users'],
  ])('still gets %s: %s', async (path) => {
    const answer = await api.call('GET', path);
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, expect.stringContaining('Bearer realm')]);
  });

  it('gets everything by a host that stands for a registry', async () => {
    const headers = { host: 'hub.gate.test' };
    const answer = await api.call('GET', '/v2/orgs/manifests/settings', { headers });
    expect(answer.headers['www-authenticate']).toContain('Bearer realm');
    expect((await api.call('GET', '/v2/orgs/acme', { headers })).json).toHaveProperty('errors');
  });
});

describe('the reference', () => {
  it('is a document for machines', async () => {
    const { json } = await api.call('GET', '/openapi.json');
    expect(json.openapi).toMatch(/^3\.1/);
    expect(json.paths['/v2/orgs/{org}/settings'].put.operationId).toBe('setSettings');
  });

  it('is a page for people, without scripts', async () => {
    const answer = await api.call('GET', '/docs/api');
    const html = answer.body.toString();
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(html).toContain('PUT /v2/orgs/{org}/settings');
    expect(html).not.toContain('<script');
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${target}"`);
  });
});
