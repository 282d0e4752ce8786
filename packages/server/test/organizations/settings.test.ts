import { defaultPolicy, type ImageAccessPolicy } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import type { CustomRegistry } from '../../src/organizations/settings.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, day, type Office, settleOffice } from './small-office.ts';

const openOffice = async (): Promise<Office> => settleOffice(await openTestDatabase());

describe("Docker's three switches", () => {
  const full: ImageAccessPolicy = {
    enabled: false,
    allow: { official: false, 'verified-publisher': true, 'sponsored-oss': true, community: true },
    allowlist: { enabled: true, repositories: new Set(['docker.io/bitnami/redis']) },
    registryAccess: { enabled: true, dockerHub: false, registries: new Set(['ghcr.io']) },
  };

  it('are read from the policy', async () => {
    const { admin } = await openOffice();
    expect(await admin.settings.restrictedImages('acme')).toEqual({
      enabled: false,
      allowOfficialImages: true,
      allowVerifiedPublishers: true,
    });
  });

  it('keep the allowlist and every switch that they do not know', async () => {
    const { admin } = await openOffice();
    await admin.policies.set('acme', { policy: full, expectedVersion: 1 }, alice);
    const switches = { enabled: true, allowOfficialImages: true, allowVerifiedPublishers: false };
    const set = await admin.settings.setRestrictedImages('acme', switches, alice);
    expect(set).toMatchObject({
      version: 3,
      changedBy: 'alice',
      policy: { ...full, enabled: true, allow: { ...full.allow, official: true, 'verified-publisher': false } },
    });
    expect(await admin.settings.restrictedImages('acme')).toEqual(switches);
  });

  it('that say what is in force already make no version', async () => {
    const { admin, told } = await openOffice();
    const current = await admin.settings.restrictedImages('acme');
    expect(await admin.settings.setRestrictedImages('acme', current, alice)).toMatchObject({ version: 1 });
    expect(await told()).toEqual([]);
  });
});

describe('registry access', () => {
  const entry = (address: string, allowed = true): CustomRegistry => ({ address, friendlyName: 'A registry', allowed });
  const access = (...customRegistries: CustomRegistry[]) => ({ enabled: true, dockerHub: true, customRegistries });

  it('is off, with Docker Hub and nothing else, until it is changed', async () => {
    const { admin } = await openOffice();
    expect(await admin.settings.registryAccess('acme')).toEqual({
      enabled: false,
      dockerHub: true,
      customRegistries: [],
    });
  });

  it('comes back as it was sent, in its order, and counts by the canonical host', async () => {
    const { admin, directory } = await openOffice();
    const sent = access(
      entry('https://GHCR.io/'),
      entry('quay.io', false),
      entry('http://registry.corp:5000'),
      entry('gcr.io:443'),
    );
    expect(await admin.settings.setRegistryAccess('acme', sent, alice)).toEqual(sent);
    expect(await admin.settings.registryAccess('acme')).toEqual(sent);
    expect((await directory()).organizationByName('acme')?.policy.registryAccess).toEqual({
      enabled: true,
      dockerHub: true,
      registries: new Set(['ghcr.io', 'registry.corp:5000', 'gcr.io']),
    });
  });

  it('keeps the rest of the policy', async () => {
    const { admin } = await openOffice();
    const policy = {
      ...defaultPolicy,
      enabled: true,
      allowlist: { enabled: true, repositories: new Set(['ghcr.io/a/b']) },
    };
    await admin.policies.set('acme', { policy, expectedVersion: 1 }, alice);
    await admin.settings.setRegistryAccess('acme', access(entry('ghcr.io')), alice);
    expect((await admin.policies.current('acme')).policy).toEqual({
      ...policy,
      registryAccess: { enabled: true, dockerHub: true, registries: new Set(['ghcr.io']) },
    });
  });

  it('shows what the policy says when that was changed elsewhere', async () => {
    const { admin } = await openOffice();
    await admin.settings.setRegistryAccess('acme', access(entry('https://ghcr.io'), entry('quay.io', false)), alice);
    const { version, policy } = await admin.policies.current('acme');
    const registryAccess = { enabled: false, dockerHub: false, registries: new Set(['quay.io', 'gcr.io']) };
    await admin.policies.set('acme', { policy: { ...policy, registryAccess }, expectedVersion: version }, alice);
    expect(await admin.settings.registryAccess('acme')).toEqual({
      enabled: false,
      dockerHub: false,
      customRegistries: [
        entry('https://ghcr.io', false),
        entry('quay.io'),
        { address: 'gcr.io', friendlyName: 'gcr.io', allowed: true },
      ],
    });
  });

  it('is told in the words of Docker Hub beside the version', async () => {
    const { admin, told } = await openOffice();
    await admin.settings.setRegistryAccess('acme', access(entry('https://ghcr.io')), alice);
    await admin.settings.setRegistryAccess('acme', access({ ...entry('GHCR.io'), friendlyName: 'Other' }), alice);
    const off = { enabled: false, dockerHub: false, customRegistries: [] };
    await admin.settings.setRegistryAccess('acme', off, alice);
    await admin.settings.setRegistryAccess('acme', off, alice);
    expect((await told()).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'image_access.update acme',
      'org.registry_access.enabled acme',
      'org.registry_access.registry_added ghcr.io',
      'org.settings.update acme',
      'org.settings.update acme',
      'org.registry_access.registry_updated ghcr.io',
      'image_access.update acme',
      'org.registry_access.disabled acme',
      'org.registry_access.registry_removed docker.io',
      'org.registry_access.registry_removed ghcr.io',
      'org.settings.update acme',
    ]);
  });

  it.each([
    ['an address that is none', [entry('not a host')]],
    ['an empty address', [entry('')]],
    ['an address with a path', [entry('https://ghcr.io/acme')]],
    ['an address with a password', [entry('https://user:secret@ghcr.io')]],
    ['an address of another protocol', [entry('ftp://ghcr.io')]],
    ['Docker Hub', [entry('docker.io')]],
    ['Docker Hub by another name', [entry('https://registry-1.docker.io')]],
    ['one that stands there twice', [entry('ghcr.io'), entry('https://GHCR.io:443', false)]],
    ['a very long address', [entry(`https://${'a'.repeat(300)}`)]],
    ['a very long name', [{ ...entry('ghcr.io'), friendlyName: 'x'.repeat(201) }]],
    ['too many', Array.from({ length: 101 }, (_, n) => entry(`r${n}.example`))],
  ])('refuses %s', async (_what, registries) => {
    const { admin, told } = await openOffice();
    const setting = admin.settings.setRegistryAccess('acme', access(...registries), alice);
    await expect(setting).rejects.toMatchObject({ code: 'invalid-input', field: 'customRegistries' });
    expect(await told()).toEqual([]);
  });
});

describe('what an organization asks of tokens', () => {
  it('is nothing at first, and told when it changes', async () => {
    const { admin, told } = await openOffice();
    expect(await admin.organizations.byName('acme')).toMatchObject({ maxTokenLifetimeMs: null, passwordLogin: false });
    await admin.settings.setTokenRules('acme', { maxTokenLifetimeMs: 90 * day }, alice);
    await admin.settings.setTokenRules('acme', { maxTokenLifetimeMs: 90 * day }, alice);
    await admin.settings.setTokenRules('acme', { passwordLogin: true }, alice);
    await admin.settings.setTokenRules('acme', { passwordLogin: true }, alice);
    expect(await admin.organizations.byName('acme')).toMatchObject({
      maxTokenLifetimeMs: 90 * day,
      passwordLogin: true,
      enforceSignIn: true,
    });
    expect(await told()).toEqual([
      {
        action: 'org.settings.update',
        subject: 'acme',
        before: { maxTokenLifetimeMs: null },
        after: { maxTokenLifetimeMs: 90 * day },
      },
      {
        action: 'sign_in.update',
        subject: 'acme',
        before: { passwordLogin: false },
        after: { passwordLogin: true },
      },
    ]);
  });

  it.each([0, -1, 60_000, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 3651 * day])(
    'cannot be a longest lifetime of %s milliseconds',
    async (milliseconds) => {
      const { admin } = await openOffice();
      await expect(
        admin.settings.setTokenRules('acme', { maxTokenLifetimeMs: milliseconds }, alice),
      ).rejects.toMatchObject({
        code: 'invalid-input',
      });
    },
  );
});
