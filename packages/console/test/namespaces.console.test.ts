import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pusher } from '../../server/test/hub-api/hub-world.ts';
import { type ConsoleWorld, openConsole, type Role } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const params = { org: 'acme' };

async function claimed(): Promise<readonly string[]> {
  const { results } = await world.api('owner').listNamespaces({ params });
  return results.map(({ registry, namespace }) => `${registry}/${namespace}`);
}

async function open(role: Role, search = ''): Promise<Page> {
  const page = await world.as(role);
  await page.goto(`/console/o/acme/namespaces${search}`);
  await page.getByRole('heading', { name: 'Namespaces', level: 1 }).waitFor();
  return page;
}

/** `docker.io/acme` is claimed, and nothing else. */
beforeEach(async () => {
  const { results } = await world.api('owner').listNamespaces({ params });
  for (const { registry, namespace } of results) {
    await world.api('owner').releaseNamespace({ params: { ...params, registry, namespace } });
  }
  await world.api('owner').assignNamespace({ params: { ...params, registry: 'docker.io', namespace: 'acme' } });
});

/** The form of owners: administrators have another one below it. */
const form = (page: Page, title: string) => page.getByRole('region', { name: title });

async function prove(page: Page, password: string): Promise<void> {
  const claim = form(page, 'Claim a namespace');
  await claim.getByLabel('Registry').fill('ghcr.io');
  await claim.getByLabel('Namespace', { exact: false }).first().fill('acme');
  await claim.getByLabel('Repository in the namespace').fill('web');
  await claim.getByText('may push to acme/web').waitFor();
  await claim.getByLabel('User name there').fill(pusher.username);
  await claim.getByLabel('Password or access token there').fill(password);
  await claim.getByRole('button', { name: 'Prove and claim' }).click();
}

describe('an owner', () => {
  it('claims a namespace by proving to be allowed to push there, and can take it back', async () => {
    const page = await open('owner');
    await prove(page, pusher.password);
    await page.getByText('ghcr.io/acme belongs to acme').waitFor();
    expect(await claimed()).toEqual(['docker.io/acme', 'ghcr.io/acme']);
    expect(await form(page, 'Claim a namespace').getByLabel('Password or access token there').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('ghcr.io/acme was given up.').waitFor();
    expect(await claimed()).toEqual(['docker.io/acme']);
  });

  it('is told when the registry refuses the credential', async () => {
    const page = await open('owner');
    await prove(page, 'not the password');
    await page.getByText('ghcr.io does not let this credential push to acme/web, so nothing was claimed.').waitFor();
    expect(await claimed()).toEqual(['docker.io/acme']);
  });

  it('is told before asking when the gate does not pull from the registry', async () => {
    const page = await open('owner');
    await form(page, 'Claim a namespace').getByLabel('Registry').fill('quay.io');
    await page.getByText('quay.io is not in this gate’s configuration').waitFor();
  });

  it('gives a namespace up by typing its name', async () => {
    const page = await open('owner');
    await page.getByRole('button', { name: 'Release docker.io/acme' }).click();
    const dialog = page.getByRole('dialog', { name: 'Release docker.io/acme?' });
    const release = dialog.getByRole('button', { name: 'Release' });
    expect(await release.isDisabled()).toBe(true);
    await dialog.getByLabel('Type docker.io/acme to confirm').fill('docker.io/acme');
    await release.click();
    await page.getByText('No namespace is claimed yet').waitFor();
    expect(await claimed()).toEqual([]);
  });
});

it('an administrator assigns a namespace without proof', async () => {
  const page = await open('owner');
  const assign = form(page, 'Assign a namespace');
  await assign.getByLabel('Namespace', { exact: false }).first().fill('acme-tools');
  await assign.getByRole('button', { name: 'Assign' }).click();
  await page.getByText('docker.io/acme-tools belongs to acme').waitFor();
  expect(await claimed()).toEqual(['docker.io/acme', 'docker.io/acme-tools']);
});

it('the address keeps what the list is searched for', async () => {
  for (const namespace of ['one', 'two', 'three', 'four', 'five']) {
    await world.api('owner').assignNamespace({ params: { ...params, registry: 'ghcr.io', namespace } });
  }
  const page = await open('owner');
  await page.getByLabel('Search namespaces').fill('three');
  await page.waitForURL('**/namespaces?search=three');
  const again = await open('owner', '?search=three');
  await again.getByRole('cell', { name: 'ghcr.io/three', exact: true }).waitFor();
  expect(await again.getByRole('cell', { name: 'docker.io/acme', exact: true }).count()).toBe(0);
});

it('a member sees what is claimed, by whom, and changes nothing', async () => {
  const page = await open('member');
  await page.getByText('Owners of the organization claim and release them.').waitFor();
  const line = page.getByRole('row', { name: /docker\.io\/acme/ });
  expect(await line.textContent()).toContain('olivia');
  expect(await page.getByRole('button', { name: /Release|claim|Assign/ }).count()).toBe(0);
});
