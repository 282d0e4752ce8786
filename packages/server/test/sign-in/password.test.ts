import { describe, expect, it, vi } from 'vitest';
import { setPassword } from '../../src/main/set-password.ts';
import { hashToken } from '../../src/tokens/secret.ts';
import { openSignInWorld, password, remote, type SignInWorld, system } from './sign-in-world.ts';

describe('a browser that signs in with a password', () => {
  it.each(['bob', 'BOB', 'bob@acme.example', 'Bob@ACME.example'])('is let in as %s', async (name) => {
    const { browser } = await openSignInWorld();
    const visitor = browser();
    expect(await visitor.signIn(name, password)).toMatchObject({ status: 200 });
    expect(await visitor.who()).toBe('bob');
  });

  it.each([
    ['a wrong password', 'bob', 'incorrect horse battery staple'],
    ['no such user name', 'mallory', password],
    ['no such address', 'mallory@nowhere.example', password],
    ['an empty-handed person', 'nopassword', password],
    ['somebody switched off', 'gone', password],
    ['a password that is far too long', 'bob', 'x'.repeat(1000)],
  ])('is refused with the same answer: %s', async (_what, name, secret) => {
    const { browser, administration, authentication } = await openSignInWorld();
    await administration.people.create({ username: 'nopassword' }, system);
    const gone = await administration.people.create({ username: 'gone' }, system);
    await authentication.setFirstPassword(gone.id, password, remote);
    await administration.people.setActive('gone', false, system);
    const visitor = browser();
    expect(await visitor.signIn(name, secret)).toMatchObject({
      status: 401,
      body: { code: 'WRONG_PASSWORD', message: 'The user name or the password is wrong.' },
    });
    expect(visitor.cookies.size).toBe(0);
    expect(await visitor.who()).toBeNull();
  });

  it('gets a cookie that no script reads and no other site sends along, and nothing else of the secret', async () => {
    const { browser } = await openSignInWorld();
    const { headers, text } = await browser().signIn('bob', password);
    const [cookie = '', ...others] = headers['set-cookie'] as string[];
    expect(others).toEqual([]);
    expect(cookie).toMatch(/^pullgate\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
    const [secret = ''] = decodeURIComponent(/=([^;]+)/.exec(cookie)?.[1] ?? '').split('.');
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(text).not.toContain(secret);
  });

  it('gets a cookie for TLS only when the gate is served over TLS', async () => {
    const { browser, sessionCookie } = await openSignInWorld({ url: 'https://gate.acme.example' });
    const { headers } = await browser().signIn('bob', password);
    expect(String(headers['set-cookie'])).toMatch(/^__Secure-pullgate\.session_token=.*; Secure/);
    expect(sessionCookie).toBe('__Secure-pullgate.session_token');
  });

  it('gets a new session each time, and the one before is over: whoever planted it has nothing', async () => {
    const { browser } = await openSignInWorld();
    const [attacker, victim] = [browser(), browser()];
    await attacker.signIn('bob', password);
    for (const [name, value] of attacker.cookies) victim.cookies.set(name, value);
    await victim.signIn('alice', password);
    expect(await victim.who()).toBe('alice');
    expect(victim.cookies.get('pullgate.session_token')).not.toBe(attacker.cookies.get('pullgate.session_token'));
    expect(await attacker.who()).toBeNull();
  });

  it('is out after signing out, with the same cookie too', async () => {
    const { browser } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    const cookies = new Map(visitor.cookies);
    expect(await visitor.post('/api/auth/sign-out', {})).toMatchObject({ status: 200 });
    expect(visitor.cookies.size).toBe(0);
    for (const [name, value] of cookies) visitor.cookies.set(name, value);
    expect(await visitor.who()).toBeNull();
  });

  it('is out as soon as the person is switched off', async () => {
    const { browser, administration } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    await administration.people.setActive('bob', false, system);
    expect(await visitor.who()).toBeNull();
  });

  it('has to sign in again after the person is switched on again', async () => {
    const { browser, administration, authentication } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    const api = await authentication.signIn('bob', password, remote);
    if (api.outcome !== 'signed-in') throw new Error(api.outcome);
    await administration.people.setActive('bob', false, system);
    await administration.people.setActive('bob', true, system);
    expect(await visitor.who()).toBeNull();
    expect(await authentication.session(api.session.id)).toBeUndefined();
    expect(await authentication.sessions(api.session.personId)).toEqual([]);
    expect(await visitor.signIn('bob', password)).toMatchObject({ status: 200 });
  });

  it('is taken for nobody with a cookie that somebody changed', async () => {
    const { browser } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    const value = visitor.cookies.get('pullgate.session_token') ?? '';
    visitor.cookies.set(
      'pullgate.session_token',
      value.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')),
    );
    expect(await visitor.who()).toBeNull();
  });

  it('changes the password, which ends all other sessions', async () => {
    const { browser } = await openSignInWorld();
    const [here, there] = [browser(), browser()];
    await here.signIn('bob', password);
    await there.signIn('bob', password);
    const change = { currentPassword: password, newPassword: 'another long password' };
    expect(await here.post('/api/auth/change-password', { ...change, currentPassword: 'wrong' })).toMatchObject({
      status: 400,
    });
    expect(await here.post('/api/auth/change-password', { ...change, newPassword: 'short' })).toMatchObject({
      status: 400,
    });
    expect(await here.post('/api/auth/change-password', change)).toMatchObject({ status: 200 });
    expect([await here.who(), await there.who()]).toEqual(['bob', null]);
    expect(await browser().signIn('bob', password)).toMatchObject({ status: 401 });
    expect(await browser().signIn('bob', 'another long password')).toMatchObject({ status: 200 });
  });
});

describe('pages of other sites', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['the origin of a sandboxed frame', { origin: 'null' }],
    ['the same host at another port', { origin: 'http://localhost:1' }],
    ['no origin, and a browser that says cross-site', { origin: '', 'sec-fetch-site': 'cross-site' }],
    ['no origin, and a sister domain', { origin: '', 'sec-fetch-site': 'same-site' }],
    ['no word of where it comes from', { origin: '' }],
  ])('change nothing with the cookies of a visitor: %s', async (_what, headers: Record<string, string>) => {
    const { browser } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    expect(await visitor.post('/api/auth/sign-out', {}, { headers })).toMatchObject({
      status: 403,
      body: { code: 'CROSS_SITE' },
    });
    expect((await visitor.post('/anything', {}, { headers })).text).toBe('"cross-site"');
    expect(await visitor.who()).toBe('bob');
  });

  it('cannot sign a visitor in as somebody else', async () => {
    const { browser } = await openSignInWorld();
    const headers = { origin: 'https://evil.example' };
    const body = { username: 'bob', password };
    expect(await browser().post('/api/auth/sign-in/username', body, { headers })).toMatchObject({ status: 403 });
  });
});

describe('a name that cannot be anybody’s', () => {
  it.each(['bob\0', 'bob@acme.example\0', '\0', ''])('is refused like a wrong one: %j', async (name) => {
    const { authentication } = await openSignInWorld();
    expect(await authentication.checkPassword(name, password, remote)).toEqual({ outcome: 'refused' });
  });
});

describe('wrong passwords', () => {
  it('are limited for one account from one address, and a right one then does not help either', async () => {
    const { browser, pass } = await openSignInWorld();
    for (let count = 0; count < 5; count++) {
      expect(await browser().signIn('bob', 'wrong password')).toMatchObject({ status: 401 });
    }
    const limited = await browser().signIn('bob', password);
    expect(limited).toMatchObject({ status: 429, body: { code: 'LIMITED' } });
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(800);
    expect(Number(limited.headers['retry-after'])).toBeLessThanOrEqual(900);
    expect(await browser().signIn('alice', password)).toMatchObject({ status: 200 });
    pass(15 * 60_000);
    expect(await browser().signIn('bob', password)).toMatchObject({ status: 200 });
  });

  it.each([
    ['of somebody who exists', 'bob', 'bob@acme.example'],
    ['of nobody', 'nobody', 'nobody@acme.example'],
  ])('%s tell by no limit whose address an address is', async (_who, username, address) => {
    const { browser } = await openSignInWorld();
    for (let count = 0; count < 6; count++) await browser().signIn(username, 'wrong password');
    expect(await browser().signIn(address, 'wrong password')).toMatchObject({ status: 401 });
  });

  it('do not count when a right one follows', async () => {
    const { browser } = await openSignInWorld();
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 4; count++) await browser().signIn('bob', 'wrong password');
      expect(await browser().signIn('bob', password)).toMatchObject({ status: 200 });
    }
  });

  it('of one address do not keep a person out who comes from another', async () => {
    const { browser } = await openSignInWorld();
    for (let count = 0; count < 9; count++) await browser().signIn('bob', 'wrong password');
    const elsewhere = { headers: { 'x-test-address': '198.51.100.9' } };
    const body = { username: 'bob', password };
    expect(await browser().post('/api/auth/sign-in/username', body, elsewhere)).toMatchObject({ status: 200 });
  });

  it('are limited from one address over all accounts, also of people who do not exist', async () => {
    const { authentication } = await openSignInWorld();
    const outcomes = new Map<string, number>();
    for (let count = 0; count < 60; count++) {
      const { outcome } = await authentication.checkPassword(`person-${count}`, 'a common password', remote);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(Object.fromEntries(outcomes)).toEqual({ refused: 50, limited: 10 });
  });

  it('tried many at once do not outrun the limit', async () => {
    const { authentication } = await openSignInWorld();
    const tries = Array.from({ length: 20 }, () => authentication.checkPassword('bob', 'wrong password', remote));
    const outcomes = (await Promise.all(tries)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(5);
  });

  it('take the same work for people who do not exist', async () => {
    const hashing = await import('../../src/sign-in/password-hash.ts');
    const hashes = hashing.createPasswordHashes({ memory: 1024, passes: 1 });
    const verify = vi.fn(hashes.verify);
    const { createCheckPassword } = await import('../../src/sign-in/check-password.ts');
    const known = {
      id: '1',
      username: 'bob',
      email: null,
      emailVerified: true,
      isActive: true,
      hasSecondFactor: false,
    };
    const passwordHash = await hashes.hash(password);
    const check = createCheckPassword({
      store: { credentials: async (name) => (name === 'bob' ? { person: known, passwordHash } : undefined) },
      hashes: { ...hashes, verify },
      attempts: { begin: () => ({ succeeded: () => undefined }) },
      enforcement: { binds: async () => false, holdsFor: async () => false },
      events: { add: () => undefined },
    });
    for (const name of ['bob', 'mallory']) await check(name, 'wrong password', remote);
    expect(verify.mock.calls.map(([hash]) => hash === undefined)).toEqual([false, true]);
    expect(await verify(undefined, password)).toBe(false);
  });
});

describe('the API', () => {
  it('signs in with a password: a session that has no cookie and ends with its bearer', async () => {
    const { authentication, pass } = await openSignInWorld();
    const result = await authentication.signIn('bob', password, remote);
    if (result.outcome !== 'signed-in') throw new Error(result.outcome);
    const { id, username, method, address, userAgent } = result.session;
    expect({ username, method, address, userAgent }).toEqual({
      username: 'bob',
      method: 'password',
      address: remote.address,
      userAgent: remote.userAgent,
    });
    expect(await authentication.session(id)).toEqual(result.session);
    pass(33 * 60_000);
    expect(await authentication.session(id)).toBeUndefined();
  });

  it.each([
    ['bob', 'wrong password', 'refused'],
    ['mallory', password, 'refused'],
  ])('refuses %s with %j', async (name, secret, outcome) => {
    const { authentication } = await openSignInWorld();
    expect(await authentication.signIn(name, secret, remote)).toEqual({ outcome });
  });

  it('tells how long to wait after too many tries', async () => {
    const { authentication } = await openSignInWorld();
    for (let count = 0; count < 5; count++) await authentication.signIn('bob', 'wrong password', remote);
    expect(await authentication.signIn('bob', password, remote)).toEqual({
      outcome: 'limited',
      retryAfterSeconds: expect.any(Number),
    });
  });

  it('lists and ends the sessions of a person, and of nobody else', async () => {
    const { authentication, browser } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    const signedIn = await authentication.signIn('alice', password, remote);
    if (signedIn.outcome !== 'signed-in') throw new Error(signedIn.outcome);
    const alice = signedIn.session;
    const [bob] = await authentication.sessions(
      ((await authentication.checkPassword('bob', password, remote)) as { personId: string }).personId,
    );
    if (!bob) throw new Error('no session');
    await expect(authentication.revokeSession(alice.personId, bob.id, remote)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await visitor.who()).toBe('bob');
    await authentication.revokeSession(bob.personId, bob.id, remote);
    expect(await visitor.who()).toBeNull();
  });
});

describe('a first password', () => {
  it('is set once, and not for somebody who can sign in', async () => {
    const { authentication, administration } = await openSignInWorld();
    const { id } = await administration.people.create({ username: 'carol' }, system);
    await authentication.setFirstPassword(id, 'a good long password', remote);
    await expect(authentication.setFirstPassword(id, 'another password', remote)).rejects.toMatchObject({
      code: 'already-exists',
    });
    expect(await authentication.signIn('carol', 'a good long password', remote)).toMatchObject({
      outcome: 'signed-in',
    });
  });

  it('set by who runs the machine ends everything that was signed in', async () => {
    const { stores, browser } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    await setPassword(stores, 'bob', 'another long password', system);
    expect(await visitor.who()).toBeNull();
    expect(await visitor.signIn('bob', 'another long password')).toMatchObject({ status: 200 });
  });

  it.each(['', 'too short', 'x'.repeat(257)])('is not %j', async (bad) => {
    const { authentication, administration } = await openSignInWorld();
    const { id } = await administration.people.create({ username: 'carol' }, system);
    await expect(authentication.setFirstPassword(id, bad, remote)).rejects.toMatchObject({ field: 'password' });
    expect(() => authentication.requireGoodPassword(bad)).toThrow(expect.objectContaining({ field: 'password' }));
  });
});

describe('a forgotten password', () => {
  it('is replaced with a link that works once, and all sessions end', async () => {
    const { browser, letters, log } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    const ask = (email: string) => browser().post('/api/auth/request-password-reset', { email });
    const [known, unknown] = [await ask('bob@acme.example'), await ask('mallory@acme.example')];
    expect(known.text).toBe(unknown.text);
    await vi.waitFor(() => expect(letters).toHaveLength(1));
    const [letter] = letters;
    const token = letter?.link.split('#')[1] ?? '';
    expect(letter).toMatchObject({ to: 'bob@acme.example', link: expect.stringContaining('/console/reset-password#') });
    const reset = { token, newPassword: 'remembered from now on' };
    expect(await browser().post('/api/auth/reset-password', reset)).toMatchObject({ status: 200 });
    expect(await browser().post('/api/auth/reset-password', reset)).toMatchObject({ status: 400 });
    expect(await visitor.who()).toBeNull();
    expect(await browser().signIn('bob', reset.newPassword)).toMatchObject({ status: 200 });
    expect(log()).not.toContain(token);
  });
});

describe('links for a new password', () => {
  it('are sent to one address three times in an hour; who asks learns nothing of that', async () => {
    const { browser, letters, log, pass } = await openSignInWorld();
    const ask = () => browser().post('/api/auth/request-password-reset', { email: 'bob@acme.example' });
    const first = await ask();
    for (let count = 0; count < 4; count++) expect((await ask()).text).toBe(first.text);
    await vi.waitFor(() =>
      expect(log().match(/"msg":"A letter with a link for a new password could not be sent/g)).toHaveLength(2),
    );
    expect(letters).toHaveLength(3);
    expect(log()).not.toContain('bob@acme.example');
    pass(3600_000);
    await ask();
    await vi.waitFor(() => expect(letters).toHaveLength(4));
  });
});

describe('a password that is replaced', () => {
  /** Tokens of so many links for a new password, in the order in which they were asked for. */
  async function askForLinks({ browser, letters }: SignInWorld, count: number): Promise<string[]> {
    for (let asked = 1; asked <= count; asked++) {
      await browser().post('/api/auth/request-password-reset', { email: 'bob@acme.example' });
      await vi.waitFor(() => expect(letters).toHaveLength(asked));
    }
    return letters.map(({ link }) => link.split('#')[1] ?? '');
  }

  it('by a link ends sessions of the API, and all other links', async () => {
    const world = await openSignInWorld();
    const { authentication, browser } = world;
    const [first, second] = await askForLinks(world, 2);
    const api = await authentication.signIn('bob', password, remote);
    if (api.outcome !== 'signed-in') throw new Error(api.outcome);
    const reset = (token: string | undefined) =>
      browser().post('/api/auth/reset-password', { token, newPassword: 'remembered from now on' });
    expect(await reset(second)).toMatchObject({ status: 200 });
    expect(await authentication.session(api.session.id)).toBeUndefined();
    expect(await reset(first)).toMatchObject({ status: 400 });
  });

  it('by its person ends all links', async () => {
    const world = await openSignInWorld();
    const [token] = await askForLinks(world, 1);
    const visitor = world.browser();
    await visitor.signIn('bob', password);
    const change = { currentPassword: password, newPassword: 'another long password' };
    expect(await visitor.post('/api/auth/change-password', change)).toMatchObject({ status: 200 });
    expect(await visitor.who()).toBe('bob');
    const reset = { token, newPassword: 'a password of a thief' };
    expect(await world.browser().post('/api/auth/reset-password', reset)).toMatchObject({ status: 400 });
  });

  it('leaves access tokens, for a cluster must not stop because somebody forgot a password', async () => {
    const world = await openSignInWorld();
    const [token] = await askForLinks(world, 1);
    const bob = await world.administration.people.byUsername('bob');
    const { secret } = await world.administration.personalTokens.create(
      'bob',
      { label: 'laptop', scopes: ['repo:read'] },
      { kind: 'person', id: bob.id, name: 'bob' },
    );
    await world.browser().post('/api/auth/reset-password', { token, newPassword: 'remembered from now on' });
    expect((await world.directory()).credentialBySecret(hashToken(secret))).toMatchObject({ active: true });
  });
});

describe('what is not needed', () => {
  it.each([
    ['POST', '/api/auth/sign-up/email'],
    ['POST', '/api/auth/sign-in/email'],
    ['POST', '/api/auth/update-user'],
    ['POST', '/api/auth/delete-user'],
    ['POST', '/api/auth/change-email'],
    ['POST', '/api/auth/link-social'],
    ['GET', '/api/auth/list-sessions'],
    ['POST', '/api/auth/sso/register'],
    ['GET', '/api/auth/sso/providers'],
    ['POST', '/api/auth/sso/update-provider'],
    ['GET', '/api/auth/ok'],
    ['GET', '/api/auth/reset-password/abc'],
    ['GET', '/api/auth/sign-in/username'],
    ['POST', '/api/auth//sign-in/username'],
    ['POST', '/api/auth/sign-in/username/'],
  ])('is not served: %s %s', async (method, path) => {
    const { browser } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    expect(await visitor.ask(path, { method, ...(method === 'POST' && { body: {} }) })).toMatchObject({ status: 404 });
  });

  it.each([
    ['a body that is too long', JSON.stringify({ username: 'bob', password: 'x'.repeat(20_000) }), 413],
    ['a body that is no JSON', '{', 400],
    ['a body of another kind', '[]', 400],
    ['numbers for texts', { username: 1, password: 2 }, 400],
    ['nothing', {}, 400],
  ])('is refused: %s', async (_what, body, status) => {
    const { browser } = await openSignInWorld();
    expect(await browser().post('/api/auth/sign-in/username', body)).toMatchObject({ status });
  });

  it('is limited: requests that change something, from one address', async () => {
    const { browser } = await openSignInWorld();
    const visitor = browser();
    const statuses: number[] = [];
    for (let count = 0; count < 62; count++) statuses.push((await visitor.post('/api/auth/sign-out', {})).status);
    expect(statuses.slice(60)).toEqual([429, 429]);
    expect(statuses.slice(0, 60)).not.toContain(429);
  });
});
