import { type Client, createClient } from '@pullgate/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Person } from '../../server/test/hub-api/hub-world.ts';
import { findings } from './accessibility.ts';
import { problemsOf } from './browser.ts';
import { dockerPull } from './docker-pull.ts';
import { type ConsoleWorld, openConsole, pastPulls } from './world.ts';

/** A busy machine takes its time to show a page. */
const patient = { timeout: 15_000 };

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
  // Records are stored in batches: until the newest are, the numbers change.
  const params = { org: 'acme' };
  await vi.waitFor(async () => {
    const { allowed, refused } = await world.api('owner').getPullStatistics({ params });
    expect(allowed + refused).toBeGreaterThanOrEqual(pastPulls + 2);
  }, patient);
});
afterAll(() => world?.close());

const overview = '/console/o/acme/overview';
const dayMs = 86_400_000;

/** What the page says under a heading. */
function part(page: Page, heading: string) {
  return page.getByRole('region', { name: heading, exact: true });
}

describe('an owner sees on the overview', () => {
  /** What the page counts: seven days of the viewer's zone, which is UTC here. */
  function statistics() {
    const from = new Date(Math.floor(Date.now() / dayMs) * dayMs - 6 * dayMs).toISOString();
    return world.api('owner').getPullStatistics({ params: { org: 'acme' }, query: { from, interval: 'hour' } });
  }

  it('how many pulls were allowed and refused, and which share was refused', async () => {
    const { allowed, refused } = await statistics();
    const page = await world.as('owner');
    await page.goto(overview);
    await expect.poll(() => part(page, 'Allowed pulls').textContent(), patient).toContain(`${allowed}`);
    const text = await part(page, 'Refused pulls').textContent();
    expect(text).toContain(`${refused}`);
    expect(text).toContain(`${Math.round((refused / (allowed + refused)) * 1000) / 10}%`);
    await page.getByRole('link', { name: 'See them' }).click();
    await page.waitForURL(/\/pulls\?.*verdict=deny/);
    expect(problemsOf(page)).toEqual([]);
  });

  it('pulls over time as a chart, and as numbers', async () => {
    const { series } = await statistics();
    const page = await world.as('owner');
    await page.goto(overview);
    const section = part(page, 'Pulls over time').first();
    await expect.poll(() => section.locator('svg .MuiBarChart-element').count(), patient).toBeGreaterThan(0);
    await section.getByRole('button', { name: 'Show the numbers' }).click();
    const rows = await section.getByRole('row').allInnerTexts();
    expect(rows).toHaveLength(1 + 7);
    const today = new Date().toISOString().slice(0, 10);
    const counted = series.filter(({ at }) => at.startsWith(today));
    const sum = (what: 'allowed' | 'refused') => counted.reduce((total, one) => total + one[what], 0);
    expect(rows.at(-1)?.split('\t').slice(1)).toEqual([`${sum('allowed')}`, `${sum('refused')}`]);
  });

  it('pulls by the type of image, in a table for who does not see the chart', async () => {
    const { categories } = await statistics();
    const page = await world.as('owner');
    await page.goto(overview);
    for (const [name, kind] of [
      ['Community', 'community'],
      ['Other registries', 'other-registry'],
    ] as const) {
      const row = part(page, 'By type of image').getByRole('row', { name });
      const counted = categories.find(({ category }) => category === kind);
      await expect
        .poll(async () => (await row.getByRole('cell').allTextContents()).join(), patient)
        .toBe(`${counted?.allowed},${counted?.refused}`);
    }
  });

  it.each([
    ['images', 'docker.io/somebody/miner', 'image'],
    ['people', 'max', 'person'],
  ])('the most refused %s, with a link to their pulls', async (what, name, filter) => {
    const page = await world.as('owner');
    await page.goto(`${overview}?period=month`);
    await part(page, `Most refused ${what}`).getByRole('link', { name, exact: true }).click();
    await page.waitForURL(/\/pulls\?/);
    const search = new URL(page.url()).searchParams;
    expect(search.get(filter)).toBe(name);
    expect(search.get('verdict')).toBe('deny');
    expect(Date.parse(search.get('from')?.replaceAll('"', '') ?? '')).toBeLessThan(Date.now() - 28 * dayMs);
  });

  it('how the cache and the registries do, and who changed the policy last', async () => {
    const { cache, upstreams } = await world.api('owner').getStatus();
    const page = await world.as('owner');
    await page.goto(overview);
    const rate = Math.round((cache.hits / (cache.hits + cache.misses)) * 1000) / 10;
    await expect.poll(() => part(page, 'Cache hit rate').textContent(), patient).toContain(`${rate}%`);
    expect(await part(page, 'Cache hit rate').textContent()).toContain('since the gate started');
    const registries = await part(page, 'Registries').getByRole('listitem').allInnerTexts();
    expect(registries).toHaveLength(upstreams.length);
    expect(registries.join('\n')).toMatch(/docker\.io[\s\S]*Answers/);
    expect(await part(page, 'Last policy change').textContent()).toContain('By olivia, version 2');
    await page.getByRole('link', { name: 'See the policy' }).click();
    await page.waitForURL(/\/image-access$/);
  });

  it('the period that the address names, and nothing else of what somebody wrote there', async () => {
    const page = await world.as('owner');
    await page.goto(overview);
    await page.getByRole('button', { name: '24 hours' }).click();
    await page.waitForURL(/period=day/);
    await page.reload();
    await expect
      .poll(() => page.getByRole('button', { name: '24 hours' }).getAttribute('aria-pressed'), patient)
      .toBe('true');
    await page.goto(`${overview}?period=century`);
    await expect
      .poll(() => page.getByRole('button', { name: '7 days' }).getAttribute('aria-pressed'), patient)
      .toBe('true');
  });

  it('what is wrong when the numbers cannot be had, and can try again', async () => {
    const page = await world.as('owner');
    let isBroken = true;
    await page.route('**/pulls/statistics?*', (route) =>
      isBroken
        ? route.fulfill({ status: 400, json: { detail: 'By the hour, at most 31 days can be counted at once.' } })
        : route.continue(),
    );
    await page.goto(overview);
    await page.getByText('By the hour, at most 31 days can be counted at once.').waitFor();
    isBroken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await part(page, 'Allowed pulls').waitFor();
  });
});

it('a member who opens the overview is told that it is for owners, and what there is instead', async () => {
  const page = await world.as('member');
  await page.goto(overview);
  await page.getByText('Only owners see this page').waitFor();
  expect(await findings(page)).toEqual([]);
  expect(problemsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'See what you may pull' }).click();
  await page.waitForURL(/\/image-access$/);
});

describe('a fresh organization', () => {
  async function signedIn({ username, password }: Person): Promise<Page> {
    const page = await world.asNobody();
    const answer = await page.context().request.post('/api/auth/sign-in/username', {
      headers: { origin: world.url },
      data: { username, password },
    });
    expect(answer.status()).toBe(200);
    return page;
  }

  /** Steps that are still to be done. */
  async function toDo(page: Page): Promise<string[]> {
    const steps = await part(page, 'First steps')
      .getByRole('listitem')
      .filter({ hasText: ': to do' })
      .allTextContents();
    return steps.map((step) => step.split(': to do')[0] ?? '');
  }

  it('has first steps with commands to copy, which tick themselves and go away', async () => {
    const fiona = await world.hub.addOrganization('fresh', 'fiona');
    const api: Client = createClient({ baseUrl: world.url, token: fiona.bearer });
    const page = await signedIn(fiona);
    await page.goto('/console');
    await page.waitForURL(/\/o\/fresh\/overview/);
    await expect
      .poll(() => toDo(page), patient)
      .toEqual([
        'Claim a namespace',
        'Create a personal access token',
        'Sign in with Docker',
        'Pull a first image',
        'Turn Image Access Management on',
        'Invite people',
      ]);
    await page.getByText('Nobody pulled in this time').waitFor();
    expect(await findings(page)).toEqual([]);

    const login = page.getByRole('listitem').filter({ hasText: 'Sign in with Docker' });
    await login.getByRole('button', { name: 'Copy the command' }).click();
    const { host } = new URL(world.url);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`docker login ${host} --username fiona`);

    const params = { org: 'fresh' };
    const { token } = await api.createPersonalToken({
      body: { token_label: 'laptop', scopes: ['repo:read'], expires_at: null },
    });
    await world.api('owner').assignNamespace({ params: { ...params, registry: 'docker.io', namespace: 'fresh' } });
    await expect
      .poll(() => toDo(page), patient)
      .toEqual(['Sign in with Docker', 'Pull a first image', 'Turn Image Access Management on', 'Invite people']);

    await api.updateImageAccess({ params, body: { enabled: true } });
    await api.inviteMembers({ body: { org: 'fresh', invitees: ['gina@acme.example'], role: 'member' } });
    const pulled = await dockerPull(world.hub, { username: 'fiona', secret: token }, 'library/alpine');
    expect(pulled.status).toBe(200);
    await part(page, 'First steps').waitFor({ state: 'detached', ...patient });
    expect(problemsOf(page)).toEqual([]);
  });
});
