import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../server/test/hub-api/hub-world.ts';
import { type Claims, startIdentityProvider } from '../../server/test/sign-in/identity-provider.ts';
import { totp } from './totp.ts';
import { type ConsoleWorld, openConsole } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole({
    mail: true,
    settings: 'single_sign_on: { allow_private_addresses: true, allow_http: true }\n',
  });
});
afterAll(() => world?.close());

async function enterPassword(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('User name or e-mail address').fill(username);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const alert = (page: Page) => page.getByRole('alert').textContent();

describe('a password', () => {
  it.each([
    ['the user name', (person: Person) => person.username],
    ['the e-mail address', (person: Person) => person.email],
  ])('signs in with %s, and leads to the page that was asked for', async (_what, nameOf) => {
    const page = await world.asNobody();
    await page.goto('/console/o/acme/members?search=max');
    await page.waitForURL(/\/console\/sign-in\?next=/);
    const { member } = world.people;
    await enterPassword(page, nameOf(member), member.password);
    await page.waitForURL('**/console/o/acme/members?search=max');
    await page.getByRole('link', { name: member.username, exact: true }).waitFor();
  });

  it('that is wrong is told to be wrong, and can be tried again', async () => {
    const page = await world.asNobody();
    await page.goto('/console/sign-in');
    const { username, password } = world.people.member;
    await enterPassword(page, username, 'not the password');
    expect(await alert(page)).toBe('The user name or the password is wrong.');
    await enterPassword(page, username, password);
    await page.waitForURL('**/console/o/acme/image-access');
  });

  it.each(['https://evil.example/', '//evil.example/', '/console.evil.example', 'javascript:alert(1)'])(
    'leads to no other place, though the address says %s',
    async (next) => {
      const page = await world.asNobody();
      await page.goto(`/console/sign-in?next=${encodeURIComponent(next)}`);
      await enterPassword(page, world.people.member.username, world.people.member.password);
      await page.waitForURL(`${world.url}/console/o/acme/image-access`);
    },
  );

  it('is asked for again when the session has ended, and leads back to the page that one was on', async () => {
    const { username, password } = world.people.editor;
    const page = await world.asNobody();
    await page.goto('/console/o/acme/members');
    await enterPassword(page, username, password);
    await page.getByRole('grid', { name: 'Members' }).waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Teams' }).click();
    await page.getByText('Your session has ended. Sign in again to go on where you were.').waitFor();
    await enterPassword(page, username, password);
    await page.waitForURL('**/console/o/acme/teams');
    await page.getByRole('link', { name: 'platform' }).waitFor();
  });

  it('that was forgotten is replaced by the link of a letter, once', async () => {
    const person = await world.hub.addPerson('fay');
    const page = await world.asNobody();
    await page.goto('/console/sign-in');
    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await page.getByRole('textbox', { name: 'E-mail address', exact: true }).fill(person.email);
    await page.getByRole('button', { name: 'Send me a link' }).click();
    expect(await alert(page)).toContain(person.email);
    const link = await expect
      .poll(() => linkFor(person.email))
      .toBeDefined()
      .then(() => linkFor(person.email) ?? '');

    await page.goto(link);
    await page.getByLabel('New password').fill('short');
    await page.getByRole('button', { name: 'Set password' }).click();
    expect(await alert(page)).toBe('A password has at least 10 characters.');
    await page.getByLabel('New password').fill('an altogether new password');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByText('Your password is set').waitFor();
    expect(page.url()).toBe(`${world.url}/console/reset-password`);
    expect((await world.hub.as(person, 'GET', '/v2/user')).status).toBe(401);

    await page.getByRole('link', { name: 'Sign in' }).click();
    await enterPassword(page, person.username, 'an altogether new password');
    await page.waitForURL('**/console/o/acme/image-access');

    const late = await world.asNobody();
    await late.goto(link);
    await late.getByLabel('New password').fill('another new password');
    await late.getByRole('button', { name: 'Set password' }).click();
    expect(await alert(late)).toContain('This link was used');
    await late.getByRole('button', { name: 'Ask for a new letter' }).click();
    await late.getByRole('button', { name: 'Send me a link' }).waitFor();
  });

  it('is asked for by a letter to whoever, without telling who exists', async () => {
    const page = await world.asNobody();
    await page.goto('/console/reset-password');
    await page.getByRole('textbox', { name: 'E-mail address', exact: true }).fill('nobody@acme.example');
    await page.getByRole('button', { name: 'Send me a link' }).click();
    expect(await alert(page)).toContain('If somebody here has the address nobody@acme.example');
  });
});

/** In the newest letter to an address; lines of letters may be folded (RFC 2045 section 6.7). */
function linkFor(email: string): string | undefined {
  const letters = world.hub.mail?.letters.filter((letter) => letter.includes(email)) ?? [];
  const text =
    letters
      .at(-1)
      ?.replaceAll(/=\r?\n/g, '')
      .replaceAll('=3D', '=') ?? '';
  return /http\S+reset-password#[\w-]+/.exec(text)?.[0];
}

describe('a second factor', () => {
  /** Switched on as the account's page does. */
  async function withSecondFactor(username: string) {
    const person = await world.hub.addPerson(username);
    const { password } = person;
    type Enabled = { totpURI: string; backupCodes: readonly string[] };
    const cookie = await world.hub.browserCookie(person);
    const { body } = await world.hub.browser<Enabled>(cookie, '/two-factor/enable', { password });
    const secret = new URL(body.totpURI).searchParams.get('secret') ?? '';
    await world.hub.browser(cookie, '/two-factor/verify-totp', { code: totp(secret) });
    return { person, secret, backupCodes: body.backupCodes };
  }

  it('is asked for after the password: a wrong code is told, the right one lets in', async () => {
    const { person, secret } = await withSecondFactor('tess');
    const page = await world.asNobody();
    await page.goto('/console/sign-in');
    await enterPassword(page, person.username, person.password);
    await page.getByLabel('Code').fill('not-a-code');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await alert(page)).toContain('none of your backup codes');
    await page.getByLabel('Code').fill(totp(secret));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/console/o/acme/image-access');
  });

  it('is replaced by a backup code', async () => {
    const { person, backupCodes } = await withSecondFactor('tim');
    const page = await world.asNobody();
    await page.goto('/console/sign-in');
    await enterPassword(page, person.username, person.password);
    await page.getByLabel('Code').fill(backupCodes[0] ?? '');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/console/o/acme/image-access');
  });

  it('can be turned back from', async () => {
    const { person } = await withSecondFactor('tom');
    const page = await world.asNobody();
    await page.goto('/console/sign-in');
    await enterPassword(page, person.username, person.password);
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
    await enterPassword(page, world.people.member.username, world.people.member.password);
    await page.waitForURL('**/console/o/acme/image-access');
  });
});

describe('single sign-on', () => {
  /** Acme’s people of `staff.example` sign in at a provider, which says what is given of whoever comes. */
  async function connect(claims: Claims): Promise<Page> {
    const provider = await startIdentityProvider();
    const { issuer, clientId, clientSecret } = provider;
    await world.hub.proveDomain('acme', 'staff.example');
    const path = '/v2/orgs/acme/sso/connections';
    type Listed = { results: { id: string }[] };
    for (const { id } of (await world.hub.must<Listed>(world.people.owner, 'GET', path)).results) {
      await world.hub.must(world.people.owner, 'DELETE', `${path}/${id}`);
    }
    await world.hub.must(world.people.owner, 'POST', path, {
      name: 'Staff',
      domains: ['staff.example'],
      protocol: 'oidc',
      oidc: { issuer, client_id: clientId, client_secret: clientSecret },
    });
    const page = await world.asNobody();
    await page.route(`${issuer}/authorize?**`, (route) => {
      const location = provider.authorize(route.request().url(), claims);
      return route.fulfill({ status: 302, headers: { location } });
    });
    return page;
  }

  async function enterAddress(page: Page, address: string): Promise<void> {
    await page.getByLabel('E-mail address at work').fill(address);
    await page.getByRole('button', { name: 'Single sign-on' }).click();
  }

  it('goes to the provider of the address’ domain and comes back signed in, which the account tells', async () => {
    const page = await connect({ sub: 'c-1', email: 'carol@staff.example', name: 'Carol' });
    await page.goto('/console/sign-in?next=/console/account');
    await enterAddress(page, 'carol@staff.example');
    await page.waitForURL('**/console/account');
    await page.getByText('Linked with the identity provider of your organization').waitFor();
    await page.getByText('You have no password here').waitFor();
    await page.getByText('Signed in by single sign-on').waitFor();
  });

  it('that the provider may not be used for comes back to the sign-in page, which says why', async () => {
    const page = await connect({ sub: 'c-2', email: 'eve@elsewhere.example' });
    await page.goto('/console/sign-in');
    await enterAddress(page, 'eve@staff.example');
    await page.waitForURL('**/console/sign-in?error=WRONG_DOMAIN**');
    expect(await alert(page)).toContain('may not speak for this e-mail address');
  });

  it('that there is none of is told', async () => {
    const page = await world.asNobody();
    await page.goto('/console/sign-in');
    await enterAddress(page, 'somebody@nowhere.example');
    expect(await alert(page)).toBe('No organization signs in with single sign-on for this address.');
  });

  it('repeats nothing that somebody wrote into the address', async () => {
    const page = await world.asNobody();
    await page.goto('/console/sign-in?error=Call+0800+123+456&error_description=Call+0800');
    expect(await alert(page)).toContain('Single sign-on did not work.');
    expect(await page.locator('body').textContent()).not.toContain('0800');
  });
});
