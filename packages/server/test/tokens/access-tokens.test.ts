import { describe, expect, it } from 'vitest';
import { isUsable } from '../../src/access/caller.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, day, firstPage, type Office, root, settleOffice, start } from '../organizations/small-office.ts';

const openOffice = async (): Promise<Office> => settleOffice(await openTestDatabase());
const pull = { type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-pull'] } as const;
const iso = (at: number) => new Date(at).toISOString();

describe('a personal access token', () => {
  it('gives back what was sent: scopes in their order, the time of expiry byte for byte', async () => {
    const { admin } = await openOffice();
    const wanted = {
      label: 'laptop',
      scopes: ['repo:write', 'repo:read'],
      expiresAt: '2027-01-31T23:59:59+01:00',
    } as const;
    const { token } = await admin.personalTokens.create('bob', wanted, alice);
    const found = await admin.personalTokens.find('bob', token.id);
    expect(found).toEqual(token);
    expect(found).toMatchObject({
      scopes: ['repo:write', 'repo:read'],
      expiresAt: Date.parse('2027-01-31T22:59:59Z'),
      expiresAtText: '2027-01-31T23:59:59+01:00',
      createdBy: 'alice',
      creatorAddress: '192.0.2.7',
    });
  });

  it.each([
    ['one that is not there', ['repo:read', 'repo:own']],
    ['none', []],
    ['very many', Array.from({ length: 21 }, () => 'repo:read')],
  ])('cannot have scopes such as %s', async (_what, scopes) => {
    const { admin } = await openOffice();
    const wanted = { label: 'x', scopes: scopes as 'repo:read'[] };
    await expect(admin.personalTokens.create('bob', wanted, root)).rejects.toMatchObject({ field: 'scopes' });
  });

  it('changes its label and whether it is active at once', async () => {
    const { admin, told } = await openOffice();
    const { token } = await admin.personalTokens.create('bob', { label: 'x', scopes: ['repo:read'] }, root);
    const change = { label: 'y', isActive: false };
    expect(await admin.personalTokens.update('bob', token.id, change, alice)).toEqual({ ...token, ...change });
    expect(await told()).toHaveLength(2);
  });
});

describe('what is done with a personal access token', () => {
  it.each<[string, string, readonly (string | null)[]]>([
    ['each organization of the person', 'bob', ['acme', 'globex']],
    ['the installation, of somebody who is in no organization', 'walter', [null]],
  ])('is told to %s', async (_what, username, told) => {
    const { admin } = await openOffice();
    await admin.members.add('globex', { username: 'bob', role: 'member' }, root);
    const { token } = await admin.personalTokens.create(username, { label: 'x', scopes: ['repo:read'] }, root);
    await admin.personalTokens.rename(username, token.id, 'y', root);
    await admin.personalTokens.revoke(username, token.id, root);
    for (const name of ['acme', 'globex', null]) {
      const organizationId = name === null ? null : (await admin.organizations.byName(name)).id;
      const rows = await admin.activity.list({ organizationId, subject: username });
      const actions = rows.map(({ action }) => action).filter((action) => action.startsWith('pat.'));
      expect(actions).toEqual(told.includes(name) ? ['pat.delete', 'pat.update', 'pat.create'] : []);
    }
  });
});

describe('the tokens of an organization’s members', () => {
  async function withTokens() {
    const office = await openOffice();
    const ids: Record<string, string> = {};
    for (const [username, label] of [
      ['bob', 'laptop'],
      ['carol', 'desk'],
      ['bob', 'phone'],
      ['gina', 'laptop'],
    ] as const) {
      const { token } = await office.admin.personalTokens.create(username, { label, scopes: ['repo:read'] }, root);
      ids[`${username} ${label}`] = token.id;
      office.clock.now += 1;
    }
    return { ...office, idOf: (name: string) => ids[name] ?? '' };
  }

  it.each([
    ['all by user name, newest first', {}, ['bob phone', 'bob laptop', 'carol desk'], 3],
    ['a page', { offset: 1, limit: 1 }, ['bob laptop'], 3],
    ['of one', { username: 'Carol' }, ['carol desk'], 1],
    ['of somebody elsewhere', { username: 'gina' }, [], 0],
    ['by a part of the label', { search: 'LAP' }, ['bob laptop'], 1],
    ['by a part of the name', { search: 'aro' }, ['carol desk'], 1],
  ] as const)('are listed for its owners: %s', async (_what, query, expected, total) => {
    const { admin } = await withTokens();
    const page = await admin.personalTokens.pageOfMembers('acme', { ...firstPage, ...query });
    expect(page.items.map(({ username, label }) => `${username} ${label}`)).toEqual(expected);
    expect(page.total).toBe(total);
  });

  it('are revoked by them, which the organization’s activity tells', async () => {
    const { admin, idOf, told, directory } = await withTokens();
    const id = idOf('bob phone');
    await admin.personalTokens.revokeOfMember('acme', id, alice);
    expect((await directory()).credentialById(id)).toBeUndefined();
    expect((await told()).at(-1)).toMatchObject({
      action: 'pat.delete',
      subject: 'bob',
      before: { id, label: 'phone' },
    });
    const { id: organizationId } = await admin.organizations.byName('acme');
    expect(await admin.activity.list({ organizationId, limit: 1 })).toMatchObject([{ action: 'pat.delete' }]);
  });

  it('are not revoked by owners elsewhere, nor after the person left', async () => {
    const { admin, idOf } = await withTokens();
    const { revokeOfMember } = admin.personalTokens;
    await expect(revokeOfMember('globex', idOf('bob phone'), root)).rejects.toMatchObject({ code: 'not-found' });
    await admin.members.remove('acme', 'bob', alice);
    await expect(revokeOfMember('acme', idOf('bob phone'), alice)).rejects.toMatchObject({ code: 'not-found' });
    expect(await admin.personalTokens.list('bob')).toHaveLength(2);
  });
});

describe('an organization access token', () => {
  it('gives back what was sent: resources and their scopes in their order, the time of expiry byte for byte', async () => {
    const { admin } = await openOffice();
    const resources = [
      { ...pull, path: 'acme/web', scopes: ['scope-tag-read', 'scope-image-pull'] },
      { type: 'TYPE_ORG', path: 'acme', scopes: ['scope-member-read', 'scope-activity-read'] },
      { ...pull, path: 'acme/app' },
    ] as const;
    const wanted = { label: 'ci', description: 'pulls', resources, expiresAt: '2027-12-31T23:59:59Z' };
    const { token } = await admin.organizationTokens.create('acme', wanted, alice);
    const found = await admin.organizationTokens.find('acme', token.id);
    expect(found).toEqual(token);
    expect(found).toMatchObject({
      ...wanted,
      expiresAt: Date.parse(wanted.expiresAt),
      expiresAtText: wanted.expiresAt,
    });
    expect(found.createdBy).toBe('alice');
  });
});

describe('a longest lifetime', () => {
  const tooLong: readonly (readonly [string, string | number | null])[] = [
    ['never', null],
    ['a moment later', start + 90 * day + 1],
    ['a moment later, as text', iso(start + 90 * day + 1)],
  ];

  it.each(tooLong)('refuses tokens that expire later: %s', async (_what, expiresAt) => {
    const { admin } = await openOffice();
    await admin.settings.setTokenRules('acme', { maxTokenLifetimeMs: 90 * day }, alice);
    const tries = [
      () => admin.personalTokens.create('bob', { label: 'x', scopes: ['repo:read'], expiresAt }, root),
      () => admin.organizationTokens.create('acme', { label: 'x', resources: [pull], expiresAt }, root),
    ];
    for (const attempt of tries) {
      await expect(attempt()).rejects.toMatchObject({
        field: 'expiresAt',
        message: 'acme requires that tokens expire within 90 days. Give a time of expiry that is not later.',
      });
    }
  });

  it('allows tokens that expire in time, and says nothing to anybody else', async () => {
    const { admin } = await openOffice();
    await admin.settings.setTokenRules('acme', { maxTokenLifetimeMs: 90 * day }, alice);
    const inTime = { label: 'x', expiresAt: start + 90 * day };
    await admin.personalTokens.create('bob', { ...inTime, scopes: ['repo:read'] }, root);
    await admin.organizationTokens.create('acme', { ...inTime, resources: [pull] }, root);
    await admin.personalTokens.create('gina', { label: 'x', scopes: ['repo:read'] }, root);
  });

  it('is the shortest of all organizations that a person is in', async () => {
    const { admin } = await openOffice();
    await admin.members.add('globex', { username: 'bob', role: 'member' }, root);
    await admin.settings.setTokenRules('acme', { maxTokenLifetimeMs: 90 * day }, alice);
    await admin.settings.setTokenRules('globex', { maxTokenLifetimeMs: 7 * day }, root);
    const wanted = { label: 'x', scopes: ['repo:read'], expiresAt: start + 30 * day } as const;
    await expect(admin.personalTokens.create('bob', wanted, root)).rejects.toThrow(/globex .* within 7 days/);
  });

  it('ends tokens that are older, for as long as it holds for them', async () => {
    const { admin, clock, directory } = await openOffice();
    const pat = await admin.personalTokens.create('bob', { label: 'x', scopes: ['repo:read'] }, root);
    const oat = await admin.organizationTokens.create('acme', { label: 'x', resources: [pull] }, root);
    const early = { label: 'x', scopes: ['repo:read'], expiresAt: start + day } as const;
    const soon = await admin.personalTokens.create('bob', early, root);
    await admin.settings.setTokenRules('acme', { maxTokenLifetimeMs: 90 * day }, alice);

    const usable = async (at: number) => {
      const current = await directory();
      return [pat, oat, soon].map(({ token: { id } }) => {
        const credential = current.credentialById(id);
        return credential !== undefined && isUsable(credential, at);
      });
    };
    expect(await usable(start + day - 1)).toEqual([true, true, true]);
    expect(await usable(start + day)).toEqual([true, true, false]);
    expect(await usable(start + 90 * day - 1)).toEqual([true, true, false]);
    expect(await usable(start + 90 * day)).toEqual([false, false, false]);

    clock.now = start + 100 * day;
    await admin.members.remove('acme', 'bob', alice);
    expect(await usable(clock.now)).toEqual([true, false, false]);
    await admin.settings.setTokenRules('acme', { maxTokenLifetimeMs: null }, alice);
    expect(await usable(clock.now)).toEqual([true, true, false]);
  });
});
