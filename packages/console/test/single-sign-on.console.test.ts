import type { SsoConnectionBody } from '@pullgate/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startIdentityProvider } from '../../server/test/sign-in/identity-provider.ts';
import { createSamlProvider } from '../../server/test/sign-in/saml-provider.ts';
import { expectGoodLooks } from './looks.ts';
import { type ConsoleWorld, openConsole, type Role } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await openConsole({ settings: 'single_sign_on: { allow_http: true, allow_private_addresses: true }\n' });
  await world.hub.proveDomain('acme', 'acme.example');
});
afterAll(() => world?.close());

const params = { org: 'acme' };
const saml = createSamlProvider();

/** Whatever decides how people sign in needs somebody who is signed in: the bearer of a session. */
const api = () => world.api('owner');
const connections = async () => (await api().listConnections({ params })).results;

beforeEach(async () => {
  for (const { id } of await connections()) await api().deleteConnection({ params: { ...params, id } });
});

async function open(role: Role): Promise<Page> {
  const page = await world.as(role);
  await page.goto('/console/o/acme/single-sign-on');
  await page.getByRole('heading', { name: 'Single sign-on', level: 1 }).waitFor();
  return page;
}

async function connectSaml(
  more: Partial<Pick<SsoConnectionBody, 'name' | 'domains' | 'group_mappings'>> = {},
): Promise<void> {
  const settings = { entry_point: 'https://idp.acme.example/sso', entity_id: saml.entityId };
  await api().createConnection({
    params,
    body: {
      protocol: 'saml',
      name: 'Acme login',
      domains: ['acme.example'],
      saml: { ...settings, certificate: saml.certificate },
      ...more,
    },
  });
}

const copied = (page: Page) => page.evaluate('navigator.clipboard.readText()');

describe('domains', () => {
  it('are added, with the DNS record to copy, and removed', async () => {
    const page = await open('owner');
    await page.getByLabel('Domain', { exact: true }).fill('Shop.Example');
    await page.getByRole('button', { name: 'Add domain' }).click();
    await page.getByRole('heading', { name: 'shop.example' }).waitFor();
    const record = (await api().listDomains({ params })).results.find(
      ({ domain }) => domain === 'shop.example',
    )?.record;
    await page.getByRole('button', { name: 'Copy the name of the record of shop.example' }).click();
    expect(await copied(page)).toBe(record?.name);
    await page.getByRole('button', { name: 'Copy the value of the record of shop.example' }).click();
    expect(await copied(page)).toBe(record?.value);
    await page.getByRole('button', { name: 'Remove shop.example' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('shop.example was removed.').waitFor();
    expect((await api().listDomains({ params })).results.map(({ domain }) => domain)).toEqual(['acme.example']);
  });

  it('are not verified as long as the DNS does not have the record', async () => {
    await api().addDomain({ params, body: { domain: 'nowhere.invalid' } });
    const page = await open('owner');
    await page.getByRole('button', { name: 'Verify nowhere.invalid' }).click();
    await page.getByText(/There is no TXT record _pullgate-verification\.nowhere\.invalid/).waitFor();
    await api().removeDomain({ params: { ...params, domain: 'nowhere.invalid' } });
  });

  it('say what is wrong with what is typed', async () => {
    const page = await open('owner');
    await page.getByLabel('Domain', { exact: true }).fill('not a domain');
    await page.getByRole('button', { name: 'Add domain' }).click();
    await page.getByText('A domain is what stands behind the @').first().waitFor();
  });

  it('cannot be removed while a connection uses them', async () => {
    await connectSaml();
    const page = await open('owner');
    await page.getByText('Its people sign in with Acme login').waitFor();
    expect(await page.getByRole('button', { name: 'Remove acme.example' }).isDisabled()).toBe(true);
  });
});

describe('many of them', () => {
  const shops = ['books', 'games', 'music', 'films', 'tools'].map((name) => `${name}.example`);

  it('are searched, domains and identity providers each on their own, and the address keeps both', async () => {
    for (const domain of shops) await world.hub.proveDomain('acme', domain);
    for (const domain of ['acme.example', ...shops]) {
      const group_mappings = domain === 'games.example' ? [{ group: 'gamers', team: 'frontend' }] : [];
      await connectSaml({ name: `Login of ${domain}`, domains: [domain], group_mappings });
    }
    const page = await open('owner');
    const domains = page.getByRole('region', { name: 'Domains' }).getByRole('button', { name: /^Remove / });
    const providers = page.getByRole('article');
    await page.getByRole('searchbox', { name: 'Search domains' }).fill('S.EX');
    await page.getByText('4 of 6 domains').waitFor();
    expect(await domains.count()).toBe(4);
    expect(await providers.count()).toBe(6);
    await page.getByRole('searchbox', { name: 'Search identity providers' }).fill('gamers');
    await expect.poll(() => providers.count()).toBe(1);
    expect(await providers.getAttribute('aria-label')).toBe('Login of games.example');
    await page.reload();
    await page.getByText('1 of 6 identity providers').waitFor();
    expect(await domains.count()).toBe(4);
    await expectGoodLooks(page, 'single-sign-on-searched');
    await page.getByRole('searchbox', { name: 'Search domains' }).fill('nowhere');
    await page.getByText('No domain is found').waitFor();
    await page.getByRole('searchbox', { name: 'Search identity providers' }).fill('nothing');
    await page.getByText('No identity provider is found').waitFor();
    for (const { id } of await connections()) await api().deleteConnection({ params: { ...params, id } });
    for (const domain of shops) await api().removeDomain({ params: { ...params, domain } });
  });

  it('of groups that stand for teams are searched, too', async () => {
    const groups = ['dev', 'ops', 'qa', 'docs', 'design', 'sales'];
    await connectSaml({ group_mappings: groups.map((group) => ({ group, team: 'platform' })) });
    const page = await open('owner');
    await page.getByRole('searchbox', { name: 'Search groups and teams' }).fill('DE');
    await page.getByText('2 of 6 mappings').waitFor();
    const lines = page.getByText('are in the team platform.');
    expect(await lines.allTextContents()).toEqual([expect.stringContaining('dev'), expect.stringContaining('design')]);
  });
});

describe('identity providers', () => {
  it('are connected by OpenID Connect, with groups that stand for teams', async () => {
    const provider = await startIdentityProvider();
    const page = await open('owner');
    await page.getByRole('button', { name: 'Connect an identity provider' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Acme login');
    await dialog.getByLabel('Issuer').fill(provider.issuer);
    await dialog.getByLabel('Client ID').fill(provider.clientId);
    await dialog.getByLabel('Client secret').fill(provider.clientSecret);
    await dialog.getByRole('switch', { name: /becomes a member/ }).click();
    await dialog.getByRole('button', { name: 'Add a group' }).click();
    await dialog.getByLabel('Group 1', { exact: false }).first().fill('ops');
    await dialog.getByLabel('Team of group 1').fill('platform');
    await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Acme login is connected.').waitFor();
    const [connection] = await connections();
    expect(connection).toMatchObject({
      protocol: 'oidc',
      name: 'Acme login',
      domains: ['acme.example'],
      create_members: false,
      enforced: false,
      group_mappings: [{ group: 'ops', team: 'platform' }],
      oidc: { issuer: provider.issuer, client_id: provider.clientId, scopes: ['openid', 'email', 'profile'] },
    });
    await page.getByText('Members of the group ops are in the team platform.').waitFor();
    await page.getByRole('button', { name: 'Copy Redirect URI of Acme login' }).click();
    expect(await copied(page)).toBe(connection?.callback_url);
  });

  it('are connected by SAML, with the addresses to enter there', async () => {
    const page = await open('owner');
    await page.getByRole('button', { name: 'Connect an identity provider' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('SAML 2.0').check();
    await dialog.getByLabel('Name').fill('Acme SAML');
    await dialog.getByLabel('Sign-in address of the identity provider').fill('https://idp.acme.example/sso');
    await dialog.getByLabel('Entity ID of the identity provider').fill(saml.entityId);
    await dialog.getByLabel('Signing certificate of the identity provider').fill(saml.certificate);
    await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'Acme SAML' }).waitFor();
    const [connection] = await connections();
    expect(connection).toMatchObject({ protocol: 'saml', saml: { entity_id: saml.entityId } });
    for (const [label, address] of [
      ['ACS URL (assertion consumer service)', connection?.callback_url],
      ['Entity ID and metadata', connection?.metadata_url],
      ['SCIM base URL', connection?.scim.base_url],
    ]) {
      await page.getByRole('button', { name: `Copy ${label} of Acme SAML` }).click();
      expect(await copied(page)).toBe(address);
    }
  });

  it('say which field is wrong', async () => {
    const page = await open('owner');
    await page.getByRole('button', { name: 'Connect an identity provider' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('SAML 2.0').check();
    await dialog.getByLabel('Name').fill('Acme SAML');
    await dialog.getByLabel('Sign-in address of the identity provider').fill('https://idp.acme.example/sso');
    await dialog.getByLabel('Entity ID of the identity provider').fill(saml.entityId);
    const certificate = dialog.getByLabel('Signing certificate of the identity provider');
    await certificate.fill('not a certificate');
    await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
    await dialog.getByRole('alert').getByText('That is no certificate in PEM form').waitFor();
    expect(await certificate.getAttribute('aria-invalid')).toBe('true');
    expect(await connections()).toEqual([]);
  });

  it('are changed, and keep what was not touched', async () => {
    await connectSaml();
    const [before] = await connections();
    const page = await open('owner');
    await page.getByRole('button', { name: 'Change Acme login' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change Acme login' });
    await dialog.getByLabel('Name').fill('Acme directory');
    await dialog.getByRole('switch', { name: 'Passwords work beside it' }).click();
    await dialog.getByText('Owners keep theirs').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Acme directory is changed.').waitFor();
    expect(await connections()).toEqual([{ ...before, name: 'Acme directory', enforced: true }]);
  });

  it('are deleted by typing their name', async () => {
    await connectSaml();
    const page = await open('owner');
    await page.getByRole('button', { name: 'Delete Acme login' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Acme login?' });
    expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Type Acme login to confirm').fill('Acme login');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No identity provider is connected').waitFor();
    expect(await connections()).toEqual([]);
  });
});

it('the SCIM token is shown once, renewed and removed', async () => {
  await connectSaml();
  const page = await open('owner');
  await page.getByRole('button', { name: 'Make a SCIM token' }).click();
  const shown = page.getByRole('dialog', { name: 'SCIM token of Acme login' });
  const first = (await shown.locator('code').first().textContent()) ?? '';
  expect(await provisioningAnswers(first)).toBe(200);
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByText('On. The token was made').waitFor();
  expect(await page.content()).not.toContain(first);

  await page.getByRole('button', { name: 'Renew the SCIM token' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Renew' }).click();
  const second = (await shown.locator('code').first().textContent()) ?? '';
  expect(await provisioningAnswers(first)).toBe(401);
  expect(await provisioningAnswers(second)).toBe(200);
  await shown.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Remove the SCIM token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove the SCIM token of Acme login?' });
  await dialog.getByLabel('Type Acme login to confirm').fill('Acme login');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('The SCIM token of Acme login was removed.').waitFor();
  expect(await provisioningAnswers(second)).toBe(401);
});

async function provisioningAnswers(token: string): Promise<number> {
  return (await world.hub.as(token, 'GET', '/v2/scim/2.0/Users')).status;
}

it('a member is told that it is for owners', async () => {
  const page = await open('member');
  await page.getByText('Only owners see this page').waitFor();
  expect(await page.getByRole('button', { name: /domain|identity provider/ }).count()).toBe(0);
});
