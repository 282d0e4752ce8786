import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, type Office, root, settleOffice } from '../organizations/small-office.ts';

const openOffice = async (): Promise<Office> => settleOffice(await openTestDatabase());

describe('a person', () => {
  it('is found by name, id and address in any case', async () => {
    const { admin } = await openOffice();
    const bob = await admin.people.byUsername('bob');
    expect(await admin.people.byId(bob.id)).toEqual(bob);
    expect(await admin.people.byEmail('BOB@acme.example')).toEqual(bob);
    await expect(admin.people.byId('nobody')).rejects.toMatchObject({ code: 'not-found' });
    await expect(admin.people.byEmail('nobody@acme.example')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('changes in the parts that are given, and that is told', async () => {
    const { admin, told } = await openOffice();
    const before = await admin.people.byUsername('bob');
    const after = await admin.people.updateProfile('bob', { location: 'Oslo', company: 'Acme', name: 'Bob B.' }, alice);
    expect(after).toEqual({ ...before, location: 'Oslo', company: 'Acme', name: 'Bob B.' });
    expect(await admin.people.byUsername('bob')).toEqual(after);
    await admin.people.updateProfile('bob', { location: 'Oslo' }, alice);
    expect(await told()).toEqual([
      {
        action: 'person.update',
        subject: 'bob',
        before: { name: 'Bob Example', location: '', company: '' },
        after: { name: 'Bob B.', location: 'Oslo', company: 'Acme' },
      },
    ]);
  });

  it.each([
    ['another address', 'Bob@New.example', 'bob@new.example'],
    ['no address', null, null],
  ])('can have %s', async (_what, email, expected) => {
    const { admin } = await openOffice();
    expect(await admin.people.updateProfile('bob', { email }, alice)).toMatchObject({ email: expected });
  });

  it('keeps an address that is given in another case', async () => {
    const { admin, told } = await openOffice();
    await admin.people.updateProfile('bob', { email: 'BOB@ACME.example' }, alice);
    expect(await told()).toEqual([]);
  });

  it.each([
    ['somebody’s address', 'already-exists', { email: 'Carol@acme.example' }],
    ['an address that is none', 'invalid-input', { email: 'bob' }],
    ['no name', 'invalid-input', { name: '' }],
    ['a very long name', 'invalid-input', { name: 'x'.repeat(201) }],
    ['a very long location', 'invalid-input', { location: 'x'.repeat(201) }],
    ['a very long company', 'invalid-input', { company: 'x'.repeat(201) }],
  ])('cannot have %s', async (_what, code, profile) => {
    const { admin, told } = await openOffice();
    await expect(admin.people.updateProfile('bob', profile, alice)).rejects.toMatchObject({ code });
    expect(await told()).toEqual([]);
  });

  it('who is changed or switched off is told of in each organization of theirs', async () => {
    const { admin } = await openOffice();
    await admin.members.add('globex', { username: 'bob', role: 'member' }, root);
    await admin.people.updateProfile('bob', { location: 'Oslo' }, root);
    await admin.people.setActive('bob', false, root);
    for (const name of ['acme', 'globex']) {
      const { id: organizationId } = await admin.organizations.byName(name);
      expect(await admin.activity.list({ organizationId, action: 'person.update' })).toMatchObject([
        { subject: 'bob', after: { isActive: false } },
        { subject: 'bob', after: { location: 'Oslo' } },
      ]);
    }
  });

  it('who is switched off has tokens that open nothing, and gets them back', async () => {
    const { admin, directory } = await openOffice();
    const { token } = await admin.personalTokens.create('bob', { label: 'x', scopes: ['repo:read'] }, root);
    await admin.people.setActive('bob', false, root);
    expect((await directory()).credentialById(token.id)?.active).toBe(false);
    await admin.people.setActive('bob', true, root);
    expect((await directory()).credentialById(token.id)?.active).toBe(true);
  });
});

describe('an administrator of the installation', () => {
  it('can be anybody', async () => {
    const { admin, told, directory } = await openOffice();
    expect(await admin.people.setAdministrator('bob', true, root)).toMatchObject({ isAdministrator: true });
    const { id } = await admin.people.byUsername('bob');
    expect((await directory()).accountById(id)).toMatchObject({ isAdministrator: true });
    await admin.people.setAdministrator('bob', true, root);
    expect(await told()).toEqual([
      {
        action: 'person.update',
        subject: 'bob',
        before: { isAdministrator: false },
        after: { isAdministrator: true },
      },
    ]);
    const { id: organizationId } = await admin.organizations.byName('acme');
    // Who runs the installation is no business of an organization.
    expect(await admin.activity.list({ organizationId, action: 'person.update' })).toEqual([]);
  });

  it.each<[string, (office: Office) => Promise<unknown>]>([
    ['made a plain person', ({ admin }) => admin.people.setAdministrator('walter', false, root)],
    ['switched off', ({ admin }) => admin.people.setActive('walter', false, root)],
  ])('who is the last one cannot be %s', async (_what, attempt) => {
    const office = await openOffice();
    await expect(attempt(office)).rejects.toMatchObject({ code: 'last-owner' });
    await office.admin.people.setAdministrator('bob', true, root);
    await office.admin.people.setActive('bob', false, root);
    await expect(attempt(office)).rejects.toMatchObject({ code: 'last-owner' });
    await office.admin.people.setActive('bob', true, root);
    await attempt(office);
  });
});
