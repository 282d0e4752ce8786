import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findings } from './accessibility.ts';
import { addCrowd } from './crowd.ts';
import { type ConsoleWorld, openConsole, type Role } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const params = { org: 'acme' };

async function open(role: Role, search = ''): Promise<Page> {
  const page = await world.as(role);
  await page.goto(`/console/o/acme/members${search}`);
  await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor();
  return page;
}

/** The line of the grid about somebody. */
const rowOf = (page: Page, username: string) =>
  page.getByRole('row').filter({ has: page.getByRole('gridcell', { name: username, exact: true }).first() });

async function choose(page: Page, username: string, action: string): Promise<void> {
  await rowOf(page, username).getByRole('button').click();
  await page.getByRole('menuitem', { name: action }).click();
}

async function roleOf(username: string): Promise<string | undefined> {
  const { results } = await world.api('owner').listMembers({ params, query: { search: username } });
  return results.find((member) => member.username === username)?.role;
}

async function pending(): Promise<readonly string[]> {
  return (await world.api('owner').listInvites({ params })).data.map(({ invitee }) => invitee).sort();
}

describe('the list of members', () => {
  it('tells an owner where people come from and when they were seen, and everything in the details', async () => {
    const page = await open('owner');
    await rowOf(page, 'erik').getByText('Editor').click();
    const details = page.getByRole('dialog', { name: 'erik' });
    expect(await details.textContent()).toMatch(/platform[\s\S]*erik@acme\.example[\s\S]*This gate[\s\S]*Last seen/);
    expect(await findings(page)).toEqual([]);
    await details.getByRole('link', { name: 'platform' }).click();
    await page.getByRole('heading', { level: 1, name: 'platform' }).waitFor();
  });

  it('is searched and filtered by the server, and the address keeps it', async () => {
    const page = await open('owner');
    await page.getByLabel('Search names and e-mail addresses').fill('acme.example');
    await page.getByLabel('Role').click();
    await page.getByRole('option', { name: 'Editor' }).click();
    await page.getByText('1–1 of 1').waitFor();
    await page.waitForURL(/members\?(?=.*search=acme\.example)(?=.*role=editor)/);
    await page.reload();
    await rowOf(page, 'erik').waitFor();
    await page.getByText('1–1 of 1').waitFor();
    await page.getByLabel('Search names and e-mail addresses').fill('nobody-is-called-this');
    await page.getByText('Nobody is found').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await rowOf(page, 'max').waitFor();
  });

  it('is read-only for everybody else, who see no addresses, invitations or actions', async () => {
    for (const role of ['editor', 'member'] as const) {
      const page = await open(role, '?show=invitations');
      await rowOf(page, 'olivia').waitFor();
      await page.getByText('Owners of the organization change it.').waitFor();
      expect(await page.getByText('@acme.example').count()).toBe(0);
      for (const name of ['Invite', 'Export as CSV', 'more']) {
        expect(await page.getByRole('button', { name }).count()).toBe(0);
      }
      expect(await page.getByRole('tab').count()).toBe(0);
      expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(['User name', 'Name', 'Role', 'Teams']);
    }
  });

  it('is downloaded as CSV', async () => {
    const page = await open('owner');
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export as CSV' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^acme-members-.*\.csv$/);
    expect(await readFile(await download.path(), 'utf8')).toMatch(/erik,erik@acme\.example,User,Editor/);
  });
});

describe('a role', () => {
  afterEach(() =>
    world.api('owner').updateMember({ params: { ...params, username: 'max' }, body: { role: 'member' } }),
  );

  it('is changed, and changed back by undoing it', async () => {
    const page = await open('owner');
    await choose(page, 'max', 'Change role to editor');
    await page.getByText('The role of max is now editor.').waitFor();
    await rowOf(page, 'max').getByText('Editor').waitFor();
    expect(await roleOf('max')).toBe('Editor');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The role of max is now member.').waitFor();
    expect(await roleOf('max')).toBe('Member');
  });

  it('is shown before the server answered, and taken back with its sentence when it refuses', async () => {
    const page = await open('owner');
    let answer = (): void => undefined;
    const refusing = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/v2/orgs/acme/members/max', async (route) => {
      await refusing;
      await route.fulfill({ status: 400, json: { detail: 'Not on a Monday.' } });
    });
    await choose(page, 'max', 'Change role to editor');
    await rowOf(page, 'max').getByText('Editor').waitFor();
    answer();
    await page.getByText('Not on a Monday.').waitFor();
    await rowOf(page, 'max').getByText('Member').waitFor();
  });

  it('of the last owner stays, and the server says what to do first', async () => {
    const page = await open('owner');
    await choose(page, 'olivia', 'Change role to member');
    const dialog = page.getByRole('dialog', { name: 'Give up your role in acme?' });
    await dialog.getByRole('button', { name: 'Become member' }).click();
    await page.getByText('olivia is the last owner of acme. Make somebody else an owner first.').waitFor();
    await rowOf(page, 'olivia').getByText('Owner', { exact: true }).waitFor();
    expect(await roleOf('olivia')).toBe('Owner');
  });
});

describe('removing', () => {
  it('takes the name, and then the member is gone', async () => {
    await world.hub.addPerson('paul');
    const page = await open('owner');
    await choose(page, 'paul', 'Remove…');
    const dialog = page.getByRole('dialog', { name: 'Remove paul from acme?' });
    await dialog.getByLabel('Type paul to confirm').fill('pau');
    expect(await dialog.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Type paul to confirm').fill('paul');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('paul is no longer a member of acme.').waitFor();
    await rowOf(page, 'paul').waitFor({ state: 'detached' });
    expect(await roleOf('paul')).toBeUndefined();
  });

  it('the last owner is refused where it was asked for', async () => {
    const page = await open('owner');
    await choose(page, 'olivia', 'Remove…');
    const dialog = page.getByRole('dialog', { name: 'Leave acme?' });
    await dialog.getByLabel('Type olivia to confirm').fill('olivia');
    await dialog.getByRole('button', { name: 'Leave' }).click();
    await dialog.getByText('olivia is the last owner of acme. Make somebody else an owner first.').waitFor();
  });
});

describe('invitations', () => {
  it('are checked before anybody is invited, and give links to hand over', async () => {
    const page = await open('owner');
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite people to acme' });
    await dialog
      .getByLabel('E-mail addresses or user names')
      .fill('ada@acme.example, erik\nno-such-name; bob@acme.example');
    await dialog.getByLabel('Role').click();
    await page.getByRole('option', { name: 'Editor' }).click();
    await dialog.getByLabel('Team').fill('front');
    await page.getByRole('option', { name: 'frontend' }).click();
    await dialog.getByRole('button', { name: 'Check' }).click();
    await dialog.getByText('2 of them cannot be invited').waitFor();
    expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^erik\s+Is a member already\.$/),
      expect.stringMatching(/^no-such-name\s+Neither an e-mail address nor anybody's user name\.$/),
    ]);
    expect(await findings(page)).toEqual([]);
    expect(await pending()).toEqual(['nina@acme.example']);
    await dialog.getByRole('button', { name: 'Invite 2 people' }).click();
    await dialog.getByText('This gate sends no mail: hand the links over yourself.').waitFor();
    await dialog.getByRole('button', { name: 'Copy the link of ada@acme.example' }).click();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toMatch(/\/console\/invitation#\S+$/);
    const { data } = await world.api('owner').listInvites({ params });
    expect(data.find(({ invitee }) => invitee === 'ada@acme.example')).toMatchObject({
      role: 'editor',
      team: 'frontend',
    });
    expect(await pending()).toEqual(['ada@acme.example', 'bob@acme.example', 'nina@acme.example']);
    const token = copied.slice(copied.indexOf('#') + 1);
    expect(await world.api('member').viewInvitation({ body: { token } })).toMatchObject({
      invitee: 'ada@acme.example',
    });
  });

  it('that are pending get a new link, and the one before ends', async () => {
    const invited = await world.api('owner').inviteMembers({ body: { org: 'acme', invitees: ['gil@acme.example'] } });
    const before = invited.invitees[0]?.link?.split('#')[1] ?? '';
    const page = await open('owner', '?show=invitations&search=gil');
    await page.getByRole('button', { name: 'Make a new link for gil@acme.example' }).click();
    const dialog = page.getByRole('dialog', { name: 'New link for gil@acme.example' });
    await dialog.getByRole('button', { name: 'Make a new link' }).click();
    const token = (await dialog.getByText('/console/invitation#').textContent())?.split('#')[1] ?? '';
    expect(await world.api('member').viewInvitation({ body: { token } })).toMatchObject({
      invitee: 'gil@acme.example',
    });
    await expect(world.api('member').viewInvitation({ body: { token: before } })).rejects.toMatchObject({
      status: 404,
    });
    expect(await page.getByRole('button', { name: 'Send the letter to gil@acme.example again' }).count()).toBe(0);
  });

  it('are cancelled, and one that is gone already is told', async () => {
    await world.api('owner').inviteMembers({ body: { org: 'acme', invitees: ['eva@acme.example'] } });
    const page = await open('owner');
    await page.getByRole('tab', { name: /Invitations/ }).click();
    const cancel = page.getByRole('button', { name: 'Cancel the invitation of eva@acme.example' });
    await cancel.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the invitation' }).click();
    await page.getByText('The invitation of eva@acme.example is cancelled.').waitFor();
    await cancel.waitFor({ state: 'detached' });
    expect(await pending()).not.toContain('eva@acme.example');

    await world.api('owner').inviteMembers({ body: { org: 'acme', invitees: ['ivo@acme.example'] } });
    await page.reload();
    await page.getByRole('button', { name: 'Cancel the invitation of ivo@acme.example' }).click();
    const { data } = await world.api('owner').listInvites({ params: { org: 'acme' } });
    const ivo = data.find(({ invitee }) => invitee === 'ivo@acme.example');
    await world.api('owner').cancelInvite({ params: { id: ivo?.id ?? '' } });
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the invitation' }).click();
    await page.getByRole('dialog').getByText('This invitation is not there any more').waitFor();
  });
});

it('Where there is a mail server, an invitation is sent, and sent again', async () => {
  const mailing = await openConsole({ mail: true });
  try {
    const page = await mailing.as('owner');
    await page.goto('/console/o/acme/members?show=invitations');
    await page.getByRole('button', { name: 'Send the letter to nina@acme.example again' }).click();
    await page.getByText('A letter with a new link is on its way to nina@acme.example.').waitFor();
  } finally {
    await mailing.close();
  }
});

it('Of ten thousand members the page shows fifty, and asks the server for the others', async () => {
  const crowded = await openConsole();
  try {
    await addCrowd(crowded, 10_000);
    const page = await crowded.as('owner');
    await page.goto('/console/o/acme/members');
    await page.getByText('1–50 of 10,003').waitFor();
    await page.getByRole('button', { name: 'Go to page 201' }).click();
    await page.getByText('10,001–10,003 of 10,003').waitFor();
    await rowOf(page, 'person-10000').waitFor();
    await page.waitForURL(/page=201/);
    await page.getByLabel('Search names and e-mail addresses').fill('person-07777');
    await page.getByText('1–1 of 1').waitFor();
    await rowOf(page, 'person-07777').waitFor();
  } finally {
    await crowded.close();
  }
});
