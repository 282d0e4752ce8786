import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from './accessibility.ts';
import { problemsOf } from './browser.ts';
import { expectGoodLooks } from './looks.ts';
import { type ConsoleWorld, openConsole, type Role } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const params = { org: 'acme' };

async function open(role: Role): Promise<Page> {
  const page = await world.as(role);
  await page.goto('/console/o/acme/image-access');
  await page.getByRole('heading', { level: 1, name: 'Image access' }).waitFor();
  return page;
}

const part = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const inForce = () => world.api('owner').getImageAccess({ params });

describe('the allowlist', () => {
  it('takes what docker pull takes, tells its type when typing pauses, and counts once it is saved', async () => {
    const page = await open('owner');
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/v2/catalog/')) asked.push(request.url());
    });
    const list = part(page, 'Repository allowlist');
    const field = list.getByLabel('Repository', { exact: true });
    await field.pressSequentially('northwind/agent:3', { delay: 20 });
    await list.getByText('docker.io/northwind/agent · Docker Verified Publisher image').waitFor();
    expect(asked).toHaveLength(1);
    await field.press('Enter');
    await list.getByText('docker.io/northwind/agent', { exact: true }).waitFor();
    await list.getByRole('button', { name: 'Remove ghcr.io/acme/tools' }).click();
    expect((await inForce()).allowlist.repositories).toEqual(['docker.io/bitnami/redis', 'ghcr.io/acme/tools']);
    await page.getByRole('button', { name: 'Discard' }).click();
    await list.getByText('ghcr.io/acme/tools').waitFor();
    expect(await list.getByText('northwind/agent').count()).toBe(0);
    expect(problemsOf(page)).toEqual([]);
  });

  it.each([
    ['redis?', /not a/],
    ['index.docker.io/bitnami/redis:8.0', /It is on the list already\./],
  ])('refuses %s in words', async (typed, problem) => {
    const page = await open('owner');
    const list = part(page, 'Repository allowlist');
    await list.getByLabel('Repository', { exact: true }).fill(typed);
    await list.getByText(problem).waitFor();
    expect(await list.getByRole('button', { name: 'Add' }).isDisabled()).toBe(true);
  });
});

describe('a long allowlist', () => {
  it('is searched, also for what is only in the draft', async () => {
    const before = await inForce();
    const add = ['one', 'two', 'three', 'four', 'five'].map((name) => `long/${name}`);
    await world.api('owner').updateImageAccess({ params, body: { allowlist: { add } } });
    const page = await open('owner');
    const list = part(page, 'Repository allowlist');
    await list.getByLabel('Repository', { exact: true }).fill('long/tender');
    await list.getByRole('button', { name: 'Add' }).click();
    await list.getByRole('searchbox', { name: 'Search the allowlist' }).fill('LONG/T');
    const found = list.getByRole('listitem');
    await expect
      .poll(() => found.allTextContents())
      .toEqual(['tender', 'three', 'two'].map((name) => `docker.io/long/${name}`));
    await list.getByText('3 of 8 repositories').waitFor();
    await list.getByRole('searchbox').fill('quay.io');
    await list.getByText('No repository is found').waitFor();
    await world
      .api('owner')
      .updateImageAccess({ params, body: { allowlist: { repositories: before.allowlist.repositories } } });
  });
});

describe('a change', () => {
  it('is reviewed by what it would have meant, counts at once, and is undone with one click', async () => {
    const page = await open('owner');
    await page.getByRole('switch', { name: /^Community images/ }).click();
    await page.getByRole('button', { name: 'Review and save' }).click();
    const before = await inForce();
    const { version: _v, changed_at: _a, changed_by: _b, ...policy } = before;
    const body = { ...policy, allow_community_images: true };
    const { allowed, requests } = await world.api('owner').previewImageAccess({ params, body });
    const dialog = page.getByRole('dialog', { name: 'Review the change' });
    await dialog.getByText(`Of ${requests} requests in the last 30 days, this policy would have:`).waitFor();
    const told = await dialog.getByRole('alert').filter({ hasText: 'newly allowed' }).textContent();
    expect(told).toContain(`newly allowed ${allowed.requests} requests for ${allowed.image_count} images by`);
    for (const { username, requests: count } of allowed.people) expect(told).toContain(`${username} (${count})`);
    for (const { repository, requests: count } of allowed.images) expect(told).toContain(`${repository} (${count})`);
    expect(await findings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save and put in force' }).click();
    await page.getByText('The policy is in force.').waitFor();
    expect(await inForce()).toMatchObject({ allow_community_images: true, version: before.version + 1 });
    await page.getByText(`Version ${before.version + 1} of the policy is in force since`).waitFor();
    await part(page, 'Versions').getByText('Community images: refused → allowed').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The policy from before is in force again.').waitFor();
    expect(await inForce()).toMatchObject({ allow_community_images: false, version: before.version + 2 });
  });

  it('of one request for one image by one person is told so', async () => {
    const page = await open('owner');
    await page.route('**/image-access/preview', (route) => {
      const none = { requests: 0, people_count: 0, image_count: 0, people: [], images: [] };
      const one = { username: 'max', requests: 1 };
      const image = { repository: 'docker.io/a/b', category: 'community', requests: 1 };
      const refused = { requests: 1, people_count: 1, image_count: 1, people: [one], images: [image] };
      const from = new Date().toISOString();
      return route.fulfill({ json: { from, to: from, requests: 1, not_judged: 0, refused, allowed: none } });
    });
    await page.getByRole('switch', { name: /^Docker Official Images/ }).click();
    await page.getByRole('button', { name: 'Review and save' }).click();
    const dialog = page.getByRole('dialog', { name: 'Review the change' });
    await dialog.getByText('Of 1 request in the last 30 days').waitFor();
    expect(await dialog.textContent()).toContain('refused 1 request for 1 image by 1 person: max (1)');
  });

  it('is not put over one that somebody else made meanwhile', async () => {
    const page = await open('owner');
    await page.getByRole('switch', { name: /^Community images/ }).click();
    await world.api('owner').updateImageAccess({ params, body: { allow_sponsored_open_source: true } });
    await page.getByRole('button', { name: 'Review and save' }).click();
    await page.getByRole('button', { name: 'Save and put in force' }).click();
    const dialog = page.getByRole('dialog', { name: 'Review the change' });
    await dialog.getByRole('alert').filter({ hasText: 'version' }).waitFor();
    await dialog.getByRole('button', { name: 'Save and put in force' }).click();
    expect(await inForce()).toMatchObject({ allow_community_images: false, allow_sponsored_open_source: true });
    await dialog.getByRole('button', { name: 'Back' }).click();
    await page.getByText('olivia changed the policy meanwhile.').waitFor();
    await page.getByRole('switch', { name: 'Community images: allowed' }).waitFor();
    expect(await page.getByRole('button', { name: 'Review and save' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('switch', { name: 'Docker-Sponsored Open Source images: allowed' }).waitFor();
    await page.getByRole('switch', { name: 'Community images: refused' }).waitFor();
    await world.api('owner').updateImageAccess({ params, body: { allow_sponsored_open_source: false } });
  });
});

describe('“Can I pull…?”', () => {
  it('tells an owner what a member may pull, and by which rule', async () => {
    const page = await open('owner');
    const check = part(page, 'Can I pull…?');
    await check.getByLabel('Image').fill('somebody/miner');
    await check.getByLabel('As member').fill('max');
    await check.getByLabel('As member').press('Enter');
    await check.getByText('By the rules of acme, max may not pull docker.io/somebody/miner').waitFor();
    expect(await check.textContent()).toContain('Type of image: Community image');
    expect(await check.textContent()).toContain('Other organizations of max are not asked here.');
    await check.getByLabel('Image').fill('acme/web');
    await check.getByRole('button', { name: 'Check' }).click();
    await check.getByText('By the rules of acme, max may pull docker.io/acme/web').waitFor();
    expect(await check.textContent()).toContain('Type of image: Organization image');
    expect(await findings(page)).toEqual([]);
  });

  it('tells a member, who asks only for themselves', async () => {
    const page = await open('member');
    const check = part(page, 'Can I pull…?');
    await check.getByLabel('Image').fill('alpine');
    await check.getByRole('button', { name: 'Check' }).click();
    await check.getByText('max may pull docker.io/library/alpine').waitFor();
    expect(await check.textContent()).not.toContain('By the rules of');
    expect(await check.getByLabel('As member').count()).toBe(0);
  });

  it('tells somebody of several organizations what all of them say, as a pull is judged', async () => {
    await joinStrictOrganization();
    const page = await open('member');
    const check = part(page, 'Can I pull…?');
    await check.getByLabel('Image').fill('alpine');
    await check.getByRole('button', { name: 'Check' }).click();
    await check.getByText('max may not pull docker.io/library/alpine').waitFor();
    const text = await check.textContent();
    expect(text).toContain('docker.io/library/alpine is an Official image, which strict does not allow.');
    expect(text).toContain('acme and strict judge this pull.');
    await world.api('owner').removeMember({ params: { org: 'strict', username: 'max' } });
  });

  it('knows an image of another registry as that', async () => {
    const page = await open('owner');
    const check = part(page, 'Can I pull…?');
    await check.getByLabel('Image').fill('ghcr.io/somebody/tool');
    await check.getByRole('button', { name: 'Check' }).click();
    await check.getByText('Type of image: Image of another registry').waitFor();
  });
});

/** Max is a member of it, too, and it refuses what acme allows. */
async function joinStrictOrganization(): Promise<void> {
  const owner = world.api('owner');
  await owner.createOrganization({ body: { orgname: 'strict' } });
  await owner.updateImageAccess({
    params: { org: 'strict' },
    body: { enabled: true, allow_official_images: false },
  });
  const { invitees } = await owner.inviteMembers({
    body: { org: 'strict', invitees: ['max@acme.example'], role: 'member' },
  });
  const token = new URL(invitees[0]?.link ?? '').hash.slice(1);
  await world.api('member').acceptInvitation({ body: { token } });
}

it('a member reads all of it, and changes nothing', async () => {
  const page = await open('member');
  for (const one of await page.getByRole('switch').all()) expect(await one.isDisabled()).toBe(true);
  const buttons = await page.getByRole('main').getByRole('button').allTextContents();
  expect(buttons).toEqual(['Check']);
  // Axe does not look at the contrast of what is disabled, but a member has to read it.
  const colours = await page.evaluate<string[]>(colourOfLabels);
  expect(new Set(colours).size, colours.join()).toBe(1);
});

it('the keyboard shows on which switch it is, with a ring around the whole of it', async () => {
  const page = await open('owner');
  await page.getByRole('switch', { name: /^Docker Official Images/ }).focus();
  await page.keyboard.press('Tab');
  const ring = `getComputedStyle(document.activeElement.closest('.MuiSwitch-root')).outlineStyle`;
  expect(await page.evaluate(ring)).toBe('solid');
});

const colourOfLabels = `[...document.querySelectorAll('main label:has([role=switch]) > :last-child')].map(
  (label) => getComputedStyle(label.firstElementChild ?? label).color,
)`;

describe('the order of the rules', () => {
  const order = async (page: Page) => part(page, 'In which order').getByRole('listitem').allTextContents();
  const putRegistryAccess = (enabled: boolean) =>
    world.api('owner').setRegistryAccess({
      params,
      body: { enabled, standard_registries: [{ id: 'DockerHub', allowed: true }], custom_registries: [] },
    });

  it('says what counts while management is on', async () => {
    const page = await open('owner');
    expect(await order(page)).toEqual([
      'Image Access Management and registry access are off: allowed (does not apply now)',
      'You are an owner of this organization: allowed',
      'The repository is on the allowlist: allowed',
      'The image is one of your organization: allowed',
      'The registry is not Docker Hub: allowed, since registry access is off',
      'Anything else: the switch of its type decides',
    ]);
  });

  it('says that registry access counts while management is off', async () => {
    await world.api('owner').updateImageAccess({ params, body: { enabled: false } });
    await putRegistryAccess(true);
    const page = await open('member');
    expect(await order(page)).toEqual([
      'Image Access Management and registry access are off: allowed (does not apply now)',
      'You are an owner of this organization: allowed',
      'The repository is on the allowlist: allowed',
      'The image is one of your organization: allowed',
      'It is not from Docker Hub, or Docker Hub is refused: registry access decides',
      'Anything else: allowed',
    ]);
    await page.getByText('Off: members may pull every image that registry access allows').waitFor();
    await putRegistryAccess(false);
    await page.reload();
    await page.getByText('Off: members may pull every image', { exact: true }).waitFor();
    expect((await order(page)).filter((rule) => !rule.endsWith('(does not apply now)'))).toEqual([
      'Image Access Management and registry access are off: allowed',
    ]);
    await world.api('owner').updateImageAccess({ params, body: { enabled: true } });
  });
});

describe('versions', () => {
  it('are looked at with their registry access', async () => {
    const put = (enabled: boolean) =>
      world.api('owner').setRegistryAccess({
        params,
        body: { enabled, standard_registries: [{ id: 'DockerHub', allowed: false }], custom_registries: [] },
      });
    await put(true);
    const { version } = await inForce();
    const then = await world.api('owner').getImageAccessVersion({ params: { ...params, version } });
    await put(false);
    const { refused } = await world.api('owner').previewImageAccess({ params, body: then });
    expect(refused.requests).toBeGreaterThan(0);
    const page = await open('owner');
    await part(page, 'Versions')
      .getByRole('button', { name: `Restore version ${version}`, exact: true })
      .click();
    const dialog = page.getByRole('dialog', { name: `Restore version ${version}?` });
    await dialog.getByText(`refused ${refused.requests} requests`).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('are all there, page by page, and are restored after a look at what that would have meant', async () => {
    const add = Array.from({ length: 40 }, (_, index) => `many/repository-${index}`);
    await world.api('owner').updateImageAccess({ params, body: { allowlist: { add } } });
    for (let count = 0; count < 24; count += 1) {
      await world.api('owner').updateImageAccess({ params, body: { allow_official_images: count % 2 === 1 } });
    }
    await world.api('owner').updateImageAccess({ params, body: { allowlist: { remove: add } } });
    const page = await open('owner');
    const versions = part(page, 'Versions');
    await versions.getByText('−docker.io/many/repository-1, ').waitFor();
    expect(await versions.textContent()).toContain('−35 more');
    await versions
      .getByRole('button', { name: /^Go to page \d/ })
      .last()
      .click();
    const restore = versions.getByRole('button', { name: 'Restore version 1', exact: true });
    await restore.click();
    const dialog = page.getByRole('dialog', { name: 'Restore version 1?' });
    await dialog.getByText(/newly allowed \d+ requests/).waitFor();
    expect(await findings(page)).toEqual([]);
    const { version } = await inForce();
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('The policy of version 1 is in force again.').waitFor();
    expect(await inForce()).toMatchObject({ enabled: false, version: version + 1 });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The policy from before is in force again.').waitFor();
    expect(await inForce()).toMatchObject({ enabled: true, version: version + 2 });
    expect(problemsOf(page)).toEqual([]);
  });

  it('are searched by the server, all of them, and the address keeps it', async () => {
    await world.api('owner').updateImageAccess({ params, body: { allowlist: { add: ['rare/find'] } } });
    const { version } = await inForce();
    for (let count = 0; count < 22; count += 1) {
      await world.api('owner').updateImageAccess({ params, body: { allow_community_images: count % 2 === 0 } });
    }
    const page = await open('owner');
    const versions = part(page, 'Versions');
    const lines = versions.getByText(/^Version \d+ ·/);
    await versions.getByRole('button', { name: 'Go to page 2', exact: true }).click();
    await versions.getByText(`Version ${version} ·`).waitFor();
    await versions.getByRole('searchbox', { name: 'Search versions' }).fill('rare/');
    await page.waitForURL(/[?&]versions=rare%2F$/);
    await expect.poll(() => lines.allTextContents()).toEqual([expect.stringContaining(`Version ${version} ·`)]);
    await versions.getByText('On the allowlist: +docker.io/rare/find').waitFor();
    await page.reload();
    await versions.getByText(`1 of ${version + 22} versions`).waitFor();
    await expectGoodLooks(page, 'image-access-versions-searched');
    await versions.getByRole('searchbox').fill('community images');
    await versions.getByText('Community images: allowed → refused').first().waitFor();
    await expect.poll(() => lines.count()).toBe(20);
    await versions.getByRole('searchbox').fill('nobody and nothing');
    await versions.getByText('No version is found').waitFor();
    await versions.getByRole('searchbox').fill('');
    await versions.getByText(`Version ${version + 22} ·`).waitFor();
    expect(problemsOf(page)).toEqual([]);
  });
});
