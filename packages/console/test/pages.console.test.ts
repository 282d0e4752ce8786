import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings, settle } from './accessibility.ts';
import { problemsOf } from './browser.ts';
import { expectGoodLooks } from './looks.ts';
import { type ListedPage, openPages, organizationsPage, signedInPages } from './page-list.ts';
import { type ConsoleWorld, openConsole } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

describe('every page', () => {
  it('is in the list', () => {
    const router = readFileSync(join(import.meta.dirname, '..', 'src', 'app', 'router.tsx'), 'utf8');
    const listed = [...signedInPages, ...openPages, organizationsPage].map(({ route }) => route);
    const declared = [...router.matchAll(/^ {2}path: '([^']+)'/gm)].map(([, path = '']) => path);
    expect(declared.length).toBeGreaterThan(15);
    const missing = declared.filter(
      (path) => !listed.some((route) => route === path || route.endsWith(`$org/${path}`)),
    );
    // What leads to another page, and what is around others.
    expect(missing).toEqual(['/console/o/$org', '/']);
  });

  it.each(signedInPages)('looks right to an owner: $name', async (listed) => {
    const page = await world.as('owner');
    await open(page, listed);
    expect(unexpectedProblems(page, listed)).toEqual([]);
    await expectGoodLooks(page, `owner-${listed.name}`);
  });

  it.each(signedInPages)('looks right to a member: $name', async (listed) => {
    const page = await world.as('member');
    await open(page, listed);
    expect(unexpectedProblems(page, listed)).toEqual([]);
    await expectGoodLooks(page, `member-${listed.name}`);
  });

  it.each(signedInPages)('works for an editor: $name', async (listed) => {
    const page = await world.as('editor', { theme: 'dark' });
    await open(page, listed);
    expect(unexpectedProblems(page, listed)).toEqual([]);
    expect(await findings(page)).toEqual([]);
  });

  it.each(openPages)('looks right to whoever is not signed in: $name', async (listed) => {
    const page = await world.asNobody();
    await open(page, listed);
    expect(unexpectedProblems(page, listed)).toEqual([]);
    await expectGoodLooks(page, `nobody-${listed.name}`);
  });

  it('looks right to somebody in two organizations: organizations', async () => {
    await world.api('owner').createOrganization({ body: { orgname: 'northwind', full_name: 'Northwind Traders' } });
    const page = await world.as('owner');
    await open(page, organizationsPage);
    expect(unexpectedProblems(page, organizationsPage)).toEqual([]);
    await expectGoodLooks(page, 'owner-organizations');
  });
});

describe('a page that there is not', () => {
  it('tells so, and leads to those that there are', async () => {
    const page = await world.as('member');
    await page.goto('/console/o/acme/nonsense');
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Go to your organizations' }).click();
    await page.waitForURL('**/console/o/acme/image-access');
  });
});

describe('a page that could not be loaded', () => {
  it('says why, and is there once one tries again', async () => {
    const page = await world.as('owner');
    await page.goto('/console/o/acme/members');
    await page.getByRole('grid', { name: 'Members' }).waitFor();
    await page.route('**/v2/orgs/acme/namespaces*', (route) =>
      route.fulfill({ status: 400, json: { detail: 'Not now.' } }),
    );
    await page.getByRole('link', { name: 'Namespaces' }).click();
    await page.getByRole('alert').getByText('Not now.').waitFor();
    await page.unroute('**/v2/orgs/acme/namespaces*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Namespaces' }).waitFor();
  });
});

async function open(page: Page, { address }: ListedPage): Promise<void> {
  const answer = await page.goto(await address(world));
  expect(answer?.status()).toBe(200);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await settle(page);
}

/** What went wrong, but for the refusals that a page is about. */
function unexpectedProblems(page: Page, { name }: ListedPage): readonly string[] {
  const expected = [
    ...(name === 'decision-unknown' ? [/status of 404 .*\/v2\/decisions\//] : []),
    // Whether somebody is signed in already.
    ...(name === 'invitation' ? [/status of 401 .*\/v2\/user/] : []),
  ];
  return problemsOf(page).filter((problem) => !expected.some((one) => one.test(problem)));
}
