import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findings } from './accessibility.ts';
import { type ConsoleWorld, openConsole, type Role } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const params = { org: 'acme' };

async function open(role: Role, team = ''): Promise<Page> {
  const page = await world.as(role);
  await page.goto(`/console/o/acme/teams${team}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

async function teams(): Promise<readonly string[]> {
  return (await world.api('owner').listGroups({ params })).results.map(({ name }) => name);
}

async function membersOf(team: string): Promise<readonly string[]> {
  const { results } = await world.api('owner').listGroupMembers({ params: { ...params, team } });
  return results.map(({ username }) => username);
}

describe('the list of teams', () => {
  it('is searched by the server, and the address keeps it', async () => {
    const page = await open('owner');
    await page.getByRole('row', { name: /platform 2 Member Runs the clusters/ }).waitFor();
    await page.getByLabel('Search teams').fill('front');
    await page.getByText('1–1 of 1').waitFor();
    await page.waitForURL(/teams\?search=front$/);
    await page.reload();
    await page.getByText('1–1 of 1').waitFor();
    await page.getByLabel('Search teams').fill('no-such-team');
    await page.getByText('No team is found').waitFor();
    expect(await findings(page)).toEqual([]);
  });

  it('is where an owner creates one, under a name that the server takes', async () => {
    const page = await open('owner');
    await page.getByRole('button', { name: 'Create a team' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a team of acme' });
    await dialog.getByLabel('Name').fill('frontend');
    await dialog.getByLabel('Description').fill('Builds what is behind');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText('acme has a team named frontend already. Choose another name.').first().waitFor();
    await dialog.getByLabel('Name').fill('x');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText('A team is named by 3 to 30 letters, digits, hyphens and underscores.').first().waitFor();
    await dialog.getByLabel('Name').fill('backend');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'backend' }).waitFor();
    await page.getByText('Nobody is in this team').waitFor();
    const created = await world.api('owner').getGroup({ params: { ...params, team: 'backend' } });
    expect(created).toMatchObject({ description: 'Builds what is behind', role: 'member', member_count: 0 });
  });
});

describe('a team', () => {
  beforeEach(async () => {
    const api = world.api('owner');
    if ((await teams()).includes('design')) await api.deleteGroup({ params: { ...params, team: 'design' } });
    await api.createGroup({ params, body: { name: 'design', description: 'Draws' } });
    await api.addGroupMember({ params: { ...params, team: 'design' }, body: { member: 'max' } });
  });

  it('gets members who are searched for, and gives them back by undoing it', async () => {
    const page = await open('owner', '/design');
    await page.getByLabel('Member of acme').fill('eri');
    await page.getByRole('option', { name: /erik/ }).click();
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('erik is in design now.').waitFor();
    await page.getByRole('button', { name: 'Remove erik from the team' }).waitFor();
    expect(await membersOf('design')).toEqual(['erik', 'max']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('erik is no longer in design.').waitFor();
    expect(await membersOf('design')).toEqual(['max']);
  });

  it('loses a member at once, and gets them back by undoing it', async () => {
    const page = await open('owner', '/design');
    await page.getByRole('button', { name: 'Remove max from the team' }).click();
    await page.getByText('max is no longer in design.').waitFor();
    await page.getByText('Nobody is in this team').waitFor();
    expect(await membersOf('design')).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Remove max from the team' }).waitFor();
    expect(await membersOf('design')).toEqual(['max']);
  });

  it('shows a member again whom the server keeps, with its reason', async () => {
    const page = await open('owner', '/design');
    await page.getByRole('button', { name: 'Remove max from the team' }).waitFor();
    await page.route('**/v2/orgs/acme/groups/design/members/max', (route) =>
      route.fulfill({ status: 409, json: { detail: 'Not on a Monday.' } }),
    );
    await page.getByRole('button', { name: 'Remove max from the team' }).click();
    await page.getByText('Not on a Monday.').waitFor();
    await page.getByRole('button', { name: 'Remove max from the team' }).waitFor();
  });

  it('is renamed and described, and gives its members a role', async () => {
    const page = await open('owner', '/design');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit design' });
    await dialog.getByLabel('Name').fill('artwork');
    await dialog.getByLabel('Description').fill('Draws and paints');
    await dialog.getByLabel('Role').click();
    await page.getByRole('option', { name: 'editor' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'artwork' }).waitFor();
    await page.waitForURL(/\/teams\/artwork$/);
    await page.getByText('Its members have at least the role editor.').waitFor();
    const changed = await world.api('owner').getGroup({ params: { ...params, team: 'artwork' } });
    expect(changed).toMatchObject({ description: 'Draws and paints', role: 'editor', member_count: 1 });
    await world.api('owner').deleteGroup({ params: { ...params, team: 'artwork' } });
  });

  it('is deleted by typing its name', async () => {
    const page = await open('owner', '/design');
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete the team design?' });
    expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Type design to confirm').fill('design');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('The team design is deleted.').waitFor();
    await page.waitForURL(/\/teams$/);
    expect(await teams()).not.toContain('design');
  });

  it('is searched, and the address keeps it', async () => {
    await world.api('owner').addGroupMember({ params: { ...params, team: 'design' }, body: { member: 'erik' } });
    const page = await open('owner', '/design?search=eri');
    await page.getByText('1–1 of 1').waitFor();
    await page.getByLabel('Search the team').fill('nobody');
    await page.getByText('Nobody in this team fits the search.').waitFor();
    await page.waitForURL(/search=nobody/);
  });

  it('tells an owner which groups of single sign-on it follows', async () => {
    const page = await world.as('owner');
    const mapping = { name: 'Okta', group_mappings: [{ group: 'Designers', team: 'design' }] };
    await page.route('**/v2/orgs/acme/sso/connections', (route) => route.fulfill({ json: { results: [mapping] } }));
    await page.goto('/console/o/acme/teams/design');
    await page.getByText('Designers of Okta').waitFor();
  });

  it('is read-only for everybody else', async () => {
    for (const role of ['editor', 'member'] as const) {
      const page = await open(role, '/design');
      await page.getByRole('row', { name: /max/ }).waitFor();
      await page.getByText('Owners of the organization change it.').waitFor();
      for (const name of ['Edit', 'Delete', 'Add', 'Remove']) {
        expect(await page.getByRole('button', { name }).count()).toBe(0);
      }
      expect(await page.getByText('@acme.example').count()).toBe(0);
      await page.getByRole('link', { name: 'teams of acme' }).click();
      await page.getByRole('row', { name: /design/ }).waitFor();
      expect(await page.getByRole('button', { name: 'Create a team' }).count()).toBe(0);
    }
  });

  it('that does not exist is told as that', async () => {
    const page = await world.as('owner');
    await page.goto('/console/o/acme/teams/no-such-team');
    await page.getByText('The team "no-such-team" was not found in acme.').waitFor();
  });
});

describe('the team of the owners', () => {
  it('stays, and is left only by giving up the role', async () => {
    const page = await open('owner', '/owners');
    await page.getByText('Its members are the owners of the organization.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Remove olivia from the team' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make olivia a plain member' }).click();
    await page.getByText('olivia is the last owner of acme. Make somebody else an owner first.').waitFor();
    await page.getByRole('button', { name: 'Remove olivia from the team' }).waitFor();
    expect(await membersOf('owners')).toEqual(['olivia']);
  });

  it('can be described, under the name and role that it has', async () => {
    const page = await open('owner', '/owners');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit owners' });
    expect(await dialog.getByLabel('Name').isDisabled()).toBe(true);
    await dialog.getByLabel('Description').fill('Ask them');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The team owners is saved.').waitFor();
    await page.getByText('Ask them', { exact: true }).waitFor();
  });
});
