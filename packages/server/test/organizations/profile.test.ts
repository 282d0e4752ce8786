import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, type Office, settleOffice } from './small-office.ts';

const openOffice = async (): Promise<Office> => settleOffice(await openTestDatabase());

describe('what is told of an organization', () => {
  it('changes in the parts that are given', async () => {
    const { admin, told } = await openOffice();
    const before = await admin.organizations.byName('acme');
    expect(before).toMatchObject({ fullName: 'Acme Ltd', location: '', company: '' });
    const after = await admin.organizations.updateProfile('acme', { location: 'Oslo', company: 'Acme' }, alice);
    expect(after).toEqual({ ...before, location: 'Oslo', company: 'Acme' });
    expect(await admin.organizations.byName('acme')).toEqual(after);
    expect(await admin.organizations.byId(before.id)).toEqual(after);
    await admin.organizations.updateProfile('acme', { location: 'Oslo' }, alice);
    expect(await told()).toEqual([
      {
        action: 'org.settings.update',
        subject: 'acme',
        before: { fullName: 'Acme Ltd', location: '', company: '' },
        after: { fullName: 'Acme Ltd', location: 'Oslo', company: 'Acme' },
      },
    ]);
  });

  it.each([
    ['no name', { fullName: '' }],
    ['a very long name', { fullName: 'x'.repeat(201) }],
    ['a very long location', { location: 'x'.repeat(201) }],
    ['a very long company', { company: 'x'.repeat(201) }],
  ])('cannot be %s', async (_what, profile) => {
    const { admin } = await openOffice();
    await expect(admin.organizations.updateProfile('acme', profile, alice)).rejects.toMatchObject({
      code: 'invalid-input',
      field: Object.keys(profile)[0],
    });
  });

  it('is listed for each of its members, with what they are there', async () => {
    const { admin } = await openOffice();
    await admin.members.add('globex', { username: 'alice', role: 'member' }, alice);
    await admin.teams.create('globex', { name: 'guests' }, alice);
    await admin.teams.addMember('globex', 'guests', 'alice', alice);
    expect(await admin.organizations.ofPerson('alice')).toEqual([
      { organization: await admin.organizations.byName('acme'), role: 'owner', teams: ['owners'] },
      { organization: await admin.organizations.byName('globex'), role: 'member', teams: ['guests'] },
    ]);
    expect(await admin.organizations.ofPerson('walter')).toEqual([]);
  });
});
