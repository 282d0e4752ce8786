import { describe, expect, it, vi } from 'vitest';
import { openSignInWorld, password, remote, type SignInWorld } from './sign-in-world.ts';

vi.setConfig({ testTimeout: 30_000 });

/** What happened, oldest first. */
async function told({ activity }: SignInWorld) {
  const rows = (await activity()).filter(({ action }) => action.startsWith('sign_in.'));
  return rows
    .reverse()
    .map(({ action, subject, actor, address, after }) => ({ action, subject, by: actor.name, address, after }));
}

describe('the activity', () => {
  it('tells of sign-ins, changes and sessions, in each organization of the person', async () => {
    const world = await openSignInWorld();
    const visitor = world.browser();
    const headers = { 'x-test-address': '198.51.100.4' };
    await visitor.post('/api/auth/sign-in/username', { username: 'bob', password }, { headers });
    await visitor.post('/api/auth/change-password', {
      currentPassword: password,
      newPassword: 'another long password',
    });
    await visitor.post('/api/auth/sign-out', {});
    const { id } = await world.administration.organizations.byName('acme');
    expect((await told(world)).slice(-3)).toEqual([
      { action: 'sign_in.success', subject: 'bob', by: 'bob', address: '198.51.100.4', after: { method: 'password' } },
      { action: 'sign_in.password.change', subject: 'bob', by: 'bob', address: '192.0.2.1', after: null },
      { action: 'sign_in.end', subject: 'bob', by: 'bob', address: '192.0.2.1', after: null },
    ]);
    const last = (await world.activity())[0];
    expect(last?.organizationId).toBe(id);
  });

  it('tells of refusals of people who exist, as done by nobody in particular, and of a limit once', async () => {
    const world = await openSignInWorld();
    for (let count = 0; count < 8; count++) await world.authentication.signIn('bob', 'wrong password', remote);
    await world.authentication.signIn('my-secret-typed-as-a-name', password, remote);
    await world.close();
    const actions = (await told(world)).slice(-6);
    expect(actions.map(({ action, by }) => `${action} ${by}`)).toEqual([
      ...Array.from({ length: 5 }, () => 'sign_in.failure sign-in'),
      'sign_in.limit sign-in',
    ]);
    expect(JSON.stringify(await world.activity())).not.toContain('my-secret-typed-as-a-name');
  });

  it('and the log hold no secret of anybody, whatever is done', async () => {
    const world = await openSignInWorld();
    const canary = 'canary-password-1234';
    const visitor = world.browser();
    await visitor.signIn('bob', canary);
    await visitor.signIn('bob', password);
    const { body } = await visitor.post('/api/auth/two-factor/enable', { password });
    await visitor.post('/api/auth/two-factor/verify-totp', { code: '123123' });
    await visitor.post('/api/auth/change-password', { currentPassword: canary, newPassword: canary });
    await visitor.post('/api/auth/request-password-reset', { email: 'bob@acme.example' });
    await vi.waitFor(() => expect(world.letters).toHaveLength(1));
    await visitor.post('/api/auth/reset-password', { token: 'canary-token', newPassword: canary });
    await visitor.post('/api/auth/passkey/verify-authentication', { response: { id: canary } });
    await visitor.post('/api/auth/sign-in/sso', { email: `${canary}@nowhere.example`, callbackURL: '/' });
    await visitor.get(`/api/auth/sso/callback/${'0'.repeat(32)}?code=${canary}&state=canary-state`);
    await world.close();
    const secrets = [
      canary,
      'canary-token',
      password,
      world.letters[0]?.link.split('#')[1] ?? 'none',
      new URL(String(body['totpURI'])).searchParams.get('secret') ?? 'none',
      ...(body['backupCodes'] as string[]),
      ...[...visitor.cookies.values()].flatMap((value) => decodeURIComponent(value).split('.')[0] ?? []),
    ];
    const written = JSON.stringify(await world.activity()) + world.log();
    for (const secret of secrets) expect(written).not.toContain(secret);
    expect(secrets.length).toBeGreaterThan(14);
  });
});
