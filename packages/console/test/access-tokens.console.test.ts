import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from './accessibility.ts';
import { type ConsoleWorld, openConsole } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const address = '/console/o/acme/access-tokens';

describe('one’s own tokens', () => {
  it('are created, shown once with the command to use them, switched off and on again, and deleted by name', async () => {
    const page = await world.as('member');
    await page.goto(address);
    await page.getByRole('button', { name: 'Create access token' }).click();
    await page.getByLabel('Label').fill('Laptop');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It is not shown again.').waitFor();
    const [token = '', command] = await dialog.locator('code').allTextContents();
    expect(command).toBe(`docker login -u max ${world.hub.host}`);
    expect(await world.hub.exchange('max', token)).toBeTypeOf('string');
    await dialog.getByRole('button', { name: 'I have copied the token' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.content()).not.toContain(token);

    await page.getByRole('button', { name: 'Deactivate Laptop' }).click();
    await page.getByText('Laptop is off. It stopped working.').waitFor();
    await expect(world.hub.exchange('max', token)).rejects.toThrow('401');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Laptop works again.').waitFor();

    await page.getByRole('button', { name: 'Delete Laptop' }).click();
    const remove = dialog.getByRole('button', { name: 'Delete' });
    expect(await remove.isDisabled()).toBe(true);
    await page.getByLabel('Type Laptop to confirm').fill('Laptop');
    await remove.click();
    await page.getByText('Laptop is deleted. It stopped working.').waitFor();
    await expect(world.hub.exchange('max', token)).rejects.toThrow('401');
  });

  it('are searched by their label, in the address', async () => {
    for (const label of ['Laptop at home', 'Laptop at work', 'Build server', 'Old build server', 'Phone']) {
      await world.api('editor').createPersonalToken({ body: { token_label: label, scopes: ['repo:read'] } });
    }
    const page = await world.as('editor');
    await page.goto(address);
    await page.getByRole('button', { name: 'Delete Phone' }).waitFor();
    expect(await page.getByRole('searchbox').count(), 'of a list that one sees at once').toBe(0);
    await world.api('editor').createPersonalToken({ body: { token_label: 'Tablet', scopes: ['repo:read'] } });
    await page.reload();
    await page.getByRole('searchbox', { name: 'Search label' }).fill('BUILD');
    await page.getByRole('button', { name: 'Delete Phone' }).waitFor({ state: 'detached' });
    const shown = async () => (await page.getByRole('button', { name: /^Delete / }).all()).length;
    expect(await shown()).toBe(2);
    await page.reload();
    await page.getByRole('button', { name: 'Delete Old build server' }).waitFor();
    expect(await shown()).toBe(2);
    await page.getByRole('searchbox').fill('nothing');
    await page.getByText('No token is found').waitFor();
  });

  it('are all that a member sees; the tab of owners is refused in words', async () => {
    const page = await world.as('member');
    await page.goto(`${address}?tab=organization`);
    await page.getByText('Only owners of acme may do this.').waitFor();
    expect(await page.getByRole('tab').count()).toBe(0);
  });
});

describe('an owner', () => {
  it('is told that organization access tokens pull nothing while management is on, and creates one for the API', async () => {
    const page = await world.as('owner');
    await page.goto(`${address}?tab=organization`);
    await page.getByText('Image Access Management is on, so these tokens pull nothing').waitFor();
    await page.getByRole('button', { name: 'Create organization access token' }).click();
    await page.getByLabel('Label').fill('Build server');
    await page.getByLabel('Repositories to pull from').fill('acme/*');
    await page.getByLabel('Read teams').check();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('Build server is created').waitFor();
    const params = { org: 'acme' };
    const { results } = await world.api('owner').listOrganizationTokens({ params });
    const id = results.find(({ label }) => label === 'Build server')?.id ?? '';
    const { resources } = await world.api('owner').getOrganizationToken({ params: { ...params, id } });
    expect(resources).toEqual([
      { type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-pull'] },
      { type: 'TYPE_ORG', path: 'acme', scopes: ['scope-group-read'] },
    ]);
  });

  it('finds organization access tokens by label and description', async () => {
    for (const label of ['one', 'two', 'three', 'four', 'five', 'six']) {
      const resources = [{ type: 'TYPE_REPO' as const, path: 'acme/*', scopes: ['scope-image-pull'] }];
      const body = { label, description: `Cluster ${label.length}`, resources, expires_at: null };
      await world.api('owner').createOrganizationToken({ params: { org: 'acme' }, body });
    }
    const page = await world.as('owner');
    await page.goto(`${address}?tab=organization`);
    await page.getByRole('searchbox', { name: 'Search label or description' }).fill('cluster 4');
    await page.getByRole('button', { name: 'Delete one' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Delete four' }).waitFor();
    await page.getByRole('button', { name: 'Delete five' }).waitFor();
  });

  it('finds what a token opens, where that is much', async () => {
    const resources = ['web', 'api', 'jobs', 'cron', 'mail', 'search'].map((name) => ({
      type: 'TYPE_REPO' as const,
      path: `acme/${name}`,
      scopes: ['scope-image-pull'],
    }));
    const body = { label: 'wide', description: '', resources, expires_at: null };
    await world.api('owner').createOrganizationToken({ params: { org: 'acme' }, body });
    const page = await world.as('owner');
    await page.goto(`${address}?tab=organization`);
    await page.getByRole('button', { name: 'Details of wide' }).click();
    const dialog = page.getByRole('dialog', { name: 'wide' });
    await dialog.getByRole('searchbox', { name: 'Search what it opens' }).fill('MAIL');
    await expect
      .poll(() => dialog.getByRole('listitem').allTextContents())
      .toEqual([expect.stringMatching(/^acme\/mail/)]);
    expect(await findings(page)).toEqual([]);
  });

  it('finds tokens of members by an address, and revokes one', async () => {
    const page = await world.as('owner');
    await page.goto(`${address}?tab=members&search=max`);
    await page.getByRole('button', { name: 'Revoke with repo:read' }).click();
    await page.getByLabel('Type with repo:read to confirm').fill('with repo:read');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('with repo:read is revoked.').waitFor();
    await expect(world.hub.exchange('max', world.token.secret)).rejects.toThrow('401');
  });

  it('shows one’s own where an address asks for what there is not', async () => {
    const page = await world.as('owner');
    await page.goto(`${address}?tab=everybody&page=x`);
    await page.getByRole('tab', { name: 'Mine', selected: true }).waitFor();
    await page.getByRole('heading', { name: 'Your personal access tokens' }).waitFor();
  });

  it('limits how long tokens live, which is undone with one click', async () => {
    const page = await world.as('owner');
    await page.goto(`${address}?tab=rules`);
    await page.getByLabel('Longest life of a token, in days').fill('45');
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('The rules are in force.').waitFor();
    const rules = () => world.api('member').getTokenRules({ params: { org: 'acme' } });
    expect(await rules()).toMatchObject({ maximum_days: 45 });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The rules from before are in force again.').waitFor();
    expect(await rules()).toMatchObject({ maximum_days: null });
  });
});
