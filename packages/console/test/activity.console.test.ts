import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from './browser.ts';
import { expectGoodLooks } from './looks.ts';
import { type ConsoleWorld, openConsole } from './world.ts';

const archives = ['archive-one', 'archive-two', 'archive-three', 'archive-four', 'archive-five'];

/** Nobody listens there. */
const webhook = (name: string) => `    ${name}:
      url: 'http://127.0.0.1:1/${name}'
      secret: { env: SIEM_SECRET }
      allow_http: true
      allow_private_addresses: true
`;

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole({
    settings: `activity:\n  webhooks:\n${['siem', ...archives].map(webhook).join('')}`,
    env: { SIEM_SECRET: 'a-secret-of-the-receiver-that-is-long-enough' },
  });
});
afterAll(() => world?.close());

const params = { org: 'acme' };
const address = '/console/o/acme/activity';

async function open(query = ''): Promise<Page> {
  const page = await world.as('owner');
  await page.goto(address + query);
  await page.locator('[role=row][data-rowindex="0"]').waitFor();
  return page;
}

/** Texts of a column of the rows that are drawn. */
const column = (page: Page, field: string) => page.locator(`[role=gridcell][data-field=${field}]`).allInnerTexts();

describe('the filters', () => {
  it('are in the address, which shows the same when it is opened again', async () => {
    const page = await open();
    await page.getByRole('combobox', { name: 'Action' }).click();
    await page.getByRole('option', { name: 'Team Member Added' }).click();
    await page.getByRole('searchbox', { name: 'What (exact name)' }).fill('max');
    await page.waitForURL(/name=max/);
    const shown = page.locator('[role=row]').filter({ hasText: 'team: frontend' });
    await shown.waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      action: 'org.team.member.add',
      name: 'max',
    });
    await page.reload();
    await shown.waitFor();
    expect(await column(page, 'action')).toEqual(['Team Member Added']);
    expect(await column(page, 'name')).toEqual(['max']);
    expect(problemsOf(page)).toEqual([]);
  });

  it('find what somebody did', async () => {
    const page = await open('?actor=erik&within=day');
    expect(new Set(await column(page, 'actor'))).toEqual(new Set(['erik']));
  });

  it('that find nothing say what to do', async () => {
    const page = await world.as('owner');
    await page.goto(`${address}?actor=nobody`);
    await page.getByText('Clear a filter, or look at a longer time.').waitFor();
  });
});

describe('a row', () => {
  it('tells what was before and what is after', async () => {
    const page = await open('?action=image_access.update');
    await page.locator('[role=row][data-rowindex="0"] [data-field=action]').focus();
    await page.keyboard.press('Enter');
    const details = page.getByRole('dialog', { name: 'Image Access Updated: acme' });
    await details.waitFor();
    const rowOf = (setting: RegExp) =>
      details.getByRole('row').filter({ has: page.getByRole('rowheader', { name: setting }) });
    expect(
      await rowOf(/^enabled$/)
        .getByRole('cell')
        .allInnerTexts(),
    ).toEqual(['− off', '+ on']);
    expect(
      await rowOf(/repositories/)
        .getByRole('cell')
        .last()
        .textContent(),
    ).toContain('+ docker.io/bitnami/redis');
    const [row] = (await world.api('owner').listActivity({ params, query: { action: 'image_access.update' } })).results;
    expect(await details.textContent()).toContain(row?.hash);
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
  });
});

describe('what comes in', () => {
  it('appears by itself', async () => {
    const page = await open('?action=org.team.create');
    await world.api('owner').createGroup({ params, body: { name: 'newcomers', description: 'Of today' } });
    await page.locator('[role=row][data-rowindex="0"]').filter({ hasText: 'newcomers' }).waitFor();
    await page.getByRole('button', { name: 'Pause live' }).click();
    await page.getByRole('button', { name: 'Follow live' }).waitFor();
  });
});

describe('the export', () => {
  it('is of what the filters find', async () => {
    const page = await open('?action=org.team.member.add');
    await page.getByRole('button', { name: 'Export' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'JSON lines' }).click();
    const lines = (await readFile(await (await downloading).path(), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).name)).toEqual(['olivia', 'erik', 'max']);
  });
});

describe('an administrator', () => {
  it('verifies the chain, and can write its newest row down', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText(/All [\d,]+ rows hold/).waitFor();
    const { head } = await world.api('owner').verifyActivity();
    await page.getByRole('button', { name: /^Copy number and hash/ }).click();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toMatch(/^\d+:[0-9a-f]{64}$/);
    expect(Number(copied.split(':')[0])).toBeLessThanOrEqual(head?.sequence ?? 0);
  });

  it('is told which row does not fit', async () => {
    const page = await open();
    await page.route('**/v2/activity/verify', (route) =>
      route.fulfill({
        json: {
          intact: false,
          rows: 7,
          removed_by_retention: null,
          head: null,
          broken_at: 8,
          reason: 'Row 8 was changed after it was written.',
        },
      }),
    );
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'Row 8 does not fit' });
    expect(await alert.textContent()).toContain('Row 8 was changed after it was written.');
  });

  it('sees why nothing arrives where the activity is delivered', async () => {
    const page = await open();
    const siem = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'siem' }) });
    await siem.getByRole('cell', { name: '127.0.0.1:1' }).first().waitFor();
    const { results } = await world.api('owner').listDeliveries();
    const delivery = results.find(({ name }) => name === 'siem');
    expect(await siem.textContent()).toContain(delivery?.last_error ?? 'none');
  });
});

describe('deliveries', () => {
  it('are searched, without a word about the rows above them', async () => {
    const page = await open('?actor=olivia');
    const rows = page.getByRole('region', { name: 'Deliveries' }).getByRole('rowheader');
    await page.getByRole('searchbox', { name: 'Search deliveries' }).fill('ARCHIVE-T');
    await expect.poll(() => rows.allInnerTexts()).toEqual(['archive-two', 'archive-three']);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ actor: 'olivia', deliveries: 'ARCHIVE-T' });
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?deliveries=ARCHIVE-T');
    await page.reload();
    await page.getByText('2 of 6 deliveries').waitFor();
    await expectGoodLooks(page, 'activity-deliveries-searched');
    await page.getByRole('searchbox', { name: 'Search deliveries' }).fill('nowhere');
    await page.getByText('No delivery is found').waitFor();
    expect(problemsOf(page)).toEqual([]);
  });
});

describe('who is no administrator', () => {
  it.each(['editor', 'member'] as const)('and no owner sees nothing, as %s', async (role) => {
    const page = await world.as(role);
    await page.goto(address);
    await page.getByText('Only owners see this page').waitFor();
    expect(await page.getByRole('gridcell').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Export' }).count()).toBe(0);
  });

  it('but an owner sees the activity of the organization', async () => {
    const { username } = world.people.editor;
    await world.api('owner').updateMember({ params: { ...params, username }, body: { role: 'owner' } });
    const page = await world.as('editor');
    await page.goto(address);
    await page.locator('[role=row][data-rowindex="0"]').filter({ hasText: 'Member Role Changed' }).waitFor();
    expect(await page.getByText('role: editor → owner').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Verify the chain' }).count()).toBe(0);
    expect(problemsOf(page)).toEqual([]);
  });
});
