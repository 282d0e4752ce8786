import { describe, expect, it, vi } from 'vitest';
import type { Browser } from './browser.ts';
import { type Claims, type IdentityProvider, type Misbehaviour, startIdentityProvider } from './identity-provider.ts';
import { proveDomain } from './prove-domain.ts';
import { openSignInWorld, password, remote, type SignInWorld, system } from './sign-in-world.ts';

interface Connected extends SignInWorld {
  readonly provider: IdentityProvider;
  readonly connectionId: string;
}

type Rules = Partial<Parameters<SignInWorld['connections']['create']>[1]>;

/** `acme` answers for `acme.example`, and its people sign in at a provider. */
async function openConnected(rules: Rules = {}): Promise<Connected> {
  const world = await openSignInWorld();
  const provider = await startIdentityProvider();
  await proveDomain(world.stores, 'acme', 'acme.example', system);
  const { issuer, clientId, clientSecret } = provider;
  const connection = await world.connections.create(
    'acme',
    {
      name: 'Acme login',
      domains: ['acme.example'],
      enforced: false,
      createMembers: true,
      defaultRole: 'member',
      groupsClaim: 'groups',
      groupMappings: [],
      oidc: { issuer, clientId, clientSecret, scopes: ['openid', 'email', 'profile'] },
      ...rules,
    } as Parameters<SignInWorld['connections']['create']>[1],
    system,
  );
  return { ...world, provider, connectionId: connection.id };
}

const carol: Claims = { sub: 'c-1', email: 'carol@acme.example', name: 'Carol Danvers' };

/** The whole way: to the provider, and back. */
async function visit(
  { provider }: Pick<Connected, 'provider'>,
  visitor: Browser,
  claims: Claims,
  wrong: Misbehaviour = {},
) {
  const start = await visitor.post('/api/auth/sign-in/sso', { email: claims.email, callbackURL: '/console' });
  expect(start.status).toBe(200);
  const back = new URL(provider.authorize(String(start.body['url']), claims, wrong));
  return visitor.get(`${back.pathname}${back.search}`);
}

describe('single sign-on by OpenID Connect', () => {
  it('makes whoever comes first a person and a member, and signs them in', async () => {
    const world = await openConnected();
    const visitor = world.browser();
    const page = await visit(world, visitor, carol);
    expect(page).toMatchObject({ status: 302, headers: { location: '/console' } });
    expect(await visitor.who()).toBe('carol');
    expect(await world.administration.people.byUsername('carol')).toMatchObject({
      email: carol.email,
      name: carol.name,
      emailVerified: true,
    });
    expect(await world.administration.members.find('acme', 'carol')).toMatchObject({ role: 'member' });
  });

  it('finds the same person again, also after the provider changed the address', async () => {
    const world = await openConnected();
    await visit(world, world.browser(), carol);
    const again = world.browser();
    await visit(world, again, { ...carol, email: 'carol.danvers@acme.example' });
    expect(await again.who()).toBe('carol');
    expect(await world.administration.people.list()).toHaveLength(3);
  });

  it('puts members into the teams of their groups, and out of those whose groups they left', async () => {
    const groupMappings = [
      { group: 'eng', team: 'platform' },
      { group: 'ops', team: 'operations' },
    ];
    const world = await openConnected();
    for (const name of ['platform', 'operations', 'friends']) {
      await world.administration.teams.create('acme', { name }, system);
    }
    await world.connections.update('acme', world.connectionId, { groupMappings }, system);
    const teams = async () => (await world.administration.members.find('acme', 'carol')).teams;
    await visit(world, world.browser(), { ...carol, groups: ['eng', 'unknown'] });
    expect(await teams()).toEqual(['company', 'platform']);
    await world.administration.teams.addMember('acme', 'friends', 'carol', system);
    await visit(world, world.browser(), { ...carol, groups: ['ops'] });
    expect(await teams()).toEqual(['company', 'friends', 'operations']);
    await visit(world, world.browser(), carol);
    expect(await teams()).toEqual(['company', 'friends', 'operations']);
  });

  it.each<[string, Misbehaviour]>([
    ['for another client', { audience: 'somebody-else' }],
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['with another key', { forged: true }],
    ['that has ended', { expired: true }],
  ])('takes no ID token %s', async (_what, wrong) => {
    const world = await openConnected();
    const visitor = world.browser();
    const { headers } = await visit(world, visitor, carol, wrong);
    expect(String(headers['location'])).toMatch(/error=/);
    expect(await visitor.who()).toBeNull();
  });

  it.each<[string, Claims]>([
    ['of an address in another domain', { sub: 'x', email: 'root@other.example' }],
    ['of an address in a domain below', { sub: 'x', email: 'root@sub.acme.example' }],
    ['of an address that it has not verified', { ...carol, email_verified: false }],
  ])('believes no word %s', async (_what, claims) => {
    const world = await openConnected();
    const visitor = world.browser();
    const start = await visitor.post('/api/auth/sign-in/sso', { email: 'x@acme.example', callbackURL: '/console' });
    const back = new URL(world.provider.authorize(String(start.body['url']), claims));
    const { headers } = await visitor.get(`${back.pathname}${back.search}`);
    expect(String(headers['location'])).toContain('error=WRONG_DOMAIN');
    expect(await visitor.who()).toBeNull();
    expect(await world.administration.people.list()).toHaveLength(2);
  });

  it('does not hand an account to whoever wrote down the address beforehand', async () => {
    const world = await openConnected();
    const squatter = await world.administration.people.create({ username: 'squatter', email: carol.email }, system);
    await world.authentication.setFirstPassword(squatter.id, password, remote);
    const visitor = world.browser();
    await visit(world, visitor, carol);
    expect(await visitor.who()).toBe('carol');
    expect(await world.administration.people.byUsername('squatter')).toMatchObject({ email: null });
    await expect(world.administration.members.find('acme', 'squatter')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('links a member whose address nobody proved only in the browser that the member is signed in with', async () => {
    const world = await openConnected();
    const bob: Claims = { sub: 'b-1', email: 'bob@acme.example' };
    const stranger = world.browser();
    const refused = await visit(world, stranger, bob);
    expect(String(refused.headers['location'])).toContain('error=ADDRESS_NOT_PROVED');
    expect(await stranger.who()).toBeNull();
    const visitor = world.browser();
    await visitor.signIn('bob', password);
    await visit(world, visitor, bob);
    expect(await visitor.who()).toBe('bob');
    // From now on it is proved.
    await visit(world, stranger, bob);
    expect(await stranger.who()).toBe('bob');
  });

  it('lets nobody in who was switched off, or is no member where members are not made', async () => {
    const world = await openConnected();
    await visit(world, world.browser(), carol);
    await world.administration.people.setActive('carol', false, system);
    const visitor = world.browser();
    expect(String((await visit(world, visitor, carol)).headers['location'])).toContain('error=SWITCHED_OFF');
    await world.connections.update('acme', world.connectionId, { createMembers: false }, system);
    const dave: Claims = { sub: 'd-1', email: 'dave@acme.example' };
    expect(String((await visit(world, visitor, dave)).headers['location'])).toContain('error=NO_MEMBER');
    expect(await visitor.who()).toBeNull();
  });

  it('takes an address from nobody for a newcomer who is refused', async () => {
    const world = await openConnected();
    await world.connections.update('acme', world.connectionId, { createMembers: false }, system);
    await world.administration.people.create({ username: 'holder', email: carol.email }, system);
    expect(String((await visit(world, world.browser(), carol)).headers['location'])).toContain('error=NO_MEMBER');
    expect(await world.administration.people.byUsername('holder')).toMatchObject({ email: carol.email });
  });

  it('speaks no longer for people whose domain became another organization’s', async () => {
    const world = await openConnected();
    const { domains, connections, connectionId, administration } = world;
    await proveDomain(world.stores, 'acme', 'other.example', system);
    await visit(world, world.browser(), carol);
    await connections.update('acme', connectionId, { domains: ['other.example'] }, system);
    await domains.remove('acme', 'acme.example', system);
    await administration.organizations.create({ name: 'rival' }, system);
    await administration.members.add('rival', { username: 'carol', role: 'owner' }, system);
    await proveDomain(world.stores, 'rival', 'acme.example', system);
    const visitor = world.browser();
    // The same identity, with an address that the provider may still speak for.
    const { headers } = await visit(world, visitor, { ...carol, email: 'carol@other.example' });
    expect(String(headers['location'])).toContain('error=WRONG_DOMAIN');
    expect(await visitor.who()).toBeNull();
  });

  it('takes no answer in another browser than the one that asked', async () => {
    const world = await openConnected();
    const [attacker, victim] = [world.browser(), world.browser()];
    const start = await attacker.post('/api/auth/sign-in/sso', { email: carol.email, callbackURL: '/console' });
    const back = new URL(world.provider.authorize(String(start.body['url']), carol));
    await victim.get(`${back.pathname}${back.search}`);
    expect(await victim.who()).toBeNull();
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'does not send anybody to %s afterwards',
    async (callbackURL) => {
      const world = await openConnected();
      const visitor = world.browser();
      expect(await visitor.post('/api/auth/sign-in/sso', { email: carol.email, callbackURL })).toMatchObject({
        status: 400,
        body: { code: 'FOREIGN_CALLBACK' },
      });
    },
  );

  it('tells when no organization signs in so for an address', async () => {
    const { browser } = await openConnected();
    const visitor = browser();
    for (const email of ['x@nowhere.example', 'acme.example', '', undefined]) {
      expect(await visitor.post('/api/auth/sign-in/sso', { email, callbackURL: '/' })).toMatchObject({ status: 404 });
    }
  });

  it('ends sessions when the person gets a first password by a letter', async () => {
    const world = await openConnected();
    const visitor = world.browser();
    await visit(world, visitor, carol);
    await world.browser().post('/api/auth/request-password-reset', { email: carol.email });
    await vi.waitFor(() => expect(world.letters).toHaveLength(1));
    const reset = { token: world.letters[0]?.link.split('#')[1], newPassword: password };
    expect(await world.browser().post('/api/auth/reset-password', reset)).toMatchObject({ status: 200 });
    expect(await visitor.who()).toBeNull();
    expect(await visitor.signIn('carol', password)).toMatchObject({ status: 200 });
  });

  it('keeps no token of the provider', async () => {
    const world = await openConnected();
    await visit(world, world.browser(), carol);
    const kept = JSON.stringify(await world.stores.read.signIn.credentials(carol.email));
    expect(kept + world.log()).not.toContain('canary-');
  });
});

describe('single sign-on that is enforced', () => {
  it.each([
    ['a member', 'bob@acme.example', password],
    ['a member who mistypes', 'bob@acme.example', 'wrong password'],
    ['an owner who mistypes', 'alice@acme.example', 'wrong password'],
    ['nobody', 'nobody@acme.example', password],
  ])('is told for an address of the domain, whoever has it: %s', async (_whose, address, secret) => {
    const world = await openConnected({ enforced: true });
    expect(await world.browser().signIn(address, secret)).toMatchObject({
      status: 403,
      body: { code: 'SINGLE_SIGN_ON', message: 'Your organization signs in with single sign-on.' },
    });
    expect(await world.authentication.signIn(address, secret, remote)).toEqual({ outcome: 'single-sign-on' });
    expect(await world.authentication.checkPassword(address, secret, remote)).toEqual({ outcome: 'single-sign-on' });
  });

  it.each([
    ['a member', 'bob', password],
    ['a member who mistypes', 'bob', 'wrong password'],
    ['an owner who mistypes', 'alice', 'wrong password'],
    ['nobody', 'mallory', password],
    ['nobody, at another domain', 'mallory@elsewhere.example', password],
  ])('is not told for a user name, for that would tell who exists: %s', async (_whose, name, secret) => {
    const world = await openConnected({ enforced: true });
    expect(await world.browser().signIn(name, secret)).toMatchObject({
      status: 401,
      body: { code: 'WRONG_PASSWORD', message: 'The user name or the password is wrong.' },
    });
    expect(await world.authentication.signIn(name, secret, remote)).toEqual({ outcome: 'refused' });
    expect(await world.authentication.checkPassword(name, secret, remote)).toEqual({ outcome: 'refused' });
  });

  it.each(['bob', 'bob@acme.example', 'mallory', 'nobody@acme.example'])(
    'does not keep tries from being limited: %s',
    async (name) => {
      const { authentication } = await openConnected({ enforced: true });
      for (let count = 0; count < 5; count++) await authentication.checkPassword(name, 'wrong password', remote);
      expect(await authentication.checkPassword(name, password, remote)).toMatchObject({ outcome: 'limited' });
    },
  );

  it.each(['alice', 'alice@acme.example'])('leaves owners their way back in: %s', async (name) => {
    const world = await openConnected({ enforced: true });
    expect(await world.browser().signIn(name, password)).toMatchObject({ status: 200 });
  });
});

describe('a connection', () => {
  it('shows no secret, and keeps the one that it has', async () => {
    const world = await openConnected();
    const [listed] = await world.connections.list('acme');
    expect(JSON.stringify(listed)).not.toContain('canary');
    expect(listed).toMatchObject({
      callbackUrl: `${world.url}/api/auth/sso/callback/${world.connectionId}`,
      metadataUrl: null,
      scim: { baseUrl: `${world.url}/v2/scim/2.0`, createdAt: null },
    });
    await world.connections.update('acme', world.connectionId, { name: 'Other', oidc: { clientId: 'gate' } }, system);
    const visitor = world.browser();
    await visit(world, visitor, carol);
    expect(await visitor.who()).toBe('carol');
    expect(JSON.stringify(await world.activity())).not.toContain('canary');
  });

  it('is found in its own organization only', async () => {
    const { administration, connections, connectionId } = await openConnected();
    await administration.organizations.create({ name: 'other' }, system);
    await expect(connections.find('other', connectionId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(connections.update('other', connectionId, { name: 'x' }, system)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(connections.delete('other', connectionId, system)).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['a domain that is not verified', { domains: ['unproved.example'] }, { field: 'domains' }],
    ['no domain', { domains: [] }, { field: 'domains' }],
    ['an unknown team', { groupMappings: [{ group: 'x', team: 'nope' }] }, { field: 'group_mappings' }],
    [
      'an issuer that does not answer',
      { oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'y', scopes: [] } },
      { field: 'issuer' },
    ],
  ])('is not made with %s', async (_what, rules, failure) => {
    const world = await openConnected();
    await world.domains.add('acme', 'unproved.example', system);
    await world.connections.delete('acme', world.connectionId, system);
    const { issuer, clientId, clientSecret } = world.provider;
    const oidc = { issuer, clientId, clientSecret, scopes: ['openid'] };
    const good = {
      name: 'x',
      domains: ['acme.example'],
      enforced: false,
      createMembers: true,
      defaultRole: 'member',
      groupsClaim: 'groups',
      groupMappings: [],
      oidc,
    } as const;
    await expect(world.connections.create('acme', { ...good, ...rules }, system)).rejects.toMatchObject(failure);
  });

  it('is gone with its identities when it is deleted', async () => {
    const world = await openConnected();
    const visitor = world.browser();
    await visit(world, visitor, carol);
    await world.connections.delete('acme', world.connectionId, system);
    expect(await visitor.post('/api/auth/sign-in/sso', { email: carol.email, callbackURL: '/' })).toMatchObject({
      status: 404,
    });
    expect(await world.domains.list('acme')).toMatchObject([{ name: 'acme.example', verifiedAt: expect.any(Number) }]);
  });
});

describe('a domain', () => {
  it('is proved by a record in the DNS', async () => {
    const { domains, records } = await openSignInWorld();
    const { record } = await domains.add('acme', 'Acme.Example', system);
    expect(record).toEqual({
      type: 'TXT',
      name: '_pullgate-verification.acme.example',
      value: expect.stringMatching(/^pullgate-verification=[0-9a-f]{40}$/),
    });
    await expect(domains.verify('acme', 'acme.example', system)).rejects.toMatchObject({ field: 'domain' });
    records.set(record.name, ['other', `${record.value}x`]);
    await expect(domains.verify('acme', 'acme.example', system)).rejects.toMatchObject({ field: 'domain' });
    records.set(record.name, ['other', record.value]);
    expect(await domains.verify('acme', 'acme.example', system)).toMatchObject({ verifiedAt: expect.any(Number) });
  });

  it('belongs to the organization that proved it first, and its proof is no other one’s', async () => {
    const { domains, records, administration } = await openSignInWorld();
    await administration.organizations.create({ name: 'other' }, system);
    const [ours, theirs] = [
      await domains.add('acme', 'acme.example', system),
      await domains.add('other', 'acme.example', system),
    ];
    expect(ours.record.value).not.toBe(theirs.record.value);
    records.set(ours.record.name, [ours.record.value, theirs.record.value]);
    await domains.verify('acme', 'acme.example', system);
    await expect(domains.verify('other', 'acme.example', system)).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('stays as long as a connection uses it', async () => {
    const { domains, connections, connectionId } = await openConnected();
    await expect(domains.remove('acme', 'acme.example', system)).rejects.toMatchObject({ field: 'domain' });
    await connections.delete('acme', connectionId, system);
    await domains.remove('acme', 'acme.example', system);
    expect(await domains.list('acme')).toEqual([]);
  });

  it.each([
    '',
    'com',
    'acme',
    '10.0.0.1',
    'a..b',
    '-acme.example',
    'acme.example/x',
    'ac me.example',
    'localhost',
    `${'a'.repeat(64)}.example`,
  ])('is not %j', async (name) => {
    const { domains } = await openSignInWorld();
    await expect(domains.add('acme', name, system)).rejects.toMatchObject({ field: 'domain' });
  });
});

vi.setConfig({ testTimeout: 30_000 });
