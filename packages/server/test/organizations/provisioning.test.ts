import { describe, expect, it } from 'vitest';
import type { Actor } from '../../src/activity/activity.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, type Office, root, settleOffice } from './small-office.ts';

const openOffice = async (): Promise<Office> => settleOffice(await openTestDatabase());
const provider: Actor = { kind: 'provisioning', name: 'Entra' };

describe('an identity provider', () => {
  it('brings a person with account, membership and the team company', async () => {
    const { admin, told } = await openOffice();
    const zoe = { email: 'Zoe.Z@acme.example', name: 'Zoe Z.' };
    const { person, member, created } = await admin.provisioning.provision('acme', zoe, provider);
    expect(created).toBe(true);
    expect(person).toMatchObject({ username: 'zoe-z', name: 'Zoe Z.', email: 'zoe.z@acme.example' });
    expect(member).toMatchObject({ username: 'zoe-z', role: 'member', teams: ['company'] });
    expect((await told()).map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'person.create zoe-z',
      'org.member.add zoe-z',
      'org.team.create company',
      'org.team.member.add zoe-z',
    ]);
  });

  it('brings nobody twice', async () => {
    const { admin, told } = await openOffice();
    const first = await admin.provisioning.provision('acme', { email: 'zoe@acme.example' }, provider);
    const before = await told();
    const second = await admin.provisioning.provision('acme', { email: 'ZOE@acme.example' }, provider);
    expect(second).toEqual({ ...first, created: false });
    expect(await told()).toEqual(before);
  });

  it('makes a member of a person who is known by that address', async () => {
    const { admin } = await openOffice();
    const gina = { email: 'gina@globex.example', role: 'editor', team: 'dev' } as const;
    const { created, member } = await admin.provisioning.provision('acme', gina, provider);
    expect(created).toBe(false);
    expect(member).toMatchObject({ username: 'gina', role: 'editor', teams: ['dev'] });
  });

  it.each([
    ['keeps the role of a member', {}, 'editor', ['company']],
    ['changes it when it says which', { role: 'member' }, 'member', ['company']],
    ['makes owners by the team', { team: 'owners' }, 'owner', ['owners']],
  ] as const)('%s', async (_what, wish, role, teams) => {
    const { admin } = await openOffice();
    const person = { email: 'erin@acme.example', ...wish };
    const { member } = await admin.provisioning.provision('acme', person, provider);
    expect(member).toMatchObject({ username: 'erin', role, teams });
  });

  it.each([
    ['the address', 'zoe@x.example', undefined, 'zoe'],
    ['the name that is wished for', 'zoe@x.example', 'zoe_z', 'zoe-z'],
    ['a number behind a name that is taken', 'alice@x.example', undefined, 'alice-2'],
    ['a number behind the name of an organization', 'acme@x.example', undefined, 'acme-2'],
    ['a number behind a reserved name', 'library@x.example', undefined, 'library-2'],
    ['the letters that names have', "zoë.o'hara@x.example", undefined, 'zo-o-hara'],
    ['a number behind a name that is too short', 'z@x.example', undefined, 'z-1'],
    ['something when no letter is left', '...@x.example', undefined, 'person'],
    ['a name that is short enough', `${'x'.repeat(64)}@x.example`, undefined, 'x'.repeat(32)],
  ])('finds a user name: %s', async (_what, email, username, expected) => {
    const { admin } = await openOffice();
    const person = { email, ...(username !== undefined && { username }) };
    const { person: made } = await admin.provisioning.provision('acme', person, provider);
    expect(made.username).toBe(expected);
  });

  it.each([
    ['an address that is none', 'invalid-input', 'acme', { email: 'zoe' }],
    ['a role that does not exist', 'invalid-input', 'acme', { email: 'zoe@x.example', role: 'root' as 'owner' }],
    ['a team that cannot be called so', 'invalid-input', 'acme', { email: 'zoe@x.example', team: 'tags' }],
    ['an organization that is not there', 'not-found', 'nowhere', { email: 'zoe@x.example' }],
  ])('is refused with %s, and leaves nothing', async (_what, code, organization, person) => {
    const { admin, told } = await openOffice();
    const provision = admin.provisioning.provision(organization, person, provider);
    await expect(provision).rejects.toMatchObject({ code });
    expect(await told()).toEqual([]);
  });

  it('settles an invitation that was pending', async () => {
    const { admin } = await openOffice();
    await admin.invitations.invite('acme', { invitees: ['zoe@acme.example'], role: 'owner' }, alice);
    await admin.provisioning.provision('acme', { email: 'zoe@acme.example' }, root);
    expect(await admin.invitations.list('acme')).toEqual([]);
  });
});
