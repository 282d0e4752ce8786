import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCrowd } from './crowd.ts';
import { recordHistory } from './history.ts';
import { type ConsoleWorld, openConsole } from './world.ts';

// An organization that has been in use for years. A page asks for a page of rows and draws what the window shows,
// however many rows there are: that is what keeps it from freezing.

const pulls = 100_000;
const people = 10_000;
const day = 86_400_000;

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
  const to = Date.now() - 60_000;
  await recordHistory(world.hub.configuration, { organization: world.org, count: pulls, from: to - 25 * day, to });
  await addCrowd(world, people);
});
afterAll(() => world?.close());

/** What the server gives at once. */
const mostRows = 100;
/** Heading and some more than fits into a window. */
const mostDrawn = 60;

interface List {
  /** Rows of each answer so far. */
  readonly answers: readonly { readonly query: URLSearchParams; readonly rows: number; readonly bytes: number }[];
}

/** Notes what a page is answered from now on, for a list of the API. */
function watchList(page: Page, path: string): List {
  const answers: { query: URLSearchParams; rows: number; bytes: number }[] = [];
  page.on('response', async (response) => {
    const url = new URL(response.url());
    if (url.pathname !== path || response.status() !== 200) return;
    const text = await response.text().catch(() => undefined);
    if (text === undefined) return;
    const rows = (JSON.parse(text) as { results: unknown[] }).results.length;
    answers.push({ query: url.searchParams, rows, bytes: text.length });
  });
  return { answers };
}

async function expectFewRows(page: Page, { answers }: List): Promise<void> {
  expect(answers.length).toBeGreaterThan(0);
  for (const { rows, bytes } of answers) {
    expect(rows).toBeLessThanOrEqual(mostRows);
    expect(bytes).toBeLessThan(100_000);
  }
  const drawn = await page.getByRole('row').count();
  expect(drawn).toBeGreaterThan(1);
  expect(drawn).toBeLessThanOrEqual(mostDrawn);
}

/** Of the last row that is drawn. */
async function lastRow(page: Page): Promise<number> {
  return Number(await page.getByRole('row').last().getAttribute('aria-rowindex'));
}

async function scrollDown(page: Page): Promise<void> {
  const before = await lastRow(page);
  await page.getByRole('row').last().hover();
  await page.mouse.wheel(0, 20_000);
  await expect.poll(() => lastRow(page)).toBeGreaterThan(before);
}

describe(`${pulls.toLocaleString('en')} pulls`, () => {
  it('are shown, scrolled, filtered and paged, a page of rows at a time', async () => {
    const page = await world.as('owner');
    const list = watchList(page, '/v2/orgs/acme/pulls');
    await page.goto('/console/o/acme/pulls');
    const first = page.getByRole('row').nth(1);
    await first.waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await expectFewRows(page, list);

    const { length } = list.answers;
    await scrollDown(page);
    await expectFewRows(page, list);
    expect(list.answers.length, 'scrolling asks for nothing').toBeLessThanOrEqual(length + 1);

    await page.getByRole('button', { name: 'Older' }).click();
    await page.waitForURL(/cursor=/);
    await expect.poll(() => list.answers.at(-1)?.query.has('cursor')).toBe(true);
    await expectFewRows(page, list);

    await page.getByRole('searchbox', { name: 'Image' }).fill('someone/redis');
    await page.waitForURL(/image=someone/);
    await expect.poll(() => list.answers.at(-1)?.query.get('image')).toBe('someone/redis');
    await expect.poll(() => page.getByRole('row').filter({ hasText: 'library/alpine' }).count()).toBe(0);
    expect(await page.getByRole('row').filter({ hasText: 'someone/redis' }).count()).toBeGreaterThan(1);
    await expectFewRows(page, list);
  });

  it('are counted on the overview', async () => {
    const page = await world.as('owner');
    await page.goto('/console/o/acme/overview?period=month');
    await page.getByText('somebody/miner').first().waitFor();
  });
});

describe(`${people.toLocaleString('en')} members`, () => {
  it('are shown, scrolled, filtered and paged, a page of rows at a time', async () => {
    const page = await world.as('owner');
    const list = watchList(page, '/v2/orgs/acme/members');
    await page.goto('/console/o/acme/members');
    await page.getByRole('row').nth(1).waitFor();
    await page.getByText(`of ${(people + 3).toLocaleString('en-GB')}`).waitFor();
    await expectFewRows(page, list);

    const { length } = list.answers;
    await scrollDown(page);
    await expectFewRows(page, list);
    expect(list.answers.length, 'scrolling asks for nothing').toBe(length);

    await page.getByRole('button', { name: 'Go to page 2', exact: true }).click();
    await page.waitForURL(/page=2/);
    await expect.poll(() => list.answers.at(-1)?.query.get('page')).toBe('2');
    await expectFewRows(page, list);

    await page.getByRole('searchbox', { name: /^Search names/ }).fill('person-09876');
    await page.waitForURL(/search=person-09876/);
    const found = () => page.getByRole('row').allTextContents();
    await expect.poll(found).toEqual([expect.anything(), expect.stringContaining('person-09876')]);
  });
});
