import { defaultPolicy, type ImageAccessPolicy } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, type Office, settleOffice } from './small-office.ts';

const on: ImageAccessPolicy = { ...defaultPolicy, enabled: true };
const listed: ImageAccessPolicy = {
  ...on,
  allowlist: { enabled: true, repositories: new Set(['docker.io/bitnami/redis']) },
};

const erin = { ...alice, name: 'erin' };

/** Version 1 is the default policy, 2 switches it on, 3 lists a repository. */
async function openOffice(): Promise<Office> {
  const office = await settleOffice(await openTestDatabase());
  await office.admin.policies.set('acme', { policy: on, expectedVersion: 1 }, alice);
  await office.admin.policies.set('acme', { policy: listed, expectedVersion: 2 }, alice);
  return office;
}

describe('the versions of a policy', () => {
  it('are listed newest first, by what they changed', async () => {
    const { admin } = await openOffice();
    const { items, total } = await admin.policies.history('acme', { offset: 0, limit: 10 });
    expect(total).toBe(3);
    expect(items.map(({ version, changedBy, difference }) => ({ version, changedBy, difference }))).toEqual([
      {
        version: 3,
        changedBy: 'alice',
        difference: {
          before: { 'allowlist.enabled': false, 'allowlist.repositories': [] },
          after: { 'allowlist.enabled': true, 'allowlist.repositories': ['docker.io/bitnami/redis'] },
        },
      },
      { version: 2, changedBy: 'alice', difference: { before: { enabled: false }, after: { enabled: true } } },
      { version: 1, changedBy: 'root', difference: undefined },
    ]);
  });

  it('are listed in pages, which know what is on the next', async () => {
    const { admin } = await openOffice();
    const { items, total } = await admin.policies.history('acme', { offset: 1, limit: 1 });
    expect(total).toBe(3);
    expect(items).toMatchObject([{ version: 2, difference: { after: { enabled: true } } }]);
  });

  it.each([
    ['by a repository that was put in', 'BITNAMI/redis', [3]],
    ['by one that was taken out, as well', 'docker.io/old', [5, 4]],
    ['by a registry', 'ghcr.io', [6]],
    ['by a setting, as the console calls it', 'verified publisher', [6]],
    ['by the whole of lists', 'on the allowlist', [5, 4, 3]],
    ['by who changed it', 'RIN', [6, 5]],
    ['by who made the organization', 'root', [1]],
    ['by number', '6', [6]],
    ['by number, as the console writes it', ' Version 2 ', [2]],
    ['by no part of a number', '0', []],
    ['by a number that is too large for a version', '99999999999', []],
    ['not by how they are stored', 'registryAccess', []],
    ['not by the policy of another organization', 'globex/tool', []],
    ['by a sign that means something elsewhere', '%', []],
    ['by another such sign', '_', []],
    ['by one more', '\\', []],
    ['by an attempt to leave the text', "' or 1=1 --", []],
  ])('are found %s', async (_how, search, versions) => {
    const { admin } = await openOffice();
    const repositories = new Set([...listed.allowlist.repositories, 'docker.io/old/tool']);
    const registryAccess = { ...listed.registryAccess, registries: new Set(['ghcr.io']) };
    const allow = { ...listed.allow, 'verified-publisher': !listed.allow['verified-publisher'] };
    const grown = { ...listed, allowlist: { enabled: true, repositories } };
    const theirs = { ...on, allowlist: { enabled: true, repositories: new Set(['docker.io/globex/tool']) } };
    await admin.policies.set('globex', { policy: theirs, expectedVersion: 1 }, alice);
    await admin.policies.set('acme', { policy: grown, expectedVersion: 3 }, alice);
    await admin.policies.set('acme', { policy: listed, expectedVersion: 4 }, erin);
    await admin.policies.set('acme', { policy: { ...listed, allow, registryAccess }, expectedVersion: 5 }, erin);
    const { items, total } = await admin.policies.history('acme', { offset: 0, limit: 10, search });
    expect(items.map(({ version }) => version)).toEqual(versions);
    expect(total).toBe(versions.length);
  });

  it('of many names are found by the first thousand', async () => {
    const { admin } = await openOffice();
    const many = Array.from({ length: 1_001 }, (_, number) => `docker.io/many/${String(number).padStart(4, '0')}`);
    const repositories = new Set([...listed.allowlist.repositories, ...many]);
    await admin.policies.set(
      'acme',
      { policy: { ...listed, allowlist: { enabled: true, repositories } }, expectedVersion: 3 },
      alice,
    );
    const found = async (search: string) =>
      (await admin.policies.history('acme', { offset: 0, limit: 9, search })).total;
    expect(await found('many/0999')).toBe(1);
    expect(await found('many/1000')).toBe(0);
  });

  it('that are found say what they changed, and how many there are on other pages', async () => {
    const { admin } = await openOffice();
    await admin.policies.set('acme', { policy: on, expectedVersion: 3 }, alice);
    await admin.policies.set('acme', { policy: defaultPolicy, expectedVersion: 4 }, alice);
    const { items, total } = await admin.policies.history('acme', { offset: 1, limit: 1, search: 'bitnami' });
    expect(total).toBe(2);
    expect(items).toMatchObject([
      { version: 3, difference: { after: { 'allowlist.repositories': ['docker.io/bitnami/redis'] } } },
    ]);
  });

  it.each([
    [1, on, defaultPolicy],
    [2, defaultPolicy, on],
    [3, on, listed],
  ])('can be seen: version %i', async (version, _before, policy) => {
    const { admin } = await openOffice();
    expect(await admin.policies.version('acme', version)).toMatchObject({ version, policy });
  });

  it.each([0, 4, -1])('are no others: version %i', async (version) => {
    const { admin } = await openOffice();
    const { policies } = admin;
    for (const attempt of [
      () => policies.version('acme', version),
      () => policies.difference('acme', 1, version),
      () => policies.difference('acme', version, 1),
      () => policies.restore('acme', { version }, alice),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it.each([
    [1, 2, { before: { enabled: false }, after: { enabled: true } }],
    [2, 1, { before: { enabled: true }, after: { enabled: false } }],
    [2, 2, undefined],
    [
      3,
      1,
      {
        before: {
          enabled: true,
          'allowlist.enabled': true,
          'allowlist.repositories': ['docker.io/bitnami/redis'],
        },
        after: { enabled: false, 'allowlist.enabled': false, 'allowlist.repositories': [] },
      },
    ],
  ])('differ: %i and %i', async (from, to, expected) => {
    const { admin } = await openOffice();
    expect(await admin.policies.difference('acme', from, to)).toEqual(expected);
  });
});

describe('restoring a policy', () => {
  it('makes a new version of the old policy', async () => {
    const { admin, told, directory } = await openOffice();
    const restored = await admin.policies.restore('acme', { version: 1, expectedVersion: 3 }, alice);
    expect(restored).toMatchObject({ version: 4, policy: defaultPolicy, changedBy: 'alice' });
    expect(await admin.policies.current('acme')).toEqual(restored);
    expect((await directory()).organizationByName('acme')).toMatchObject({ policyVersion: 4, policy: defaultPolicy });
    expect((await told()).at(-1)).toMatchObject({
      action: 'image_access.update',
      before: { version: 3, enabled: true },
      after: { version: 4, enabled: false },
    });
  });

  it('of what is in force changes nothing', async () => {
    const { admin, told } = await openOffice();
    const before = await told();
    expect(await admin.policies.restore('acme', { version: 3 }, alice)).toMatchObject({ version: 3 });
    expect(await told()).toEqual(before);
  });

  it('that was decided on before somebody else changed it is refused', async () => {
    const { admin } = await openOffice();
    const restoring = admin.policies.restore('acme', { version: 1, expectedVersion: 2 }, alice);
    await expect(restoring).rejects.toMatchObject({ code: 'policy-conflict', currentVersion: 3 });
  });
});
