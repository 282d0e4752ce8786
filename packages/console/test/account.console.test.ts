import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../server/test/hub-api/hub-world.ts';
import { problemsOf } from './browser.ts';
import { expectGoodLooks } from './looks.ts';
import { totp } from './totp.ts';
import { type ConsoleWorld, openConsole } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.goto('/console/sign-in?next=/console/account');
  await page.getByLabel('User name or e-mail address').fill(username);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Somebody of their own for each test: what they change would sign others out. */
async function openAccount(username: string): Promise<{ readonly page: Page; readonly person: Person }> {
  const person = await world.hub.addPerson(username);
  const page = await world.asNobody();
  await signIn(page, username, person.password);
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  return { page, person };
}

const signsIn = (username: string, password: string) =>
  world.hub.as(undefined, 'POST', '/v2/users/login', { username, password });

describe('the account', () => {
  it('tells who one is, and saves a name', async () => {
    const { page, person } = await openAccount('pia');
    await page.getByText(`with the address ${person.email}`).waitFor();
    await page.getByLabel('Full name').fill('Pia Poe');
    await page.getByRole('button', { name: 'Save name' }).click();
    await page.getByText('Your name is saved.').waitFor();
    expect(await world.hub.must(person, 'GET', '/v2/user')).toMatchObject({ full_name: 'Pia Poe' });
    expect(problemsOf(page)).toEqual([]);
  });

  it('changes the password of whoever knows the present one, and ends the other sessions', async () => {
    const { page, person } = await openAccount('paul');
    const change = async (current: string) => {
      await page.getByLabel('Present password').fill(current);
      await page.getByLabel('New password').fill('an altogether new password');
      await page.getByRole('button', { name: 'Change password' }).click();
    };
    await change('not the password');
    await page.getByRole('alert').getByText('The password is wrong.').waitFor();
    await change(person.password);
    await page.getByText('Your password is changed.').waitFor();
    expect((await world.hub.as(person, 'GET', '/v2/user')).status).toBe(401);
    expect((await signsIn(person.username, person.password)).status).toBe(401);
    expect((await signsIn(person.username, 'an altogether new password')).status).toBe(200);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  });

  it('says where no mail is sent how a forgotten password is replaced, and offers no letter', async () => {
    const page = await world.asNobody();
    await page.goto('/console/sign-in');
    await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByText('Forgot password?').count()).toBe(0);
    await page.goto('/console/reset-password');
    await page.getByText('This gate sends no mail.').waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
  });
});

describe('a second factor', () => {
  const dialog = (page: Page) => page.getByRole('dialog');

  async function confirm(page: Page, password: string, action: string): Promise<void> {
    await dialog(page).getByLabel('Password').fill(password);
    await dialog(page).getByRole('button', { name: action }).click();
  }

  it('is set up with an app, has backup codes that are shown once, and is switched off', async () => {
    const { page, person } = await openAccount('sam');
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
    await confirm(page, 'not the password', 'Continue');
    await dialog(page).getByText('The password is wrong.').waitFor();
    await confirm(page, person.password, 'Continue');
    await dialog(page)
      .getByRole('img', { name: /QR code/ })
      .waitFor();
    const secret = (await dialog(page).locator('code').textContent()) ?? '';
    await dialog(page).getByLabel('Code that the app shows').fill('000000');
    await dialog(page).getByRole('button', { name: 'Switch on' }).click();
    await dialog(page).getByText('This code is wrong.').waitFor();
    await dialog(page).getByLabel('Code that the app shows').fill(totp(secret));
    await dialog(page).getByRole('button', { name: 'Switch on' }).click();

    await dialog(page).getByText('They are not shown again.').waitFor();
    const codes = (await dialog(page).locator('code').textContent())?.split('\n') ?? [];
    expect(codes).toHaveLength(10);
    await dialog(page).getByRole('button', { name: 'Copy the backup codes' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(codes.join('\n'));
    await dialog(page).getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('On', { exact: true }).waitFor();
    expect((await signsIn(person.username, person.password)).json()).toHaveProperty('login_2fa_token');

    await page.getByRole('button', { name: 'New backup codes' }).click();
    await confirm(page, person.password, 'Make new ones');
    await dialog(page).getByText('They are not shown again.').waitFor();
    expect(await dialog(page).locator('code').textContent()).not.toBe(codes.join('\n'));
    await dialog(page).getByRole('button', { name: 'I have kept them' }).click();

    await page.getByRole('button', { name: 'Switch off' }).click();
    await confirm(page, person.password, 'Switch off');
    await page.getByText('The second factor is off.').waitFor();
    expect((await signsIn(person.username, person.password)).status).toBe(200);
  });

  it('that was begun and not finished locks nobody out', async () => {
    const { page, person } = await openAccount('sue');
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
    await confirm(page, person.password, 'Continue');
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Off', { exact: true }).waitFor();
    expect((await signsIn(person.username, person.password)).status).toBe(200);
  });
});

describe('a passkey', () => {
  /** A device of the browser that keeps passkeys and has checked its user (https://www.w3.org/TR/webauthn-3/#sctn-automation). */
  async function giveDevice(page: Page, { isUserVerified = true } = {}): Promise<void> {
    const debug = await page.context().newCDPSession(page);
    await debug.send('WebAuthn.enable');
    await debug.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified,
        automaticPresenceSimulation: true,
      },
    });
  }

  it('is added, signs in by itself, and is removed by its name', async () => {
    const { page, person } = await openAccount('kim');
    await giveDevice(page);
    await page.getByLabel('Name of the passkey').fill('Laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('The passkey is added.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Laptop' }).waitFor();

    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.waitForURL('**/console/sign-in');
    await page.goto('/console/sign-in?next=/console/account');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL('**/console/account');
    await page.getByRole('link', { name: person.username, exact: true }).waitFor();
    await page.getByText('Signed in by passkey').waitFor();

    await page.getByRole('button', { name: 'Remove Laptop' }).click();
    const remove = page.getByRole('dialog').getByRole('button', { name: 'Remove' });
    expect(await remove.isDisabled()).toBe(true);
    await page.getByLabel('Type Laptop to confirm').fill('Laptop');
    await remove.click();
    await page.getByText('You have no passkey yet.').waitFor();

    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('alert').getByText('The gate does not know this passkey.').waitFor();
  });

  it('is found by its name, where there are many', async () => {
    const { page } = await openAccount('kay');
    const names = ['Laptop', 'Phone', 'Tablet', 'Key on the key ring', 'Key in the safe', null];
    await page.route('**/api/auth/passkey/list-user-passkeys', (route) =>
      route.fulfill({ json: names.map((name, id) => ({ id: `${id}`, name, createdAt: new Date().toISOString() })) }),
    );
    await page.reload();
    const search = page.getByRole('searchbox', { name: 'Search passkeys' });
    // The search that a pause begins keeps the space, for another word to follow.
    await search.fill('KEY ');
    await page.getByText('3 of 6 passkeys').waitFor();
    await search.pressSequentially('on');
    await page.getByText('1 of 6 passkeys').waitFor();
    expect(await page.getByRole('button', { name: /^Remove / }).count()).toBe(1);
    await page.reload();
    await page.getByRole('button', { name: 'Remove Key on the key ring' }).waitFor();
    await page.getByText('1 of 6 passkeys').waitFor();
    await search.fill('watch');
    await page.getByText('No passkey is found').waitFor();
    await expectGoodLooks(page, 'account-no-passkey-found');
    await search.fill('');
    await page.getByText('6 passkeys', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /^Remove / }).count()).toBe(6);
    expect(new URL(page.url()).search).toBe('');
  });

  it('that there is none of is told', async () => {
    const page = await world.asNobody();
    await giveDevice(page);
    await page.goto('/console/sign-in');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('alert').getByText('No passkey was chosen').waitFor();
  });

  it('is not made by a device that does not check who uses it', async () => {
    const { page } = await openAccount('kit');
    await giveDevice(page, { isUserVerified: false });
    await page.getByLabel('Name of the passkey').fill('Laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('alert').getByText('No passkey was chosen').waitFor();
    await page.getByText('You have no passkey yet.').waitFor();
  });
});

describe('sessions', () => {
  it('are told of, and ended one by one', async () => {
    const { page, person } = await openAccount('lea');
    await page.getByText(/Chrome on Linux from .* – this one/).waitFor();
    expect(await page.getByRole('button', { name: /^End the session/ }).count()).toBe(1);
    await page.getByRole('button', { name: /^End the session/ }).click();
    await page.getByText(/^The session .* is ended\.$/).waitFor();
    expect((await world.hub.as(person, 'GET', '/v2/user')).status).toBe(401);
    expect(await page.getByRole('button', { name: /^End the session/ }).count()).toBe(0);
  });

  it('are found by what somebody signed in with, where there are many', async () => {
    const { page, person } = await openAccount('lin');
    await page.getByRole('button', { name: /^End the session/ }).waitFor();
    expect(await page.getByRole('searchbox').count(), 'of a list that one sees at once').toBe(0);
    for (let count = 0; count < 4; count += 1) await signsIn(person.username, person.password);
    await page.reload();
    await page.getByText('6 sessions', { exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('chrome');
    await page.waitForURL('**/console/account?sessions=chrome');
    await page.getByText('1 of 6 sessions').waitFor();
    await page.getByText(/Chrome on Linux from .* – this one/).waitFor();
    expect(await page.getByRole('button', { name: /^End the session/ }).count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('by passkey');
    await page.getByText('No session is found').waitFor();
    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('by PASSWORD');
    await page.getByText('6 of 6 sessions').waitFor();
    await expectGoodLooks(page, 'account-sessions-searched');
    expect(problemsOf(page)).toEqual([]);
  });

  it('that the gate did not end are back on the list, with the reason', async () => {
    const { page } = await openAccount('leo');
    await page.route('**/v2/user/sessions/*', (route) =>
      route.fulfill({ status: 500, json: { detail: 'The server failed. It is safe to try again.' } }),
    );
    await page.getByRole('button', { name: /^End the session/ }).click();
    await page.getByText('The server failed. It is safe to try again.').waitFor();
    await page.getByRole('button', { name: /^End the session/ }).waitFor();
  });

  it('are all ended at once', async () => {
    const { page, person } = await openAccount('liz');
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.waitForURL('**/console/sign-in');
    expect((await world.hub.as(person, 'GET', '/v2/user')).status).toBe(401);
    await page.goto('/console/account');
    await page.waitForURL('**/console/sign-in?next=**');
  });
});
