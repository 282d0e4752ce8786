import { describe, expect, it } from 'vitest';
import type { Browser } from './browser.ts';
import { openSignInWorld, password, system } from './sign-in-world.ts';
import { type Ceremony, createAuthenticator } from './software-authenticator.ts';

async function register(visitor: Browser, authenticator: ReturnType<typeof createAuthenticator>, change = {}) {
  const { body } = await visitor.get('/api/auth/passkey/generate-register-options');
  const response = authenticator.create({ ...(body as unknown as Ceremony), ...change });
  return visitor.post('/api/auth/passkey/verify-registration', { response, name: 'My key' });
}

async function present(visitor: Browser, authenticator: ReturnType<typeof createAuthenticator>, change = {}) {
  const { body } = await visitor.get('/api/auth/passkey/generate-authenticate-options');
  const response = authenticator.get({ ...(body as unknown as Ceremony), ...change });
  return visitor.post('/api/auth/passkey/verify-authentication', { response });
}

async function openWithPasskey() {
  const world = await openSignInWorld();
  const authenticator = createAuthenticator(world.url);
  const owner = world.browser();
  await owner.signIn('bob', password);
  expect(await register(owner, authenticator)).toMatchObject({ status: 200 });
  return { ...world, authenticator, owner };
}

describe('a passkey', () => {
  it('is registered by somebody signed in, and signs in by itself from then on', async () => {
    const { browser, authenticator, authentication } = await openWithPasskey();
    const visitor = browser();
    expect(await present(visitor, authenticator)).toMatchObject({ status: 200 });
    expect(await visitor.who()).toBe('bob');
    const { personId } = (await authentication.checkPassword('bob', password, { address: '::1' })) as {
      personId: string;
    };
    const methods = (await authentication.sessions(personId)).map(({ method }) => method);
    expect(methods.sort()).toEqual(['passkey', 'password']);
  });

  it('is not registered by nobody', async () => {
    const { browser } = await openSignInWorld();
    expect(await browser().get('/api/auth/passkey/generate-register-options')).toMatchObject({ status: 401 });
  });

  it.each([
    ['for a page of another site', { origin: 'https://evil.example' }],
    ['with an old challenge', { challenge: Buffer.from('another challenge').toString('base64url') }],
    ['for another host', { rpId: 'evil.example' }],
    ['without checking who uses it', { userVerified: false }],
    ['with another key', { forged: true }],
  ])('does not sign in %s', async (_what, change) => {
    const { browser, authenticator } = await openWithPasskey();
    const visitor = browser();
    const { status } = await present(visitor, authenticator, change);
    expect([400, 401, 500]).toContain(status);
    expect(await visitor.who()).toBeNull();
  });

  it('does not sign in twice with one answer', async () => {
    const { browser, authenticator } = await openWithPasskey();
    const visitor = browser();
    const { body } = await visitor.get('/api/auth/passkey/generate-authenticate-options');
    const response = authenticator.get(body as unknown as Ceremony);
    const cookies = new Map(visitor.cookies);
    expect(await visitor.post('/api/auth/passkey/verify-authentication', { response })).toMatchObject({ status: 200 });
    const thief = browser();
    for (const [name, value] of cookies) thief.cookies.set(name, value);
    expect(await thief.post('/api/auth/passkey/verify-authentication', { response })).toMatchObject({ status: 400 });
    expect(await thief.who()).toBeNull();
  });

  it('does not sign in somebody who was switched off', async () => {
    const { browser, authenticator, administration } = await openWithPasskey();
    await administration.people.setActive('bob', false, system);
    const visitor = browser();
    expect(await present(visitor, authenticator)).toMatchObject({ status: 403, body: { code: 'SWITCHED_OFF' } });
    expect(await visitor.who()).toBeNull();
  });

  it('is removed by its owner and by nobody else', async () => {
    const { browser, authenticator, owner } = await openWithPasskey();
    const [key] = JSON.parse((await owner.get('/api/auth/passkey/list-user-passkeys')).text);
    const other = browser();
    await other.signIn('alice', password);
    expect((await other.get('/api/auth/passkey/list-user-passkeys')).text).toBe('[]');
    const { status } = await other.post('/api/auth/passkey/delete-passkey', { id: key.id });
    expect([401, 404]).toContain(status);
    expect(await owner.post('/api/auth/passkey/delete-passkey', { id: key.id })).toMatchObject({ status: 200 });
    expect(await present(browser(), authenticator)).toMatchObject({ status: 401 });
  });
});
