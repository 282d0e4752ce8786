import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { problemsOf } from './browser.ts';
import { type ConsoleWorld, openConsole, type Role } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const params = { org: 'acme' };
const inForce = async () => (await world.api('owner').getSignInEnforcement({ params })).enforce;

beforeEach(async () => {
  await world.api('owner').setSignInEnforcement({ params, body: { enforce: true } });
});

async function open(role: Role): Promise<Page> {
  const page = await world.as(role);
  await page.goto('/console/o/acme/sign-in');
  await page.getByRole('heading', { name: 'Enforce sign-in', level: 1 }).waitFor();
  return page;
}

it('an owner lets people pull without signing in, and takes it back', async () => {
  const page = await open('owner');
  await page.getByRole('switch', { name: 'On: nobody pulls without signing in' }).click();
  await page.getByText('acme no longer enforces sign-in.').waitFor();
  expect(await inForce()).toBe(false);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Sign-in is enforced again.').waitFor();
  expect(await inForce()).toBe(true);
});

it('an owner sees it as it was when the server refuses', async () => {
  const page = await open('owner');
  await page.route('**/v2/orgs/acme/sign-in', (route) =>
    route.request().method() === 'PUT'
      ? route.fulfill({ status: 403, json: { detail: 'Sign in again to change this.' } })
      : route.fallback(),
  );
  await page.getByRole('switch').click();
  await page.getByText('Sign in again to change this.').waitFor();
  await page.getByRole('switch', { name: /^On:/ }).waitFor();
});

it.each([
  ['docker-desktop-sign-in.reg', '"allowedOrgs"=hex(7):61,00,63,00,6d,00,65,00,00,00,00,00\r\n'],
  ['docker-desktop-sign-in.mobileconfig', '<string>acme</string>\n    </dict>'],
  ['desktop.plist', '<array>\n    <string>acme</string>'],
  ['registry.json', '"allowedOrgs": [\n    "acme"\n  ]'],
])('%s is downloaded for the organization', async (name, part) => {
  const page = await open('owner');
  expect(await download(page, name)).toContain(part);
  expect(problemsOf(page)).toEqual([]);
});

it('the files are for the organizations that are named', async () => {
  const page = await open('owner');
  await page.getByLabel('Organizations at Docker').fill('Acme-Dev, globex');
  expect(JSON.parse(await download(page, 'registry.json'))).toEqual({ allowedOrgs: ['acme-dev', 'globex'] });
});

it('no file is offered for what is no name', async () => {
  const page = await open('owner');
  await page.getByLabel('Organizations at Docker').fill('</string>');
  await page.getByText('is no name of an organization').waitFor();
  expect(await page.getByRole('button', { name: /^Download/ }).count()).toBe(0);
});

async function download(page: Page, name: string): Promise<string> {
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: `Download ${name}`, exact: true }).click();
  const file = await started;
  expect(file.suggestedFilename()).toBe(name);
  return readFile(await file.path(), 'utf8');
}

it('a member sees the setting and changes nothing', async () => {
  const page = await open('member');
  await page.getByText('Owners of the organization change the setting').waitFor();
  expect(await page.getByRole('switch', { name: 'On: nobody pulls without signing in' }).isDisabled()).toBe(true);
});
