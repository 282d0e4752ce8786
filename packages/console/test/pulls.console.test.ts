import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from './browser.ts';
import { type ConsoleWorld, openConsole } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const params = { org: 'acme' };
const address = '/console/o/acme/pulls';

async function open(query = ''): Promise<Page> {
  const page = await world.as('owner');
  await page.goto(address + query);
  await page.getByRole('grid', { name: 'Pulls' }).getByRole('row').nth(1).waitFor();
  return page;
}

/** Texts of a column of the rows that are drawn. */
const column = (page: Page, field: string) => page.locator(`[role=gridcell][data-field=${field}]`).allInnerTexts();

/** Waits until the first row that is shown has this image. */
const firstImage = (page: Page, image: string) =>
  page.locator('[role=row][data-rowindex="0"] [data-field=repository]').getByText(image, { exact: true }).waitFor();

const choose = async (page: Page, filter: string, option: string) => {
  await page.getByRole('combobox', { name: filter }).click();
  await page.getByRole('option', { name: option }).click();
};

/** Of somebody/miner, which is refused. */
const refuse = async () =>
  world.hub.pull(await world.hub.registryToken(world.token, 'library/alpine'), 'somebody/miner');

describe('the filters', () => {
  it('are in the address, which shows the same when it is opened again', async () => {
    const page = await open();
    await choose(page, 'Verdict', 'Refused');
    await choose(page, 'Client', 'podman');
    await page.getByRole('searchbox', { name: 'Image' }).fill('quay.io');
    await page.waitForURL(/image=quay\.io/);
    await firstImage(page, 'quay.io/other/tool:v2');
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      verdict: 'deny',
      client: 'podman',
      image: 'quay.io',
    });
    await page.reload();
    await firstImage(page, 'quay.io/other/tool:v2');
    expect(new Set(await column(page, 'repository'))).toEqual(new Set(['quay.io/other/tool:v2']));
    expect(new Set(await column(page, 'client'))).toEqual(new Set(['podman']));
    expect(await page.getByRole('searchbox', { name: 'Image' }).inputValue()).toBe('quay.io');
    expect(await page.getByRole('combobox', { name: 'Verdict' }).textContent()).toBe('Refused');
    expect(problemsOf(page)).toEqual([]);
  });

  it.each([
    ['?person=erik', 'person', 'erik'],
    ['?category=official&within=week', 'category', 'Official'],
    ['?category=other-registry', 'category', 'Other registry'],
    ['?category=other-registry', 'repository', 'quay.io/other/tool:v2'],
    ['?verdict=deny&from=2020-01-01T00:00:00Z', 'verdict', 'Refused'],
  ])('%s finds only that', async (query, field, value) => {
    const page = await open(query);
    expect(new Set(await column(page, field))).toEqual(new Set([value]));
  });

  it('that nobody can mean are left out', async () => {
    const page = await open('?verdict=maybe&within=century&from=soon');
    expect(new Set(await column(page, 'verdict'))).toEqual(new Set(['Allowed', 'Refused']));
  });

  it('are cleared together with their fields', async () => {
    const page = await open('?from=2020-01-01T00:00:00Z');
    await page.getByLabel('From').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('From').waitFor({ state: 'detached' });
    await expect.poll(() => new URL(page.url()).search).toBe('');
  });

  it('that find nothing say what to do', async () => {
    const page = await world.as('owner');
    await page.goto(`${address}?image=no-such-image`);
    await page.getByText('No pulls like this').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('grid', { name: 'Pulls' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('pages', () => {
  it('lead to what is older and back', async () => {
    const ofApi = async (cursor?: string) => {
      const query = { image: 'docker.io/*', verdict: 'allow' as const, limit: 100, ...(cursor && { cursor }) };
      return world.api('owner').listPulls({ params, query });
    };
    const newest = await ofApi();
    const older = await ofApi(newest.next_cursor ?? '');
    const firstOf = (list: typeof newest) => `[role=row][data-rowindex="0"][data-id="${list.results[0]?.id}"]`;
    const page = await open('?verdict=allow&image=docker.io/*');
    await page.locator(firstOf(newest)).waitFor();
    const pages = page.getByRole('navigation', { name: 'Pages of Pulls' });
    expect(await pages.getByRole('button', { name: 'Newer' }).isDisabled()).toBe(true);
    await pages.getByRole('button', { name: 'Older' }).click();
    await page.locator(firstOf(older)).waitFor();
    expect(await page.getByRole('button', { name: 'Pause live' }).count()).toBe(0);
    await page.reload();
    await page.locator(firstOf(older)).waitFor();
    await pages.getByRole('button', { name: 'Newest' }).click();
    await page.locator(firstOf(newest)).waitFor();
  });

  it('say what is wrong with an address', async () => {
    const page = await world.as('owner');
    await page.goto(`${address}?cursor=made-up`);
    await page
      .getByRole('alert')
      .getByText(/Pass the cursor that the last page gave/)
      .waitFor();
  });
});

describe('what comes in', () => {
  it('appears by itself, unless that is paused', async () => {
    const page = await world.as('owner');
    await page.clock.install();
    await page.goto(`${address}?image=somebody/miner`);
    const shown = page.locator('[role=row][data-rowindex="0"]');
    await shown.waitFor();
    expect((await refuse()).status).toBe(403);
    const newest = async () =>
      (await world.api('owner').listPulls({ params, query: { image: 'somebody/miner', limit: 1 } })).results[0]?.id ??
      '';
    const first = await newest();
    await page.locator(`[role=row][data-rowindex="0"][data-id="${first}"]`).waitFor();

    await page.getByRole('button', { name: 'Pause live' }).click();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/v2/orgs/acme/pulls')) asked += 1;
    });
    await refuse();
    await page.clock.fastForward(60_000);
    expect(asked).toBe(0);
    expect(await shown.getAttribute('data-id')).toBe(first);

    await page.getByRole('button', { name: 'Follow live' }).click();
    await page.locator(`[role=row][data-rowindex="0"][data-id="${await newest()}"]`).waitFor();
  });
});

describe('a record', () => {
  it('opens with the keyboard, is in the address, and closes to where one was', async () => {
    const page = await open('?verdict=deny&image=someone/redis');
    await page.locator('[role=row][data-rowindex="0"] [data-field=verdict]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const details = page.getByRole('dialog', { name: 'docker.io/someone/redis:7' });
    await details.waitFor();
    const id = new URL(page.url()).searchParams.get('pull') ?? '';
    const record = await world.api('owner').getPull({ params: { ...params, id } });
    const text = await details.textContent();
    for (const told of [
      'Refused',
      'Community image',
      record.address,
      record.client,
      record.person ?? '',
      id,
      'category',
    ]) {
      expect(text).toContain(told);
    }
    await page.reload();
    await details.waitFor();
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('pull')).toBeNull();
  });

  it('that is not there is told', async () => {
    const page = await world.as('owner');
    await page.goto(`${address}?pull=0000000000000`);
    await page.getByRole('dialog').getByRole('alert').waitFor();
  });
});

describe('the export', () => {
  it.each([
    ['CSV', 'acme-pulls.csv', /^[^,]+,[^,]+,deny,/],
    ['JSON lines', 'acme-pulls.jsonl', /"verdict":"deny"/],
  ])('as %s is of what the filters find', async (format, name, line) => {
    const page = await open('?verdict=deny&image=someone/redis');
    await page.getByRole('button', { name: 'Export' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: format }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(name);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
    const records = format === 'CSV' ? lines.slice(1) : lines;
    const query = { verdict: 'deny' as const, image: 'someone/redis', limit: 1000 };
    expect(records).toHaveLength((await world.api('owner').listPulls({ params, query })).results.length);
    for (const record of records) expect(record).toMatch(line);
  });
});

describe('who is no owner', () => {
  it.each(['editor', 'member'] as const)('is told so, as %s', async (role) => {
    const page = await world.as(role);
    await page.goto(address);
    await page.getByText('Only owners see this page').waitFor();
    expect(await page.getByRole('gridcell').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Export' }).count()).toBe(0);
    expect(await page.getByRole('search').count()).toBe(0);
  });
});

describe('a refused repository', () => {
  it('gets into the draft of the allowlist, and in force once that is saved', async () => {
    const page = await open('?verdict=deny&image=quay.io');
    await page.locator('[role=row][data-rowindex="0"] [data-field=repository]').click();
    await page.getByRole('dialog').getByRole('link', { name: 'Allow this repository…' }).click();
    await page.getByRole('heading', { level: 1, name: 'Image access' }).waitFor();
    await page.getByRole('button', { name: 'Remove quay.io/other/tool' }).waitFor();
    const allowed = async () => (await world.api('owner').getImageAccess({ params })).allowlist.repositories;
    expect(await allowed()).not.toContain('quay.io/other/tool');
    await page.getByRole('button', { name: 'Review and save' }).click();
    await page.getByRole('button', { name: 'Save and put in force' }).click();
    await page.getByText('The policy is in force.').waitFor();
    expect(await allowed()).toContain('quay.io/other/tool');
    expect(new URL(page.url()).search).toBe('');
  });
});
