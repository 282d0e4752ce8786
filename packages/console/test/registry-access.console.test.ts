import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConsoleWorld, openConsole, type Role } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole();
});
afterAll(() => world?.close());

const params = { org: 'acme' };
const registry = (address: string, allowed = true) => ({ address, friendly_name: address, allowed });

async function setRegistries(enabled: boolean, ...custom: readonly ReturnType<typeof registry>[]): Promise<void> {
  const standard = [{ id: 'DockerHub' as const, allowed: true }];
  const body = { enabled, standard_registries: standard, custom_registries: [...custom] };
  await world.api('owner').setRegistryAccess({ params, body });
}

const inForce = () => world.api('owner').getRegistryAccess({ params });

async function open(role: Role, search = ''): Promise<Page> {
  const page = await world.as(role);
  await page.goto(`/console/o/acme/registry-access${search}`);
  await page.getByRole('heading', { name: 'Registry access', level: 1 }).waitFor();
  return page;
}

beforeEach(() => setRegistries(false));

describe('an owner', () => {
  it('switches registry access on, and takes it back', async () => {
    const page = await open('owner');
    await page.getByRole('switch', { name: /^Off: members may pull from every registry/ }).click();
    await page.getByText('Members may pull from docker.io.').waitFor();
    await page.getByText('Registry access is on: only').waitFor();
    expect(await inForce()).toMatchObject({ enabled: true });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('It is as it was before.').waitFor();
    expect(await inForce()).toMatchObject({ enabled: false });
  });

  it('adds a registry that the gate pulls from, however it is written', async () => {
    const page = await open('owner');
    await page.getByLabel('Registry', { exact: true }).fill('https://GHCR.io/');
    await page.getByText('ghcr.io · this gate pulls from it').waitFor();
    await page.getByLabel('Name (optional)').fill('GitHub');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('ghcr.io is on the list.').waitFor();
    expect((await inForce()).custom_registries).toEqual([
      { address: 'ghcr.io', friendly_name: 'GitHub', allowed: true },
    ]);
  });

  it('is told what the server needs for a registry that it does not know', async () => {
    await setRegistries(true, registry('quay.io'));
    const page = await open('owner');
    await page.getByText('This gate does not pull from quay.io yet').waitFor();
    expect(await page.getByRole('alert').locator('code').textContent()).toBe('upstreams:\n  quay.io:');
  });

  it.each([
    ['ghcr.io/acme', 'Only the host counts'],
    ['index.docker.io', 'Docker Hub has its own switch'],
    ['quay.io:443', 'quay.io is on the list already'],
  ])('cannot add %s', async (text, problem) => {
    await setRegistries(false, registry('quay.io'));
    const page = await open('owner');
    await page.getByLabel('Registry', { exact: true }).fill(text);
    await page.getByText(problem).waitFor();
    expect(await page.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
  });

  it('removes a registry, and has it back with everything that was said of it', async () => {
    await setRegistries(false, registry('quay.io', false), registry('ghcr.io'));
    const page = await open('owner');
    await page.getByRole('button', { name: 'Remove quay.io' }).click();
    await page.getByText('quay.io is no longer on the list.').waitFor();
    expect((await inForce()).custom_registries).toEqual([registry('ghcr.io')]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('It is as it was before.').waitFor();
    expect((await inForce()).custom_registries).toEqual([registry('ghcr.io'), registry('quay.io', false)]);
  });

  it('refuses Docker Hub', async () => {
    const page = await open('owner');
    await page.getByRole('switch', { name: 'Allow docker.io' }).click();
    await page.getByText('Docker Hub is refused on the list.').waitFor();
    expect((await inForce()).standard_registries).toEqual([{ id: 'DockerHub', allowed: false }]);
  });

  it('sees it as it was when the server fails', async () => {
    const page = await open('owner');
    await page.route('**/settings/registry-access-management', (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({ status: 503, json: { detail: 'The database is busy. Try again.' } })
        : route.fallback(),
    );
    await page.getByRole('switch', { name: /^Off:/ }).click();
    await page.getByText('The database is busy. Try again.').waitFor();
    await page.getByRole('switch', { name: /^Off:/ }).waitFor();
  });
});

it('the address keeps what the list is searched for', async () => {
  await setRegistries(
    false,
    ...['ghcr.io', 'quay.io', 'gcr.io', 'public.ecr.aws', 'r.acme.example'].map((one) => registry(one)),
  );
  const page = await open('owner');
  await page.getByLabel('Search registries').fill('quay');
  await page.waitForURL('**/registry-access?search=quay');
  const again = await open('owner', '?search=quay');
  const lines = again.getByRole('region', { name: 'Registries' }).getByRole('row');
  await again.getByText('quay.io').first().waitFor();
  expect(await lines.count()).toBe(2);
});

it('a member sees what is in force and changes nothing', async () => {
  await setRegistries(true, registry('ghcr.io'));
  const page = await open('member');
  await page.getByText('Owners of the organization change it').waitFor();
  await page.getByText('Members may pull from docker.io, ghcr.io.').waitFor();
  expect(await page.getByRole('switch').isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: /^(Add|Remove)/ }).count()).toBe(0);
});
