import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, firstPage, type Office, root, settleOffice } from './small-office.ts';

const openOffice = async (): Promise<Office> => settleOffice(await openTestDatabase());

describe('the members of an organization', () => {
  it.each([
    ['all by user name', {}, ['alice', 'bob', 'carol', 'erin'], 4],
    ['a page', { offset: 1, limit: 2 }, ['bob', 'carol'], 4],
    ['beyond the end', { offset: 4, limit: 2 }, [], 4],
    ['owners', { role: 'owner' }, ['alice'], 1],
    ['editors', { role: 'editor' }, ['erin'], 1],
    ['plain members', { role: 'member' }, ['bob', 'carol'], 2],
    ['by a part of the user name', { search: 'AR' }, ['carol'], 1],
    ['by a part of the name', { search: 'in ex' }, ['erin'], 1],
    ['by a part and a role', { search: 'e', role: 'member' }, ['bob', 'carol'], 2],
    ['not by address', { search: 'acme.example' }, [], 0],
    [
      'by address for who may see it',
      { search: 'ACME.example', searchEmail: true },
      ['alice', 'bob', 'carol', 'erin'],
      4,
    ],
    ['by a sign that means something elsewhere', { search: '%' }, [], 0],
    ['by another such sign', { search: '_' }, [], 0],
    ['by one more', { search: '\\' }, [], 0],
    ['by an attempt to leave the text', { search: "' or 1=1 --" }, [], 0],
  ] as const)('%s', async (_what, query, expected, total) => {
    const { admin } = await openOffice();
    const page = await admin.members.page('acme', { ...firstPage, ...query });
    expect(page.items.map(({ username }) => username)).toEqual(expected);
    expect(page.total).toBe(total);
  });

  it.each(['bob', 'BOB', 'bob@acme.example', 'Bob@Acme.Example'])('are found as %s', async (person) => {
    const { admin } = await openOffice();
    expect(await admin.members.find('acme', person)).toMatchObject({
      username: 'bob',
      name: 'Bob Example',
      email: 'bob@acme.example',
      role: 'member',
      teams: [],
    });
  });

  it('are changed and removed by their address as well', async () => {
    const { admin, told } = await openOffice();
    await admin.members.changeRole('acme', 'bob@acme.example', 'editor', alice);
    await admin.members.remove('acme', 'carol@acme.example', alice);
    expect((await told()).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'org.member.role.change bob',
      'org.member.remove carol',
    ]);
  });

  it('have their teams told when they are removed', async () => {
    const { admin, told } = await openOffice();
    await admin.teams.create('acme', { name: 'dev' }, root);
    await admin.teams.addMember('acme', 'dev', 'bob', root);
    await admin.members.remove('acme', 'bob', alice);
    expect((await told()).at(-1)).toMatchObject({
      action: 'org.member.remove',
      before: { role: 'member', teams: ['dev'] },
    });
  });
});

type Attempt = (admin: Office['admin']) => Promise<unknown>;

describe('the last owner', () => {
  const ways: readonly (readonly [what: string, attempt: Attempt])[] = [
    ['removed', ({ members }) => members.remove('acme', 'alice', root)],
    ['removed by address', ({ members }) => members.remove('acme', 'alice@acme.example', root)],
    ['demoted', ({ members }) => members.changeRole('acme', 'alice', 'editor', root)],
    ['taken out of the team', ({ teams }) => teams.removeMember('acme', 'owners', 'alice', root)],
    ['deactivated', ({ people }) => people.setActive('alice', false, root)],
    [
      'demoted by an identity provider',
      ({ provisioning }) => provisioning.provision('acme', { email: 'alice@acme.example', role: 'member' }, root),
    ],
  ];

  it.each(ways)('cannot be %s', async (_what, attempt) => {
    const { admin, told } = await openOffice();
    await expect(attempt(admin)).rejects.toMatchObject({ code: 'last-owner' });
    expect(await admin.members.find('acme', 'alice')).toMatchObject({ role: 'owner', isActive: true });
    expect(await told()).toEqual([]);
  });

  it.each(ways)('is not replaced by one who cannot sign in: cannot be %s', async (_what, attempt) => {
    const { admin } = await openOffice();
    await admin.members.changeRole('acme', 'bob', 'owner', root);
    await admin.people.setActive('bob', false, root);
    await expect(attempt(admin)).rejects.toMatchObject({ code: 'last-owner' });
  });

  it.each(ways)('is not replaced by the members of a team with that role: cannot be %s', async (_what, attempt) => {
    const { admin } = await openOffice();
    await admin.teams.create('acme', { name: 'deputies' }, root);
    await admin.teams.update('acme', 'deputies', { role: 'owner' }, root);
    await admin.teams.addMember('acme', 'deputies', 'bob', root);
    await expect(attempt(admin)).rejects.toMatchObject({ code: 'last-owner' });
  });

  it.each(ways)('is replaced by another owner: can be %s', async (_what, attempt) => {
    const { admin } = await openOffice();
    await admin.members.changeRole('acme', 'bob', 'owner', root);
    await attempt(admin);
  });
});
