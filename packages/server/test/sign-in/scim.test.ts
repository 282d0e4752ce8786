import { describe, expect, it, vi } from 'vitest';
import type { Page, Visit } from './browser.ts';
import { proveDomain } from './prove-domain.ts';
import { openSignInWorld, password, remote, type SignInWorld, system } from './sign-in-world.ts';

vi.setConfig({ testTimeout: 30_000 });

interface Provisioned extends Omit<SignInWorld, 'scim'> {
  readonly connectionId: string;
  readonly secret: string;
  /** As the identity provider does. */
  scim(path: string, visit?: Visit): Promise<Page>;
}

async function openProvisioned(): Promise<Provisioned> {
  const world = await openSignInWorld();
  const { connections, stores } = world;
  await proveDomain(stores, 'acme', 'acme.example', system);
  const certificate = (await import('@pullgate/small-registry')).selfSignedCertificate().cert;
  const { id: connectionId } = await connections.create(
    'acme',
    {
      name: 'Acme login',
      domains: ['acme.example'],
      enforced: false,
      createMembers: true,
      defaultRole: 'member',
      groupsClaim: 'groups',
      groupMappings: [],
      saml: { entityId: 'https://idp.example', entryPoint: 'https://idp.example/sso', certificate },
    },
    system,
  );
  const { secret } = await connections.createScimToken('acme', connectionId, system);
  const scim = (path: string, { headers = {}, ...visit }: Visit = {}) =>
    world.browser().ask(`/v2/scim/2.0${path}`, {
      ...visit,
      headers: { authorization: `Bearer ${secret}`, origin: '', 'content-type': 'application/scim+json', ...headers },
    });
  return { ...world, connectionId, secret, scim };
}

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const docker = 'urn:ietf:params:scim:schemas:extension:docker:2.0:User';
const carol = {
  schemas: [userSchema],
  userName: 'carol@acme.example',
  externalId: 'ext-1',
  name: { givenName: 'Carol', familyName: 'Danvers' },
};

const create = (world: Provisioned, user: object = carol) => world.scim('/Users', { method: 'POST', body: user });
const patch = (...operations: object[]) => ({
  method: 'PATCH',
  body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations },
});
const idOf = async (page: Promise<Page>): Promise<string> => String((await page).body['id']);

describe('who may provision', () => {
  it.each([
    ['without a token', ''],
    ['with a wrong token', `Bearer pgs_${'a'.repeat(43)}`],
    ['with something else', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.x'],
    ['with Basic', 'Basic YTpi'],
  ])('is nobody %s', async (_what, authorization) => {
    const { scim } = await openProvisioned();
    for (const path of ['/Users', '/ServiceProviderConfig', '/nothing']) {
      const page = await scim(path, { headers: { authorization } });
      expect(page).toMatchObject({
        status: 401,
        headers: { 'content-type': 'application/scim+json', 'www-authenticate': expect.stringContaining('Bearer') },
        body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '401', detail: expect.any(String) },
      });
    }
  });

  it('is nobody with a token that was replaced or deleted', async () => {
    const { scim, connections, connectionId } = await openProvisioned();
    expect(await scim('/Users')).toMatchObject({ status: 200 });
    const { secret } = await connections.createScimToken('acme', connectionId, system);
    expect(await scim('/Users')).toMatchObject({ status: 401 });
    const headers = { authorization: `Bearer ${secret}` };
    expect(await scim('/Users', { headers })).toMatchObject({ status: 200 });
    await connections.deleteScimToken('acme', connectionId, system);
    expect(await scim('/Users', { headers })).toMatchObject({ status: 401 });
  });

  it('is shown to owners: when the token was made and used, never the token', async () => {
    const { scim, connections, connectionId, secret, activity, log } = await openProvisioned();
    await scim('/Users');
    const connection = await connections.find('acme', connectionId);
    expect(connection.scim).toMatchObject({ createdAt: expect.any(Number), lastUsedAt: expect.any(Number) });
    expect(JSON.stringify([connection, await activity()]) + log()).not.toContain(secret);
  });
});

describe('an address that nobody proved', () => {
  const isVerified = async ({ stores }: Provisioned, email: string) =>
    (await stores.read.signIn.credentials(email))?.person.emailVerified;

  it('is proved by the organization for an account that it made', async () => {
    const world = await openProvisioned();
    await create(world);
    expect(await isVerified(world, 'carol@acme.example')).toBe(true);
  });

  it('stays so for a member with a password: it may be the one of whoever took up the invitation', async () => {
    const world = await openProvisioned();
    const bob = (await world.administration.people.byUsername('bob')).id;
    const active = { op: 'replace', path: 'active', value: true };
    expect(await world.scim(`/Users/${bob}`, patch(active))).toMatchObject({ status: 200 });
    expect(await isVerified(world, 'bob@acme.example')).toBe(false);
  });
});

describe('an organization', () => {
  it('is told what the provider of another one did to its member, and not by which', async () => {
    const world = await openProvisioned();
    const { administration } = world;
    const bob = (await administration.people.byUsername('bob')).id;
    const rival = await administration.organizations.create({ name: 'rival' }, system);
    await administration.members.add('rival', { username: 'bob', role: 'owner' }, system);
    await administration.members.add('rival', { username: 'alice', role: 'owner' }, system);
    const renamed = { op: 'replace', path: 'name.givenName', value: 'Robert' };
    expect(await world.scim(`/Users/${bob}`, patch(renamed))).toMatchObject({ status: 200 });
    const rows = (await world.activity()).filter(({ action }) => action === 'person.update');
    const actorIn = (isRival: boolean) => rows.find(({ organizationId: id }) => (id === rival.id) === isRival)?.actor;
    expect(actorIn(false)).toEqual({ kind: 'provisioning', id: world.connectionId, name: 'Acme login' });
    expect(actorIn(true)).toEqual({ kind: 'provisioning', name: 'another organization' });
  });
});

describe('what the service says of itself', () => {
  it('supports PATCH and filters, and no bulk', async () => {
    const { scim } = await openProvisioned();
    expect((await scim('/ServiceProviderConfig')).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: false },
      authenticationSchemes: [{ type: 'oauthbearertoken' }],
    });
  });

  it('has users and groups, and their schemas', async () => {
    const { scim } = await openProvisioned();
    const ids = async (path: string) => ((await scim(path)).body['Resources'] as { id: string }[]).map(({ id }) => id);
    expect(await ids('/ResourceTypes')).toEqual(['User', 'Group']);
    expect(await ids('/Schemas')).toEqual([userSchema, 'urn:ietf:params:scim:schemas:core:2.0:Group', docker]);
    expect(await scim('/ResourceTypes/User')).toMatchObject({ status: 200, body: { endpoint: '/Users' } });
    expect(await scim(`/Schemas/${userSchema}`)).toMatchObject({ status: 200, body: { id: userSchema } });
    for (const path of ['/ResourceTypes/Car', '/Schemas/x', '/Nothing']) {
      expect(await scim(path)).toMatchObject({ status: 404, body: { status: '404' } });
    }
    expect(await scim('/Schemas', { method: 'DELETE' })).toMatchObject({ status: 405 });
  });
});

describe('a user', () => {
  it('is created as a member, and shown', async () => {
    const world = await openProvisioned();
    const page = await create(world);
    expect(page).toMatchObject({ status: 201, headers: { 'content-type': 'application/scim+json' } });
    const id = String(page.body['id']);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
    expect(page.body).toMatchObject({
      schemas: [userSchema],
      externalId: 'ext-1',
      userName: 'carol@acme.example',
      name: { givenName: 'Carol', familyName: 'Danvers' },
      displayName: 'carol',
      active: true,
      emails: [{ value: 'carol@acme.example', display: 'carol@acme.example', primary: true }],
      groups: [{ display: 'company' }],
      meta: { resourceType: 'User', location: `${world.url}/v2/scim/2.0/Users/${id}` },
    });
    expect(await world.scim(`/Users/${id}`)).toMatchObject({ status: 200, body: page.body });
    expect(await world.administration.members.find('acme', 'carol')).toMatchObject({ role: 'member' });
  });

  it.each([
    ['with a role', { dockerRole: 'editor' }, { role: 'editor', teams: ['company'] }],
    ['in a team, which is made', { dockerTeam: 'platform' }, { role: 'member', teams: ['platform'] }],
  ])('is created %s', async (_what, extension, member) => {
    const world = await openProvisioned();
    await create(world, { ...carol, [docker]: extension });
    expect(await world.administration.members.find('acme', 'carol')).toMatchObject(member);
  });

  it.each([
    ['twice', { userName: 'alice@acme.example' }, 409],
    ['with an address elsewhere', { userName: 'mallory@elsewhere.example' }, 403],
    ['without an address', { userName: 'mallory' }, 403],
    ['in another organization', { [docker]: { dockerOrg: 'other' } }, 400],
    ['without a name', { userName: undefined }, 400],
    ['without schemas', { schemas: undefined }, 400],
    ['with a name that is far too long', { userName: `${'x'.repeat(300)}@acme.example` }, 400],
  ])('is not created %s', async (_what, change, status) => {
    const world = await openProvisioned();
    expect(await create(world, { ...carol, ...change })).toMatchObject({ status, body: { status: String(status) } });
    expect(await world.administration.people.list()).toHaveLength(2);
  });

  it('is not whoever wrote down the address beforehand', async () => {
    const world = await openProvisioned();
    const squatter = await world.administration.people.create({ username: 'squatter', email: carol.userName }, system);
    await world.authentication.setFirstPassword(squatter.id, password, remote);
    await create(world);
    await expect(world.administration.members.find('acme', 'squatter')).rejects.toMatchObject({ code: 'not-found' });
    expect(await world.administration.members.find('acme', 'carol')).toMatchObject({ email: carol.userName });
  });

  it.each([
    ['PUT', (active: boolean) => ({ method: 'PUT', body: { schemas: [userSchema], active } })],
    [
      'PUT, in the words of Docker’s document',
      (enabled: boolean) => ({ method: 'PUT', body: { schemas: [userSchema], enabled } }),
    ],
    ['PATCH with a path', (value: boolean) => patch({ op: 'replace', path: 'active', value })],
    [
      'PATCH as Entra writes it',
      (value: boolean) => patch({ op: 'Replace', path: 'active', value: value ? 'True' : 'False' }),
    ],
    ['PATCH without a path', (active: boolean) => patch({ op: 'replace', value: { active } })],
  ])('is switched off and on again by %s, and everything of theirs stops at once', async (_how, visit) => {
    const world = await openProvisioned();
    const id = await idOf(create(world));
    await world.authentication.setFirstPassword(id.replaceAll('-', ''), password, remote);
    const visitor = world.browser();
    await visitor.signIn('carol', password);
    const { secret } = await world.administration.personalTokens.create(
      'carol',
      { label: 'x', scopes: ['repo:read'] },
      system,
    );
    const token = async () =>
      (await world.directory()).credentialBySecret((await import('../../src/tokens/secret.ts')).hashToken(secret))
        ?.active;
    expect([await visitor.who(), await token()]).toEqual(['carol', true]);
    expect(await world.scim(`/Users/${id}`, visit(false))).toMatchObject({ status: 200, body: { active: false } });
    expect([await visitor.who(), await token()]).toEqual([null, false]);
    expect(await world.scim(`/Users/${id}`, visit(true))).toMatchObject({ status: 200, body: { active: true } });
    expect([await visitor.who(), await token()]).toEqual([null, true]);
  });

  it('keeps what a PUT does not say', async () => {
    const world = await openProvisioned();
    const id = await idOf(create(world));
    const body = { schemas: [userSchema], name: { givenName: 'Caroline' } };
    expect((await world.scim(`/Users/${id}`, { method: 'PUT', body })).body).toMatchObject({
      active: true,
      externalId: 'ext-1',
      userName: carol.userName,
      name: { givenName: 'Caroline', familyName: 'Danvers' },
    });
  });

  it('is renamed by PATCH, and attributes that are not kept are ignored', async () => {
    const world = await openProvisioned();
    const id = await idOf(create(world));
    const { status, body } = await world.scim(
      `/Users/${id}`,
      patch(
        { op: 'replace', path: 'name.familyName', value: 'Carter' },
        { op: 'replace', path: `${userSchema}:name.givenName`, value: 'Carla' },
        { op: 'add', path: 'title', value: 'Captain' },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'x@y.example' },
        { op: 'replace', path: 'userName', value: 'carla@acme.example' },
      ),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: { givenName: 'Carla', familyName: 'Carter' },
      userName: 'carla@acme.example',
      displayName: 'carol',
    });
  });

  it('is no member any more after DELETE, and cannot sign in when that was all', async () => {
    const world = await openProvisioned();
    const id = await idOf(create(world));
    expect(await world.scim(`/Users/${id}`, { method: 'DELETE' })).toMatchObject({ status: 204, text: '' });
    expect(await world.scim(`/Users/${id}`)).toMatchObject({ status: 404 });
    expect(await world.administration.people.byUsername('carol')).toMatchObject({ isActive: false });
    expect(await create(world)).toMatchObject({ status: 201, body: { id, active: true } });
  });

  it('is not switched off or removed when it is the last owner', async () => {
    const world = await openProvisioned();
    const alice = (await world.administration.people.byUsername('alice')).id;
    for (const visit of [patch({ op: 'replace', path: 'active', value: false }), { method: 'DELETE' }]) {
      expect(await world.scim(`/Users/${alice}`, visit)).toMatchObject({ status: 409 });
    }
    expect(await world.administration.members.find('acme', 'alice')).toMatchObject({ role: 'owner', isActive: true });
  });

  it.each([
    ['switched off', patch({ op: 'replace', path: 'active', value: false }), { status: 200, body: { active: false } }],
    ['replaced', { method: 'PUT', body: { schemas: [userSchema], active: false } }, { status: 200 }],
    ['deleted', { method: 'DELETE' }, { status: 204 }],
  ])('that another organization needs as its last owner leaves when it is %s', async (_what, visit, answer) => {
    const world = await openProvisioned();
    const { organizations, members, people } = world.administration;
    await organizations.create({ name: 'secret' }, system);
    await members.add('secret', { username: 'bob', role: 'owner' }, system);
    const { id } = await people.byUsername('bob');
    const page = await world.scim(`/Users/${id}`, visit);
    expect(page).toMatchObject(answer);
    expect(page.text).not.toContain('secret');
    await expect(members.find('acme', 'bob')).rejects.toMatchObject({ code: 'not-found' });
    expect(await members.find('secret', 'bob')).toMatchObject({ role: 'owner', isActive: true });
  });

  it('that alone administers the installation leaves, and administers it still', async () => {
    const world = await openProvisioned();
    const { people, members } = world.administration;
    await people.setAdministrator('bob', true, system);
    const { id } = await people.byUsername('bob');
    expect(await world.scim(`/Users/${id}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
    await expect(members.find('acme', 'bob')).rejects.toMatchObject({ code: 'not-found' });
    expect(await people.byUsername('bob')).toMatchObject({ isActive: true, isAdministrator: true });
  });

  it('that is a guest is seen and not touched', async () => {
    const world = await openProvisioned();
    const guest = await world.administration.people.create({ username: 'guest', email: 'g@elsewhere.example' }, system);
    await world.administration.members.add('acme', { username: 'guest', role: 'member' }, system);
    expect(await world.scim(`/Users/${guest.id}`)).toMatchObject({ status: 200 });
    for (const visit of [patch({ op: 'replace', path: 'active', value: false }), { method: 'DELETE' }]) {
      expect(await world.scim(`/Users/${guest.id}`, visit)).toMatchObject({ status: 403 });
    }
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('of another organization was not found: %s', async (method) => {
    const world = await openProvisioned();
    const other = await world.administration.people.create({ username: 'other', email: 'o@acme.example' }, system);
    const body = {
      PUT: { schemas: [userSchema], active: false },
      PATCH: patch({ op: 'replace', path: 'active', value: false }).body,
    };
    const visit = { method, ...(method in body && { body: body[method as keyof typeof body] }) };
    for (const id of [other.id, crypto.randomUUID(), 'x', '%2e%2e']) {
      expect(await world.scim(`/Users/${id}`, visit)).toMatchObject({ status: 404 });
    }
    expect(await world.administration.people.byUsername('other')).toMatchObject({ isActive: true });
  });

  it.each([
    ['no JSON', '{'],
    ['no operations', { schemas: ['x'] }],
    ['an unknown operation', patch({ op: 'move', path: 'active' }).body],
    ['a path that is none', patch({ op: 'replace', path: '][', value: 1 }).body],
    ['a flag that is none', patch({ op: 'replace', path: 'active', value: 'maybe' }).body],
  ])('is not changed by %s', async (_what, body) => {
    const world = await openProvisioned();
    const id = await idOf(create(world));
    expect(await world.scim(`/Users/${id}`, { method: 'PATCH', body })).toMatchObject({
      status: 400,
      body: { status: '400', scimType: expect.any(String) },
    });
  });
});

describe('a list', () => {
  it.each([
    ['userName', ['id', 'schemas', 'userName']],
    ['USERNAME, name.givenName,nothing', ['id', 'name', 'schemas', 'userName']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:active', ['active', 'id', 'schemas']],
    ['emails.value', ['emails', 'id', 'schemas']],
  ])('of users tells only of the attributes %s', async (attributes, expected) => {
    const world = await openProvisioned();
    await create(world);
    const { body } = await world.scim(`/Users?attributes=${encodeURIComponent(attributes)}`);
    const [first = {}] = body['Resources'] as object[];
    expect(Object.keys(first).sort()).toEqual(expected);
  });
});

describe('a list of users', () => {
  const names = (page: Page) =>
    (page.body['Resources'] as { displayName: string }[]).map(({ displayName }) => displayName);

  it.each([
    ['userName eq "bob@acme.example"', ['bob']],
    ['USERNAME EQ "BOB@acme.example"', ['bob']],
    ['emails.value eq "bob@acme.example"', ['bob']],
    ['emails co "carol"', ['carol']],
    ['externalId eq "ext-1"', ['carol']],
    ['displayName sw "a" or displayName sw "b"', ['alice', 'bob']],
    ['not (displayName eq "alice") and active eq true', ['bob', 'carol']],
    ['(displayName eq "alice" or displayName eq "bob") and userName co "bob"', ['bob']],
    ['displayName ne "alice"', ['bob', 'carol']],
    ['externalId pr', ['carol']],
    ['userName eq "nobody@acme.example"', []],
    ['nickName eq "x"', []],
  ])('is filtered by %s', async (filter, expected) => {
    const world = await openProvisioned();
    await create(world);
    expect(names(await world.scim(`/Users?filter=${encodeURIComponent(filter)}`))).toEqual(expected);
  });

  it.each([
    'userName',
    'userName eq',
    'userName eq "x',
    '(userName eq "x"',
    'userName eq "x")',
    'userName is "x"',
    'and',
    '"x" eq "y" z',
    'not'.repeat(200),
  ])('is refused for the filter %j', async (filter) => {
    const { scim } = await openProvisioned();
    expect(await scim(`/Users?filter=${encodeURIComponent(filter)}`)).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter' },
    });
  });

  it('comes in pages, sorted', async () => {
    const world = await openProvisioned();
    await create(world);
    const page = await world.scim('/Users?startIndex=2&count=1&sortBy=displayName&sortOrder=descending');
    expect(page.body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(names(page)).toEqual(['bob']);
    expect((await world.scim('/Users?count=0')).body).toMatchObject({
      totalResults: 3,
      itemsPerPage: 0,
      Resources: [],
    });
    expect((await world.scim('/Users?startIndex=-4')).body).toMatchObject({ startIndex: 1, itemsPerPage: 3 });
  });
});

describe('a group', () => {
  const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';

  async function openWithGroup() {
    const world = await openProvisioned();
    const id = async (name: string) => (await world.administration.people.byUsername(name)).id;
    const [alice, bob] = [await id('alice'), await id('bob')];
    const body = { schemas: [groupSchema], displayName: 'platform', members: [{ value: bob }] };
    const group = await world.scim('/Groups', { method: 'POST', body });
    expect(group.status).toBe(201);
    const members = async () =>
      (await world.administration.teams.members('acme', 'platform', { offset: 0, limit: 9 })).items.map(
        ({ username }) => username,
      );
    return { ...world, alice, bob, group: String(group.body['id']), members };
  }

  it('is a team', async () => {
    const { scim, group, members, url } = await openWithGroup();
    expect((await scim(`/Groups/${group}`)).body).toMatchObject({
      id: group,
      displayName: 'platform',
      members: [{ display: 'bob' }],
      meta: { location: `${url}/v2/scim/2.0/Groups/${group}` },
    });
    expect(await members()).toEqual(['bob']);
    const { body } = await scim('/Groups?filter=displayName%20eq%20%22Platform%22');
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ id: group }] });
  });

  it('gains and loses members in each way that providers write it', async () => {
    const { scim, group, alice, bob, members } = await openWithGroup();
    const change = (...operations: object[]) => scim(`/Groups/${group}`, patch(...operations));
    await change({ op: 'add', path: 'members', value: [{ value: alice }] });
    expect(await members()).toEqual(['alice', 'bob']);
    await change({ op: 'remove', path: `members[value eq "${bob}"]` });
    expect(await members()).toEqual(['alice']);
    await change({ op: 'replace', value: { members: [{ value: bob }] } });
    expect(await members()).toEqual(['bob']);
    await change({ op: 'remove', path: 'members', value: [{ value: bob }] });
    expect(await members()).toEqual([]);
    const body = { schemas: [groupSchema], displayName: 'platform', members: [{ value: alice }, { value: bob }] };
    await scim(`/Groups/${group}`, { method: 'PUT', body });
    expect(await members()).toEqual(['alice', 'bob']);
    await change({ op: 'remove', path: 'members' });
    expect(await members()).toEqual([]);
  });

  it('loses somebody who has left the organization meanwhile, as providers clean up afterwards', async () => {
    const { scim, group, alice, bob, members } = await openWithGroup();
    expect(await scim(`/Users/${bob}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
    for (const operation of [
      { op: 'remove', path: `members[value eq "${bob}"]` },
      { op: 'remove', path: 'members', value: [{ value: bob }] },
    ]) {
      expect(await scim(`/Groups/${group}`, patch(operation))).toMatchObject({ status: 200, body: { members: [] } });
    }
    const add = { op: 'add', path: 'members', value: [{ value: alice }, { value: bob }] };
    expect(await scim(`/Groups/${group}`, patch(add))).toMatchObject({ status: 400 });
    expect(await members()).toEqual([]);
  });

  it('is renamed and deleted', async () => {
    const { scim, group } = await openWithGroup();
    expect(
      await scim(`/Groups/${group}`, patch({ op: 'replace', path: 'displayName', value: 'builders' })),
    ).toMatchObject({
      status: 200,
      body: { displayName: 'builders', members: [{ display: 'bob' }] },
    });
    expect(await scim(`/Groups/${group}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await scim(`/Groups/${group}`)).toMatchObject({ status: 404 });
  });

  it.each([
    ['a name that teams do not have', { displayName: 'The Platform Team!' }, 400],
    ['a name that is taken', { displayName: 'platform' }, 409],
    ['a member who is none', { displayName: 'other', members: [{ value: crypto.randomUUID() }] }, 400],
  ])('is not made with %s', async (_what, change, status) => {
    const { scim } = await openWithGroup();
    const body = { schemas: [groupSchema], members: [], ...change };
    expect(await scim('/Groups', { method: 'POST', body })).toMatchObject({ status });
  });
});
