import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from './browser.ts';
import { type ConsoleWorld, openConsole } from './world.ts';

/** A busy machine takes its time to show a page. */
const patient = { timeout: 15_000 };

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const list = '/console?all=true';

it('who is in one organization is led into it, and finds the list in the switch of organizations', async () => {
  const page = await world.as('member');
  await page.goto('/console');
  await page.waitForURL(/\/o\/acme\/image-access$/);
  await page.getByRole('combobox', { name: 'Organization' }).click();
  await page.getByRole('option', { name: 'All organizations' }).click();
  await page.waitForURL(/\/console\?all=true$/);
  await page.getByRole('list', { name: 'Organizations' }).getByRole('listitem').first().waitFor();
  const entries = await page.getByRole('list', { name: 'Organizations' }).getByRole('listitem').allTextContents();
  expect(entries).toHaveLength(1);
  expect(entries[0]).toContain('acme · Member');
  expect(await page.getByRole('button', { name: 'Create' }).count()).toBe(0);
  expect(problemsOf(page)).toEqual([]);
});

describe('an administrator of the installation', () => {
  it('creates an organization, owns it and is led into it', async () => {
    const page = await world.as('owner');
    await page.goto(list);
    await page.getByRole('textbox', { name: 'Name', exact: false }).first().fill('shop');
    await page.getByLabel('Full name').fill('The Shop');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.waitForURL(/\/o\/shop\/overview$/);
    const { full_name } = await world.api('owner').getOrganization({ params: { org: 'shop' } });
    expect(full_name).toBe('The Shop');
    const { results } = await world.api('owner').listMembers({ params: { org: 'shop' } });
    expect(results.map(({ username, role }) => [username, role])).toEqual([['olivia', 'Owner']]);
    expect(problemsOf(page)).toEqual([]);
  });

  it('creates one for somebody else, and stays outside', async () => {
    const page = await world.as('owner');
    await page.goto(list);
    await page.getByRole('textbox', { name: 'Name', exact: false }).first().fill('lab');
    await page.getByLabel('First owner').fill('erik');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('lab is created. erik owns it').waitFor();
    const own = await world.api('editor').listOwnOrganizations();
    expect(own.results.map(({ orgname, user_role }) => [orgname, user_role])).toContainEqual(['lab', 'Owner']);
    const entries = await page.getByRole('list', { name: 'Organizations' }).getByRole('listitem').allTextContents();
    expect(entries.join()).not.toContain('lab');
  });

  it.each([
    ['a name that is taken', 'acme', '', 'The name acme is taken. Choose another one.'],
    ['an owner who has no account', 'elsewhere', 'nobody', 'nobody'],
  ])('is told of %s', async (_what, name, owner, told) => {
    const page = await world.as('owner');
    await page.goto(list);
    await page.getByRole('textbox', { name: 'Name', exact: false }).first().fill(name);
    await page.getByLabel('First owner').fill(owner);
    await page.getByRole('button', { name: 'Create' }).click();
    const alert = page.getByRole('alert');
    await expect.poll(() => alert.allTextContents(), patient).toEqual([expect.stringContaining(told)]);
  });
});

it('somebody in more organizations than one answer holds sees and enters all of them', async () => {
  await world.api('owner').createOrganization({ body: { orgname: 'zulu', full_name: 'The Last' } });
  const page = await world.as('owner');
  // Of one each, so that two organizations do for a hundred.
  await page.route('**/v2/user/orgs?*', (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set('page_size', '1');
    return route.continue({ url: url.href });
  });
  await page.goto('/console');
  const entries = page.getByRole('list', { name: 'Organizations' }).getByRole('listitem');
  await entries.filter({ hasText: 'The Last' }).waitFor();
  expect(await entries.count()).toBe((await world.api('owner').listOwnOrganizations()).count);
  await page.goto('/console/o/zulu/members');
  await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor();
  expect(problemsOf(page)).toEqual([]);
});

it('somebody in many organizations searches them by name and full name', async () => {
  for (const name of ['alpha', 'beta', 'gamma', 'delta']) {
    await world.api('owner').createOrganization({ body: { orgname: name, full_name: `Company ${name}` } });
  }
  const page = await world.as('owner');
  await page.goto('/console');
  await page.getByLabel('Search organizations').fill('company GAM');
  const entries = page.getByRole('list', { name: 'Organizations' }).getByRole('listitem');
  await expect.poll(() => entries.allTextContents(), patient).toEqual([expect.stringContaining('Company gamma')]);
  await entries.getByRole('link').click();
  await page.waitForURL(/\/o\/gamma\/overview$/);
  await page.goto('/console');
  await page.getByLabel('Search organizations').fill('nowhere');
  await page.getByText('No organization is found').waitFor();
  await page.reload();
  await page.getByText('No organization is found').waitFor();
});
