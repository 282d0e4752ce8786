import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Browser } from './browser.ts';
import { openSignInWorld, password, remote, type SignInWorld } from './sign-in-world.ts';

/** RFC 6238 with SHA-1, 6 digits and 30 seconds: what an authenticator app does. */
function codeOf(uri: string, at = Date.now()): string {
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes =
    bits
      .join('')
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

interface SecondFactor {
  readonly uri: string;
  readonly backupCodes: readonly string[];
}

async function enable(visitor: Browser): Promise<SecondFactor> {
  await visitor.signIn('bob', password);
  const { body, status } = await visitor.post('/api/auth/two-factor/enable', { password });
  expect(status).toBe(200);
  const [uri, backupCodes] = [String(body['totpURI']), body['backupCodes'] as string[]];
  expect(await visitor.post('/api/auth/two-factor/verify-totp', { code: codeOf(uri) })).toMatchObject({ status: 200 });
  return { uri, backupCodes };
}

async function openWithSecondFactor(): Promise<SignInWorld & SecondFactor & { readonly visitor: Browser }> {
  const world = await openSignInWorld();
  const visitor = world.browser();
  return { ...world, ...(await enable(visitor)), visitor };
}

describe('a second factor', () => {
  it('completes no sign-in that was begun with a password which was replaced meanwhile', async () => {
    const { authentication, browser, letters, uri } = await openWithSecondFactor();
    const begun = await authentication.signIn('bob', password, remote);
    if (begun.outcome !== 'second-factor') throw new Error(begun.outcome);
    await browser().post('/api/auth/request-password-reset', { email: 'bob@acme.example' });
    await vi.waitFor(() => expect(letters).toHaveLength(1));
    const reset = { token: letters[0]?.link.split('#')[1], newPassword: 'remembered from now on' };
    expect(await browser().post('/api/auth/reset-password', reset)).toMatchObject({ status: 200 });
    const code = codeOf(uri, Date.now() + 30_000);
    expect(await authentication.secondFactor(begun.ticket, code, remote)).toEqual({ outcome: 'refused' });
  });

  it('is switched on by who has the password and shows a code', async () => {
    const { browser, administration } = await openSignInWorld();
    const visitor = browser();
    await visitor.signIn('bob', password);
    expect(await visitor.post('/api/auth/two-factor/enable', { password: 'wrong password' })).toMatchObject({
      status: 400,
    });
    const { body } = await visitor.post('/api/auth/two-factor/enable', { password });
    expect(await visitor.post('/api/auth/two-factor/verify-totp', { code: '000000' })).toMatchObject({ status: 401 });
    // Until the code was right once, nobody is locked out by it.
    expect(await browser().signIn('bob', password)).toMatchObject({
      status: 200,
      body: { session: expect.any(String) },
    });
    const code = codeOf(String(body['totpURI']));
    expect(await visitor.post('/api/auth/two-factor/verify-totp', { code })).toMatchObject({ status: 200 });
    expect(await visitor.who()).toBe('bob');
    expect(await administration.people.byUsername('bob')).toMatchObject({ isActive: true });
  });

  it('is asked for in a second step, which lets in', async () => {
    const { browser, uri } = await openWithSecondFactor();
    const visitor = browser();
    const first = await visitor.signIn('bob', password);
    expect(first).toMatchObject({ status: 200, body: { twoFactorRedirect: true } });
    expect(await visitor.who()).toBeNull();
    expect(await visitor.post('/api/auth/two-factor/verify-totp', { code: codeOf(uri) })).toMatchObject({
      status: 200,
    });
    expect(await visitor.who()).toBe('bob');
  });

  it('leaves no cookie behind that would do without it', async () => {
    const { browser } = await openWithSecondFactor();
    const visitor = browser();
    const { headers } = await visitor.signIn('bob', password);
    const live = (headers['set-cookie'] as string[]).filter((cookie) => !/Max-Age=0/.test(cookie));
    expect(live.map((cookie) => cookie.split('=')[0])).toEqual(['pullgate.two_factor']);
    expect(live[0]).toMatch(/HttpOnly; SameSite=Lax/);
  });

  it.each(['000000', '12345', 'not a code', ''])('does not let in with %j', async (code) => {
    const { browser } = await openWithSecondFactor();
    const visitor = browser();
    await visitor.signIn('bob', password);
    const { status } = await visitor.post('/api/auth/two-factor/verify-totp', { code });
    expect([400, 401]).toContain(status);
    expect(await visitor.who()).toBeNull();
  });

  it('takes five codes for one password, and then the password again', async () => {
    const { browser, uri } = await openWithSecondFactor();
    const visitor = browser();
    await visitor.signIn('bob', password);
    for (let count = 0; count < 5; count++) await visitor.post('/api/auth/two-factor/verify-totp', { code: '000000' });
    const { status } = await visitor.post('/api/auth/two-factor/verify-totp', { code: codeOf(uri) });
    expect([400, 401]).toContain(status);
    expect(await visitor.who()).toBeNull();
  });

  it('locks the account after ten wrong codes, however many passwords were right between them', async () => {
    const { authentication, uri } = await openWithSecondFactor();
    for (let round = 0; round < 2; round++) {
      const result = await authentication.signIn('bob', password, remote);
      if (result.outcome !== 'second-factor') throw new Error(result.outcome);
      for (let count = 0; count < 5; count++) await authentication.secondFactor(result.ticket, '000000', remote);
    }
    const result = await authentication.signIn('bob', password, remote);
    if (result.outcome !== 'second-factor') throw new Error(result.outcome);
    expect(await authentication.secondFactor(result.ticket, codeOf(uri), remote)).toMatchObject({ outcome: 'limited' });
  });

  it('takes each code once: whoever saw it being typed is too late', async () => {
    const { browser, uri } = await openWithSecondFactor();
    const code = codeOf(uri);
    const statuses: number[] = [];
    for (let count = 0; count < 2; count++) {
      const visitor = browser();
      await visitor.signIn('bob', password);
      statuses.push((await visitor.post('/api/auth/two-factor/verify-totp', { code })).status);
      if (count === 1) expect(await visitor.who()).toBeNull();
    }
    expect(statuses).toEqual([200, 401]);
  });

  it('is replaced by each backup code once', async () => {
    const { browser, backupCodes } = await openWithSecondFactor();
    expect(backupCodes).toHaveLength(10);
    const statuses: number[] = [];
    for (let count = 0; count < 2; count++) {
      const visitor = browser();
      await visitor.signIn('bob', password);
      statuses.push((await visitor.post('/api/auth/two-factor/verify-backup-code', { code: backupCodes[0] })).status);
    }
    expect(statuses).toEqual([200, 401]);
  });

  it('is switched off with the password only', async () => {
    const { browser, visitor } = await openWithSecondFactor();
    expect(await visitor.post('/api/auth/two-factor/disable', { password: 'wrong password' })).toMatchObject({
      status: 400,
    });
    expect(await visitor.post('/api/auth/two-factor/disable', { password })).toMatchObject({ status: 200 });
    expect(await browser().signIn('bob', password)).toMatchObject({ body: { session: expect.any(String) } });
  });
});

describe('the API with a second factor', () => {
  it('gives a ticket for the password, and a session for the ticket and a code, once', async () => {
    const { authentication, uri } = await openWithSecondFactor();
    const result = await authentication.signIn('bob', password, remote);
    if (result.outcome !== 'second-factor') throw new Error(result.outcome);
    const signedIn = await authentication.secondFactor(result.ticket, codeOf(uri), remote);
    expect(signedIn).toMatchObject({ outcome: 'signed-in', session: { username: 'bob', method: 'password' } });
    expect(await authentication.secondFactor(result.ticket, codeOf(uri), remote)).toEqual({ outcome: 'refused' });
  });

  it('takes a backup code in place of a code', async () => {
    const { authentication, backupCodes } = await openWithSecondFactor();
    const result = await authentication.signIn('bob', password, remote);
    if (result.outcome !== 'second-factor') throw new Error(result.outcome);
    const [code = ''] = backupCodes;
    expect(await authentication.secondFactor(result.ticket, code, remote)).toMatchObject({ outcome: 'signed-in' });
  });

  it.each(['', 'nonsense', 'a.b', 'x; pullgate.session_token=y', '\r\nfoo', 'é'])(
    'refuses what is no ticket: %j',
    async (ticket) => {
      const { authentication, uri } = await openWithSecondFactor();
      expect(await authentication.secondFactor(ticket, codeOf(uri), remote)).toEqual({ outcome: 'refused' });
    },
  );

  it('takes no password alone where there is no second step', async () => {
    const { authentication } = await openWithSecondFactor();
    expect(await authentication.checkPassword('bob', password, remote)).toEqual({ outcome: 'second-factor-needed' });
    expect(await authentication.checkPassword('alice', password, remote)).toMatchObject({ outcome: 'right' });
  });
});
