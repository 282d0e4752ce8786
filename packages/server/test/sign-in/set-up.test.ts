import { describe, expect, it, vi } from 'vitest';
import { openSignInWorld, password, remote, system } from './sign-in-world.ts';

vi.setConfig({ testTimeout: 30_000 });

const first = { username: 'olivia', email: 'olivia@acme.example', password, organization: 'acme' };

describe('an empty installation', () => {
  it('lets its first owner in by a link, once', async () => {
    const { setUp, administration, browser } = await openSignInWorld({ isEmpty: true });
    expect(await setUp.needed()).toBe(true);
    const secret = (await setUp.begin()) ?? '';
    await setUp.complete(secret, { ...first, name: 'Olivia', organizationFullName: 'Acme Corporation' }, remote);
    expect(await setUp.needed()).toBe(false);
    expect(await administration.people.byUsername('olivia')).toMatchObject({ name: 'Olivia', isAdministrator: true });
    expect(await administration.members.find('acme', 'olivia')).toMatchObject({ role: 'owner' });
    expect(await administration.organizations.home()).toMatchObject({ name: 'acme', fullName: 'Acme Corporation' });
    expect(await browser().signIn('olivia', password)).toMatchObject({ status: 200 });
    const again = { ...first, username: 'mallory', email: 'm@acme.example', organization: 'evil' };
    await expect(setUp.complete(secret, again, remote)).rejects.toMatchObject({ code: 'not-found' });
    expect(await administration.people.list()).toHaveLength(1);
  });

  it('has one first owner, however many links are opened at once', async () => {
    const { setUp, administration } = await openSignInWorld({ isEmpty: true });
    const secret = (await setUp.begin()) ?? '';
    const tries = ['one', 'two', 'three'].map((name) =>
      setUp.complete(
        secret,
        { ...first, username: name, email: `${name}@acme.example`, organization: `org-${name}` },
        remote,
      ),
    );
    const outcomes = (await Promise.allSettled(tries)).map(({ status }) => status);
    expect(outcomes.filter((status) => status === 'fulfilled')).toHaveLength(1);
    expect(await administration.organizations.list()).toHaveLength(1);
    expect(await administration.people.list()).toHaveLength(1);
  });

  it.each([
    ['a wrong secret', async () => 'pgf_wrong'],
    ['no secret', async () => ''],
  ])('opens to nobody with %s', async (_what, secretOf) => {
    const { setUp, administration } = await openSignInWorld({ isEmpty: true });
    await setUp.begin();
    await expect(setUp.complete(await secretOf(), first, remote)).rejects.toMatchObject({ code: 'not-found' });
    expect(await administration.people.list()).toHaveLength(0);
  });

  it('opens to nobody with the link of an earlier start, or one that is older than a day', async () => {
    const { setUp, pass } = await openSignInWorld({ isEmpty: true });
    const [old = '', current = ''] = [await setUp.begin(), await setUp.begin()];
    await expect(setUp.complete(old, first, remote)).rejects.toMatchObject({ code: 'not-found' });
    pass(24 * 3600_000);
    await expect(setUp.complete(current, first, remote)).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['a password that is too short', { password: 'short' }, 'password'],
    ['a user name that is none', { username: 'Not A Name' }, 'username'],
    ['the name of the organization as user name', { username: 'acme' }, undefined],
    ['an address that is none', { email: 'nowhere' }, 'email'],
  ])('makes nothing of %s, and the link stays good', async (_what, change, field) => {
    const { setUp, administration } = await openSignInWorld({ isEmpty: true });
    const secret = (await setUp.begin()) ?? '';
    await expect(setUp.complete(secret, { ...first, ...change }, remote)).rejects.toMatchObject(
      field === undefined ? { code: 'already-exists' } : { field },
    );
    expect(await administration.people.list()).toHaveLength(0);
    await setUp.complete(secret, first, remote);
    expect(await administration.people.list()).toHaveLength(1);
  });

  it('needs no link once an organization was made otherwise', async () => {
    const { setUp, administration } = await openSignInWorld({ isEmpty: true });
    const secret = (await setUp.begin()) ?? '';
    await administration.organizations.create({ name: 'acme' }, system);
    expect([await setUp.needed(), await setUp.begin()]).toEqual([false, undefined]);
    await expect(setUp.complete(secret, first, remote)).rejects.toMatchObject({ code: 'not-found' });
  });
});
