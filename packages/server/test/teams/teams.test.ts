import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, firstPage, type Office, root, settleOffice, start } from '../organizations/small-office.ts';

const openOffice = async (): Promise<Office> => settleOffice(await openTestDatabase());

const names = (page: { readonly items: readonly { readonly name: string }[] }) => page.items.map(({ name }) => name);
const usernames = (page: { readonly items: readonly { readonly username: string }[] }) =>
  page.items.map(({ username }) => username);

describe('a team', () => {
  it('has a number that no other team ever had, and keeps the case of its name', async () => {
    const { admin } = await openOffice();
    const first = await admin.teams.create('acme', { name: 'Platform', description: 'runs it' }, alice);
    expect(first).toEqual({
      id: expect.any(Number),
      uuid: expect.stringMatching(/^[0-9a-f]{8}-/),
      organizationId: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: 'Platform',
      description: 'runs it',
      role: 'member',
      memberCount: 0,
      createdAt: start,
    });
    await admin.teams.delete('acme', 'Platform', alice);
    const second = await admin.teams.create('globex', { name: 'Platform' }, root);
    expect(second.id).toBeGreaterThan(first.id);
  });

  it.each(['Platform', 'platform', 'PLATFORM'])('is found as %s', async (name) => {
    const { admin } = await openOffice();
    const created = await admin.teams.create('acme', { name: 'Platform' }, alice);
    expect(await admin.teams.find('acme', name)).toEqual(created);
  });

  it('is found in its own organization only', async () => {
    const { admin } = await openOffice();
    await admin.teams.create('acme', { name: 'platform' }, alice);
    await expect(admin.teams.find('globex', 'platform')).rejects.toMatchObject({ code: 'not-found' });
    await expect(admin.teams.delete('globex', 'platform', root)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('changes in the parts that are given', async () => {
    const { admin, told } = await openOffice();
    const team = await admin.teams.create('acme', { name: 'dev', description: 'd' }, alice);
    expect(await admin.teams.update('acme', 'dev', { name: 'Dev' }, alice)).toEqual({ ...team, name: 'Dev' });
    expect(await admin.teams.update('acme', 'dev', { role: 'editor', description: '' }, alice)).toEqual({
      ...team,
      name: 'Dev',
      role: 'editor',
      description: '',
    });
    await admin.teams.update('acme', 'dev', { role: 'editor' }, alice);
    expect((await told()).map(({ action }) => action)).toEqual([
      'org.team.create',
      'org.team.update',
      'org.team.update',
    ]);
  });

  it('has members, who have it among their teams', async () => {
    const { admin, told } = await openOffice();
    await admin.teams.create('acme', { name: 'dev' }, alice);
    await admin.teams.addMember('acme', 'dev', 'bob', alice);
    expect(await admin.teams.addMember('acme', 'dev', 'Bob@acme.example', alice)).toMatchObject({ teams: ['dev'] });
    await admin.teams.addMember('acme', 'dev', 'alice', alice);
    expect(usernames(await admin.teams.members('acme', 'dev', firstPage))).toEqual(['alice', 'bob']);
    expect(await admin.members.find('acme', 'alice')).toMatchObject({ teams: ['dev', 'owners'], role: 'owner' });
    expect(await admin.teams.find('acme', 'dev')).toMatchObject({ memberCount: 2 });
    expect(await told()).toMatchObject([
      { action: 'org.team.create', subject: 'dev' },
      { action: 'org.team.member.add', subject: 'bob', after: { team: 'dev' } },
      { action: 'org.team.member.add', subject: 'alice' },
    ]);
    await admin.teams.removeMember('acme', 'dev', 'bob', alice);
    expect(await admin.members.find('acme', 'bob')).toMatchObject({ teams: [] });
    await expect(admin.teams.removeMember('acme', 'dev', 'bob', alice)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('gives its role to its members for as long as they are in it', async () => {
    const { admin, directory } = await openOffice();
    const roleOfBob = async () => (await directory()).personByName('bob')?.memberships[0]?.role;
    await admin.teams.create('acme', { name: 'dev' }, alice);
    await admin.teams.addMember('acme', 'dev', 'bob', alice);
    expect(await roleOfBob()).toBe('member');
    await admin.teams.update('acme', 'dev', { role: 'editor' }, alice);
    expect(await roleOfBob()).toBe('editor');
    expect(await admin.members.find('acme', 'bob')).toMatchObject({ role: 'member' });
    await admin.teams.delete('acme', 'dev', alice);
    expect(await roleOfBob()).toBe('member');
  });

  it('never takes a role away', async () => {
    const { admin, directory } = await openOffice();
    await admin.teams.create('acme', { name: 'dev' }, alice);
    await admin.teams.update('acme', 'dev', { role: 'editor' }, alice);
    await admin.teams.addMember('acme', 'dev', 'alice', alice);
    expect((await directory()).personByName('alice')?.memberships).toMatchObject([{ role: 'owner' }]);
  });

  it('loses a member who leaves the organization', async () => {
    const { admin } = await openOffice();
    await admin.teams.create('acme', { name: 'dev' }, alice);
    await admin.teams.addMember('acme', 'dev', 'bob', alice);
    await admin.members.remove('acme', 'bob', alice);
    await admin.members.add('acme', { username: 'bob', role: 'member' }, alice);
    expect(await admin.teams.members('acme', 'dev', firstPage)).toEqual({ items: [], total: 0 });
  });
});

describe('teams are listed', () => {
  async function withTeams(): Promise<Office> {
    const office = await openOffice();
    for (const name of ['Dev', 'ops', 'dev_tools']) await office.admin.teams.create('acme', { name }, alice);
    await office.admin.teams.addMember('acme', 'ops', 'bob', alice);
    await office.admin.teams.addMember('acme', 'ops', 'alice', alice);
    return office;
  }

  it.each([
    ['all of them by name', {}, ['Dev', 'dev_tools', 'ops', 'owners'], 4],
    ['a page', { offset: 1, limit: 2 }, ['dev_tools', 'ops'], 4],
    ['by a part of the name', { search: 'DEV' }, ['Dev', 'dev_tools'], 2],
    ['by a part with a sign that means something elsewhere', { search: '_' }, ['dev_tools'], 1],
    ['by another such part', { search: '%' }, [], 0],
    ['of a member', { username: 'bob' }, ['ops'], 1],
    ['of an owner', { username: 'alice' }, ['ops', 'owners'], 2],
    ['of somebody elsewhere', { username: 'gina' }, [], 0],
    ['of nobody', { username: 'nobody' }, [], 0],
  ] as const)('%s', async (_what, query, expected, total) => {
    const { admin } = await withTeams();
    const page = await admin.teams.page('acme', { ...firstPage, ...query });
    expect(names(page)).toEqual(expected);
    expect(page.total).toBe(total);
  });
});

describe('the team owners', () => {
  it('is in every organization, and its members are the owners', async () => {
    const { admin } = await openOffice();
    expect(await admin.teams.find('acme', 'owners')).toMatchObject({ role: 'owner', memberCount: 1 });
    expect(usernames(await admin.teams.members('acme', 'owners', firstPage))).toEqual(['alice']);
    expect(usernames(await admin.teams.members('globex', 'owners', firstPage))).toEqual(['gina']);
  });

  it('makes owners of who joins, and members of who leaves', async () => {
    const { admin, told } = await openOffice();
    expect(await admin.teams.addMember('acme', 'owners', 'bob', alice)).toMatchObject({
      role: 'owner',
      teams: ['owners'],
    });
    await admin.teams.addMember('acme', 'owners', 'bob', alice);
    await admin.teams.removeMember('acme', 'owners', 'alice', alice);
    expect(await admin.members.find('acme', 'alice')).toMatchObject({ role: 'member', teams: [] });
    expect((await told()).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'org.member.role.change bob',
      'org.team.member.add bob',
      'org.member.role.change alice',
      'org.team.member.remove alice',
    ]);
  });

  it('can be described otherwise', async () => {
    const { admin } = await openOffice();
    await admin.teams.update('acme', 'owners', { description: 'may do all', role: 'owner' }, alice);
    expect(await admin.teams.find('acme', 'owners')).toMatchObject({ description: 'may do all' });
  });
});

type Attempt = (office: Office['admin']) => Promise<unknown>;

describe('what teams refuse, and leave everything as it was', () => {
  const attempts: readonly (readonly [code: string, what: string, attempt: Attempt])[] = [
    ['last-owner', 'the last owner leaves it', ({ teams }) => teams.removeMember('acme', 'owners', 'alice', alice)],
    ['invalid-input', 'renaming owners', ({ teams }) => teams.update('acme', 'owners', { name: 'bosses' }, alice)],
    [
      'invalid-input',
      'another role for owners',
      ({ teams }) => teams.update('acme', 'Owners', { role: 'member' }, alice),
    ],
    ['invalid-input', 'deleting owners', ({ teams }) => teams.delete('acme', 'OWNERS', alice)],
    ['already-exists', 'a second team owners', ({ teams }) => teams.create('acme', { name: 'Owners' }, alice)],
    ['already-exists', 'a taken name in another case', ({ teams }) => teams.create('acme', { name: 'DEV' }, alice)],
    ['already-exists', 'renaming to a taken name', ({ teams }) => teams.update('acme', 'ops', { name: 'Dev' }, alice)],
    ['invalid-input', 'a reserved name', ({ teams }) => teams.create('acme', { name: 'blobs' }, alice)],
    [
      'invalid-input',
      'renaming to a reserved name',
      ({ teams }) => teams.update('acme', 'dev', { name: 'tags' }, alice),
    ],
    [
      'invalid-input',
      'a role that does not exist',
      ({ teams }) => teams.update('acme', 'dev', { role: 'admin' as 'owner' }, alice),
    ],
    [
      'invalid-input',
      'a very long description',
      ({ teams }) => teams.create('acme', { name: 'new', description: 'x'.repeat(1001) }, alice),
    ],
    ['not-found', 'a team of nowhere', ({ teams }) => teams.create('nowhere', { name: 'dev2' }, alice)],
    ['not-found', 'a person elsewhere', ({ teams }) => teams.addMember('acme', 'dev', 'gina', alice)],
    ['not-found', 'a person nobody knows', ({ teams }) => teams.addMember('acme', 'dev', 'nobody', alice)],
    ['not-found', 'a team that is not there', ({ teams }) => teams.addMember('acme', 'none', 'bob', alice)],
    ['not-found', 'who is not in it leaves it', ({ teams }) => teams.removeMember('acme', 'owners', 'bob', alice)],
  ];

  it.each(attempts)('%s: %s', async (code, _what, attempt) => {
    const office = await openOffice();
    for (const name of ['dev', 'ops']) await office.admin.teams.create('acme', { name }, alice);
    const before = [await office.admin.teams.page('acme', firstPage), await office.admin.members.list('acme')];
    await expect(attempt(office.admin)).rejects.toMatchObject({ code });
    expect([await office.admin.teams.page('acme', firstPage), await office.admin.members.list('acme')]).toEqual(before);
    expect(await office.told()).toHaveLength(2);
  });
});
