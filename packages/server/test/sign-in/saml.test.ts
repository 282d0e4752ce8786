import { describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../src/sign-in/single-sign-on.ts';
import type { Browser } from './browser.ts';
import { proveDomain } from './prove-domain.ts';
import { type Assertion, createSamlProvider, type SamlProvider } from './saml-provider.ts';
import { openSignInWorld, type SignInWorld, type SignInWorldOptions, system } from './sign-in-world.ts';

vi.setConfig({ testTimeout: 30_000 });

interface Connected extends SignInWorld {
  readonly provider: SamlProvider;
  readonly connection: Connection;
}

async function openConnected(options: SignInWorldOptions = {}): Promise<Connected> {
  const world = await openSignInWorld(options);
  const provider = createSamlProvider();
  await proveDomain(world.stores, 'acme', 'acme.example', system);
  await world.administration.teams.create('acme', { name: 'platform' }, system);
  const { entityId, certificate } = provider;
  const connection = await world.connections.create(
    'acme',
    {
      name: 'Acme login',
      domains: ['acme.example'],
      enforced: false,
      createMembers: true,
      defaultRole: 'member',
      groupsClaim: 'groups',
      groupMappings: [{ group: 'eng', team: 'platform' }],
      saml: { entityId, certificate, entryPoint: 'https://idp.acme.example/sso' },
    },
    system,
  );
  return { ...world, provider, connection };
}

const carol: Assertion = {
  nameId: 'carol@acme.example',
  attributes: { displayName: ['Carol Danvers'], groups: ['eng', 'all'] },
};

async function begin(visitor: Browser): Promise<string> {
  const { body, status } = await visitor.post('/api/auth/sign-in/sso', {
    email: 'carol@acme.example',
    callbackURL: '/console',
  });
  expect(status).toBe(200);
  return String(body['url']);
}

function post(visitor: Browser, callbackUrl: string, form: Readonly<Record<string, string>>) {
  const { pathname } = new URL(callbackUrl);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: 'https://idp.acme.example',
    'sec-fetch-site': 'cross-site',
  };
  return visitor.post(pathname, new URLSearchParams(form).toString(), { headers });
}

function own({ connection: { callbackUrl, metadataUrl } }: Connected) {
  return { callbackUrl, entityId: metadataUrl ?? '' };
}

async function visit(world: Connected, visitor: Browser, assertion: Assertion) {
  const url = await begin(visitor);
  return post(visitor, world.connection.callbackUrl, world.provider.answer(url, own(world), assertion));
}

describe('single sign-on by SAML', () => {
  it('makes whoever comes first a member, in the teams of their groups, and signs them in', async () => {
    const world = await openConnected();
    const visitor = world.browser();
    const page = await visit(world, visitor, carol);
    expect(page).toMatchObject({ status: 302, headers: { location: expect.stringMatching(/\/console$/) } });
    expect(await visitor.who()).toBe('carol');
    expect(await world.administration.members.find('acme', 'carol')).toMatchObject({
      name: 'Carol Danvers',
      role: 'member',
      teams: ['company', 'platform'],
    });
  });

  it('tells the identity provider what it needs to know', async () => {
    const { browser, connection } = await openConnected();
    const { pathname, search } = new URL(connection.metadataUrl ?? '');
    const { status, text } = await browser().get(`${pathname}${search}`);
    expect(status).toBe(200);
    expect(text).toContain(connection.callbackUrl);
    expect(text).toContain('WantAssertionsSigned="true"');
  });

  it.each<[string, Assertion]>([
    ['that nobody signed', { ...carol, unsigned: true }],
    ['with another key', { ...carol, forged: true }],
    ['that was changed', { ...carol, tamper: (xml) => xml.replace('carol@acme.example', 'alice@acme.example') }],
    ['with a second one beside it', { ...carol, tamper: wrapped }],
    ['for another service', { ...carol, audience: 'https://other.example' }],
    ['to be sent elsewhere', { ...carol, recipient: 'https://other.example/acs' }],
    ['that has ended', { ...carol, minutes: -30 }],
    ['that nobody asked for', { ...carol, inResponseTo: '_unknown' }],
    ['of an address in another domain', { nameId: 'root@other.example' }],
  ])('takes no assertion %s', async (_what, assertion) => {
    const world = await openConnected();
    const visitor = world.browser();
    const { status, headers } = await visit(world, visitor, assertion);
    expect([302, 400, 401, 403]).toContain(status);
    if (status === 302) expect(String(headers['location'])).toMatch(/[?&]error=/);
    expect(await visitor.who()).toBeNull();
    expect(await world.administration.people.list()).toHaveLength(2);
  });

  it('takes each assertion once', async () => {
    const world = await openConnected();
    const [visitor, thief] = [world.browser(), world.browser()];
    const form = world.provider.answer(await begin(visitor), own(world), carol);
    await post(visitor, world.connection.callbackUrl, form);
    await post(thief, world.connection.callbackUrl, form);
    expect([await visitor.who(), await thief.who()]).toEqual(['carol', null]);
  });

  it('takes no assertion in another browser than the one that asked, over TLS', async () => {
    const world = await openConnected({ url: 'https://gate.acme.example' });
    const [attacker, victim] = [world.browser(), world.browser()];
    const form = world.provider.answer(await begin(attacker), own(world), carol);
    expect(await post(victim, world.connection.callbackUrl, form)).toMatchObject({
      status: 403,
      body: { code: 'OTHER_BROWSER' },
    });
    expect(await victim.who()).toBeNull();
    await post(attacker, world.connection.callbackUrl, form);
    expect(await attacker.who()).toBe('carol');
  });

  it('takes no documents that are too long, or none at all', async () => {
    const world = await openConnected();
    const { callbackUrl } = world.connection;
    const send = async (SAMLResponse: string) => (await post(world.browser(), callbackUrl, { SAMLResponse })).status;
    expect(await send('A'.repeat(600_000))).toBe(413);
    for (const text of ['', 'AAAA', Buffer.from('<a/>').toString('base64')]) {
      expect([302, 400]).toContain(await send(text));
    }
  });
});

/** XML signature wrapping: the signed assertion is moved aside, and another one stands where it was. */
function wrapped(xml: string): string {
  const [assertion = ''] = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml) ?? [];
  const evil = assertion
    .replace(/<ds:Signature .*<\/ds:Signature>/s, '')
    .replace(/ID="[^"]+"/, 'ID="_evil"')
    .replace('carol@acme.example', 'alice@acme.example');
  return xml.replace(assertion, `${evil}<samlp:Extensions>${assertion}</samlp:Extensions>`);
}
