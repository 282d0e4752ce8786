import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { environment, isInstalled, type Outcome, run } from '../../server/test/clients/run.ts';
import { createWire } from '../../server/test/hub-api/wire.ts';
import { launchChromium, newPage, problemsOf } from './browser.ts';
import { dockerPull, type Login } from './docker-pull.ts';
import { type EmptyGate, startEmptyGate } from './empty-gate.ts';
import { expectGoodLooks } from './looks.ts';

// From nothing to a refused pull that its owner sees, as people do it: through the pages, and with a registry client.

let empty: EmptyGate;
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
  empty = await startEmptyGate();
});
afterAll(async () => {
  await browser?.close();
  await empty?.close();
});

const password = 'correct horse battery staple';

describe('an empty gate', () => {
  it('is set up, manages image access, refuses a pull, and tells of it', async () => {
    const { gate } = empty;
    const olivia = await newPage(browser, gate.url);
    await setUp(olivia, gate.setUpLink ?? '');
    await switchImageAccessOn(olivia);
    const max = await newPage(browser, gate.url);
    await acceptInvitation(max, await invite(olivia, 'max@acme.example'));
    const login = { username: 'max', secret: await createToken(max) };

    const allowed = await pull(login, 'library/alpine');
    expect(allowed.status, allowed.output).toBe(0);
    const refused = await pull(login, 'somebody/miner');
    expect(refused.status, refused.output).not.toBe(0);
    expect(refused.output).toContain('docker.io/somebody/miner is a Community image and acme allows only');

    await expectInPulls(olivia);
    await max.goto(/http:\S+\/d\/\w+/.exec(refused.output)?.[0] ?? '');
    await expectDecision(max);
    expect(problemsOf(olivia)).toEqual([]);
  });
});

/** The set-up page, with the link that the gate printed. */
async function setUp(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Organization').waitFor();
  await expectGoodLooks(page, 'nobody-set-up');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByLabel('Organization').fill('acme');
  await page.getByLabel('Your user name').fill('olivia');
  await page.getByLabel('Your e-mail address').fill('olivia@acme.example');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.waitForURL('**/console/o/acme/overview');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await expectGoodLooks(page, 'owner-overview-fresh');
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function switchImageAccessOn(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Image access' }).first().click();
  await page.getByRole('switch', { name: /^Off: members may pull every image/ }).click();
  await page.getByRole('button', { name: 'Review and save' }).click();
  await page.getByRole('button', { name: 'Save and put in force' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('switch', { name: /^On: members may pull what is allowed/ }).waitFor();
}

/** @returns the link of the invitation */
async function invite(page: Page, address: string): Promise<string> {
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByLabel('E-mail addresses or user names').fill(address);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByRole('button', { name: 'Invite one person' }).click();
  const link = await page.getByText(/\/console\/invitation#\w+/).textContent();
  await page.getByRole('button', { name: 'Done' }).click();
  return link ?? '';
}

async function acceptInvitation(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('User name').fill('max');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account and join' }).click();
  await page.waitForURL('**/console/o/acme/image-access');
}

/** @returns the token, as the page shows it once */
async function createToken(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Access tokens' }).click();
  await page.getByRole('button', { name: 'Create access token' }).click();
  await page.getByLabel('Label').fill('Laptop');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const token = await page.getByText(/^pgp_\w+$/).textContent();
  await page.getByRole('button', { name: 'I have copied the token' }).click();
  return token ?? '';
}

/** With Skopeo where it is installed, else with the requests that Docker sends. */
async function pull({ username, secret }: Login, repository: string): Promise<Pick<Outcome, 'status' | 'output'>> {
  if (!isInstalled('skopeo')) {
    const { status, text } = await dockerPull({ ask }, { username, secret }, repository);
    return { status: status === 200 ? 0 : status, output: text };
  }
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-skopeo-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const platform = ['--override-os', 'linux', '--override-arch', 'amd64'];
  const options = ['--tls-verify=false', '--creds', `${username}:${secret}`];
  const image = `docker://${empty.host}/${repository}:latest`;
  return run(['skopeo', ...platform, 'inspect', ...options, image], { env: environment(folder) });
}

const ask: ReturnType<typeof createWire> = (request) =>
  createWire(empty.gate.port, undefined)({ ...request, headers: { host: empty.host, ...request.headers } });

/** The newest first, told as refused, with its details behind it. */
async function expectInPulls(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Pulls' }).click();
  const row = page.getByRole('row').filter({ hasText: 'somebody/miner' }).first();
  await row.waitFor();
  expect(await row.textContent()).toMatch(/Refused.*somebody\/miner.*max.*Community/);
  expect(await page.getByRole('row').filter({ hasText: 'library/alpine' }).first().textContent()).toContain('Allowed');
}

/** Where the link of the refusal leads whoever is signed in. */
async function expectDecision(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('A refused pull');
  expect(await page.getByRole('main').textContent()).toMatch(/somebody\/miner.*Owners of acme decide: olivia/s);
}
