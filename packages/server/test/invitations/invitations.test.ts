import { describe, expect, it } from 'vitest';
import type { InvitationResult } from '../../src/invitations/invitation.ts';
import { hashToken } from '../../src/tokens/secret.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { alice, day, firstPage, type Office, root, settleOffice, start } from '../organizations/small-office.ts';

const openOffice = async (): Promise<Office> => settleOffice(await openTestDatabase());

/** Invites one, and gives what was told of them. */
async function invite(office: Office, invitee: string, offer: { role?: 'owner' | 'editor'; team?: string } = {}) {
  const [result] = await office.admin.invitations.invite('acme', { invitees: [invitee], ...offer }, alice);
  if (result?.outcome !== 'invited' || result.secret === undefined) throw new Error(`${invitee} was not invited.`);
  return { ...result, secret: result.secret };
}

const outcomes = (results: readonly InvitationResult[]) => results.map(({ invitee, outcome }) => [invitee, outcome]);

describe('inviting', () => {
  it('tells of each what became of them, in their order', async () => {
    const { admin } = await openOffice();
    const invitees = [
      'new@acme.example',
      'bob',
      'walter',
      'Carol@Acme.example',
      'not an address',
      'nobody',
      'a@b@c',
      '',
    ];
    const results = await admin.invitations.invite('acme', { invitees }, alice);
    expect(outcomes(results)).toEqual([
      ['new@acme.example', 'invited'],
      ['bob', 'already-member'],
      ['walter', 'invited'],
      ['Carol@Acme.example', 'already-member'],
      ['not an address', 'invalid'],
      ['nobody', 'invalid'],
      ['a@b@c', 'invalid'],
      ['', 'invalid'],
    ]);
    expect((await admin.invitations.list('acme')).map(({ invitee }) => invitee)).toEqual([
      'new@acme.example',
      'walter',
    ]);
  });

  it('keeps what was sent and says until when it is good', async () => {
    const office = await openOffice();
    await office.admin.teams.create('acme', { name: 'Dev' }, alice);
    const { invitation } = await invite(office, 'New@Acme.example', { role: 'editor', team: 'dev' });
    expect(invitation).toMatchObject({
      invitee: 'New@Acme.example',
      email: 'new@acme.example',
      personId: null,
      role: 'editor',
      team: 'Dev',
      invitedBy: 'alice',
      createdAt: start,
      expiresAt: start + 14 * day,
    });
    expect(await office.admin.invitations.list('acme')).toEqual([invitation]);
    expect((await office.told()).at(-1)).toMatchObject({
      action: 'org.member.invite.send',
      subject: 'New@Acme.example',
      after: { id: invitation.id, role: 'editor', team: 'Dev' },
    });
  });

  it.each([
    ['the same address', 'new@acme.example', 'new@acme.example'],
    ['the same address in another case', 'new@acme.example', 'NEW@acme.example'],
    ['the same person', 'walter', 'Walter'],
    ['a person by name and by address', 'gina', 'gina@globex.example'],
  ])('again returns the pending one, and its link stays good: %s', async (_what, first, second) => {
    const office = await openOffice();
    const { invitation, secret } = await invite(office, first);
    const [again] = await office.admin.invitations.invite('acme', { invitees: [second] }, alice);
    expect(again).toEqual({ outcome: 'invited', invitee: second, invitation });
    expect(await office.admin.invitations.preview(secret)).toMatchObject({ invitation: { id: invitation.id } });
    expect(await office.told()).toHaveLength(1);
  });

  it('of the same twice in one request makes one', async () => {
    const { admin } = await openOffice();
    const results = await admin.invitations.invite('acme', { invitees: ['n@x.example', 'n@x.example'] }, alice);
    const ids = results.map((result) => result.outcome === 'invited' && result.invitation.id);
    expect(new Set(ids).size).toBe(1);
  });

  it.each([
    ['a higher role', {}, { role: 'owner' }],
    ['a lower role', { role: 'owner' }, { role: 'editor' }],
    ['a team', {}, { team: 'Dev' }],
    ['no team', { team: 'Dev' }, {}],
  ] as const)(
    'again to %s changes the pending one, whose old link opens nothing any more',
    async (_what, before, after) => {
      const office = await openOffice();
      await office.admin.teams.create('acme', { name: 'Dev' }, alice);
      const first = await invite(office, 'new@acme.example', before);
      office.clock.now += day;
      const second = await invite(office, 'new@acme.example', after);
      const offered = { role: 'member', team: null, ...after };
      expect(second.invitation).toEqual({ ...first.invitation, ...offered, expiresAt: office.clock.now + 14 * day });
      expect(await office.admin.invitations.list('acme')).toEqual([second.invitation]);
      await expect(office.admin.invitations.preview(first.secret)).rejects.toMatchObject({ code: 'not-found' });
      const newPerson = { username: 'mallory' };
      await expect(office.admin.invitations.accept(first.secret, { newPerson })).rejects.toMatchObject({
        code: 'not-found',
      });
      expect(await office.admin.invitations.preview(second.secret)).toMatchObject({ invitation: offered });
    },
  );

  it('again after it expired makes a new link', async () => {
    const office = await openOffice();
    const first = await invite(office, 'new@acme.example');
    office.clock.now += 15 * day;
    const second = await invite(office, 'new@acme.example');
    expect(second.invitation.id).toBe(first.invitation.id);
    expect(second.invitation.expiresAt).toBe(office.clock.now + 14 * day);
    await expect(office.admin.invitations.preview(first.secret)).rejects.toMatchObject({ code: 'not-found' });
    expect(await office.admin.invitations.preview(second.secret)).toMatchObject({ username: undefined });
  });

  it('as a rehearsal answers the same and changes nothing', async () => {
    const office = await openOffice();
    const pending = await invite(office, 'old@acme.example');
    const invitees = ['old@acme.example', 'new@acme.example', 'bob', 'nobody'];
    const revision = await office.stores.directory.revision();
    const results = await office.admin.invitations.invite('acme', { invitees, dryRun: true }, alice);
    expect(outcomes(results).map(([, outcome]) => outcome)).toEqual([
      'invited',
      'invited',
      'already-member',
      'invalid',
    ]);
    expect(results.some((result) => 'secret' in result)).toBe(false);
    expect(await office.admin.invitations.list('acme')).toEqual([pending.invitation]);
    expect(await office.stores.directory.revision()).toBe(revision);
    expect(await office.told()).toHaveLength(1);
  });

  it.each([
    ['nobody at all', 'invalid-input', { invitees: [] }],
    ['too many at once', 'invalid-input', { invitees: Array.from({ length: 1001 }, (_, n) => `p${n}@x.example`) }],
    ['a role that does not exist', 'invalid-input', { invitees: ['n@x.example'], role: 'admin' as 'owner' }],
    ['a team that is not there', 'not-found', { invitees: ['n@x.example'], team: 'none' }],
  ] as const)('refuses %s as a whole', async (_what, code, bulk) => {
    const office = await openOffice();
    await expect(office.admin.invitations.invite('acme', bulk, alice)).rejects.toMatchObject({ code });
    expect(await office.admin.invitations.list('acme')).toEqual([]);
  });

  it('keeps no secret: neither in the database nor in the activity', async () => {
    const office = await openOffice();
    const { secret } = await invite(office, 'new@acme.example');
    const told = JSON.stringify([await office.told(), await office.admin.invitations.list('acme')]);
    for (const text of [secret, hashToken(secret)]) expect(told).not.toContain(text);
  });
});

describe('accepting', () => {
  it('makes account, membership and place in the team for a new person', async () => {
    const office = await openOffice();
    await office.admin.teams.create('acme', { name: 'dev' }, alice);
    const { secret } = await invite(office, 'Zoe@acme.example', { role: 'editor', team: 'dev' });
    const newPerson = { username: 'zoe', name: 'Zoe Z.' };
    const accepted = await office.admin.invitations.accept(secret, { newPerson }, '192.0.2.9');
    expect(accepted).toMatchObject({
      organization: 'acme',
      person: {
        username: 'zoe',
        name: 'Zoe Z.',
        email: 'zoe@acme.example',
        emailVerified: false,
        isAdministrator: false,
      },
      member: { username: 'zoe', role: 'editor', teams: ['dev'] },
    });
    expect(await office.admin.members.find('acme', 'zoe')).toEqual(accepted.member);
    const rows = await office.admin.activity.list({ limit: 3 });
    expect(rows.map(({ action }) => action)).toEqual(['org.team.member.add', 'org.member.add', 'person.create']);
    for (const row of rows) expect(row).toMatchObject({ actor: { kind: 'person', name: 'zoe' }, address: '192.0.2.9' });
  });

  it('makes a person who is known a member', async () => {
    const office = await openOffice();
    const { secret } = await invite(office, 'gina', { team: 'owners' });
    expect(await office.admin.invitations.preview(secret)).toMatchObject({
      organization: { name: 'acme', fullName: 'Acme Ltd' },
      username: 'gina',
    });
    await office.admin.invitations.accept(secret, { username: 'gina' });
    expect(await office.admin.members.find('acme', 'gina')).toMatchObject({ role: 'owner', teams: ['owners'] });
    expect((await office.admin.organizations.ofPerson('gina')).map(({ organization }) => organization.name)).toEqual([
      'acme',
      'globex',
    ]);
  });

  it('by address is not for an account that only claims the address: whoever made it may be another', async () => {
    const office = await openOffice();
    await office.admin.people.create({ username: 'squatter', email: 'zoe@acme.example' }, root);
    const { invitation, secret } = await invite(office, 'zoe@acme.example');
    expect(invitation.personId).toBeNull();
    expect((await office.admin.invitations.preview(secret)).username).toBeUndefined();
    const { person } = await office.admin.invitations.accept(secret, { newPerson: { username: 'zoe' } });
    expect(person).toMatchObject({ username: 'zoe', email: null });
    await expect(office.admin.members.find('acme', 'squatter')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('by address is for the account that proved it', async () => {
    const office = await openOffice();
    const { id } = await office.admin.people.byUsername('gina');
    await office.stores.read.signIn.setEmailVerified(id, office.clock.now);
    const { invitation } = await invite(office, 'gina@globex.example');
    expect(invitation.personId).toBe(id);
  });

  it('works once', async () => {
    const office = await openOffice();
    const { invitation, secret } = await invite(office, 'new@acme.example');
    await office.admin.invitations.accept(secret, { newPerson: { username: 'new' } });
    const { accept, preview, cancel, resend } = office.admin.invitations;
    for (const late of [
      () => accept(secret, { newPerson: { username: 'new2' } }),
      () => accept(secret, { username: 'walter' }),
      () => preview(secret),
      () => cancel('acme', invitation.id, alice),
      () => resend('acme', invitation.id, alice),
    ]) {
      await expect(late()).rejects.toMatchObject({ code: 'not-found' });
    }
    expect(await office.admin.members.find('acme', 'new')).toMatchObject({ role: 'member' });
  });

  it('of two at once lets one in', async () => {
    const office = await openOffice();
    const { secret } = await invite(office, 'new@acme.example');
    const tries = await Promise.allSettled([
      office.admin.invitations.accept(secret, { newPerson: { username: 'one' } }),
      office.admin.invitations.accept(secret, { newPerson: { username: 'two' } }),
    ]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await office.admin.members.page('acme', firstPage)).total).toBe(5);
  });

  it.each<[string, string, (office: Office, secret: string) => Promise<unknown>]>([
    [
      'an expired link',
      'not-found',
      (office, secret) => {
        office.clock.now += 14 * day;
        return office.admin.invitations.accept(secret, { newPerson: { username: 'new' } });
      },
    ],
    [
      'a link that nobody made',
      'not-found',
      ({ admin }) => admin.invitations.accept('pgi_guessed', { newPerson: { username: 'new' } }),
    ],
    [
      'a name that is taken',
      'already-exists',
      ({ admin }, secret) => admin.invitations.accept(secret, { newPerson: { username: 'gina' } }),
    ],
    [
      'a name that is none',
      'invalid-input',
      ({ admin }, secret) => admin.invitations.accept(secret, { newPerson: { username: 'New!' } }),
    ],
    [
      'a person nobody knows',
      'not-found',
      ({ admin }, secret) => admin.invitations.accept(secret, { username: 'nobody' }),
    ],
    ['a member', 'already-exists', ({ admin }, secret) => admin.invitations.accept(secret, { username: 'bob' })],
  ])('refuses %s and leaves nothing', async (_what, code, attempt) => {
    const office = await openOffice();
    const { secret } = await invite(office, 'new@acme.example');
    await expect(attempt(office, secret)).rejects.toMatchObject({ code });
    expect(await office.admin.people.list()).toHaveLength(6);
    expect((await office.admin.members.page('acme', firstPage)).total).toBe(4);
    expect(await office.told()).toHaveLength(1);
  });

  it.each([{ username: 'walter' }, { newPerson: { username: 'new' } }])(
    'of what is for one account is refused to another: %j',
    async (accepting) => {
      const office = await openOffice();
      const { secret } = await invite(office, 'gina');
      await expect(office.admin.invitations.accept(secret, accepting)).rejects.toMatchObject({ field: 'username' });
    },
  );

  it('becomes impossible when the person was added or removed by hand meanwhile', async () => {
    const office = await openOffice();
    const { secret } = await invite(office, 'gina@globex.example');
    await office.admin.members.add('acme', { username: 'gina', role: 'member' }, alice);
    await office.admin.members.remove('acme', 'gina', alice);
    await expect(office.admin.invitations.accept(secret, { username: 'gina' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('still works when the team was deleted or renamed meanwhile', async () => {
    const office = await openOffice();
    for (const name of ['dev', 'ops']) await office.admin.teams.create('acme', { name }, alice);
    const [deleted, renamed] = [
      await invite(office, 'd@x.example', { team: 'dev' }),
      await invite(office, 'r@x.example', { team: 'ops' }),
    ];
    await office.admin.teams.delete('acme', 'dev', alice);
    await office.admin.teams.update('acme', 'ops', { name: 'operations' }, alice);
    const one = await office.admin.invitations.accept(deleted.secret, { newPerson: { username: 'dd' } });
    const other = await office.admin.invitations.accept(renamed.secret, { newPerson: { username: 'rr' } });
    expect([one.member.teams, other.member.teams]).toEqual([[], ['operations']]);
  });
});

describe('a pending invitation', () => {
  it('gets a new link when it is sent again, and the old one opens nothing', async () => {
    const office = await openOffice();
    const { invitation, secret } = await invite(office, 'new@acme.example');
    office.clock.now += day;
    const again = await office.admin.invitations.resend('acme', invitation.id, alice);
    expect(again.invitation).toEqual({ ...invitation, expiresAt: start + 15 * day });
    await expect(office.admin.invitations.preview(secret)).rejects.toMatchObject({ code: 'not-found' });
    expect(await office.admin.invitations.preview(again.secret)).toMatchObject({ invitation: again.invitation });
    expect((await office.told()).map(({ action }) => action)).toEqual([
      'org.member.invite.send',
      'org.member.invite.send',
    ]);
  });

  it('is gone when it is cancelled', async () => {
    const office = await openOffice();
    const { invitation, secret } = await invite(office, 'new@acme.example');
    await office.admin.invitations.cancel('acme', invitation.id, alice);
    expect(await office.admin.invitations.list('acme')).toEqual([]);
    await expect(office.admin.invitations.preview(secret)).rejects.toMatchObject({ code: 'not-found' });
    await expect(office.admin.invitations.cancel('acme', invitation.id, alice)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect((await office.told()).at(-1)).toMatchObject({
      action: 'org.member.invite.cancel',
      subject: 'new@acme.example',
    });
  });

  it('belongs to its organization, whatever another one tries', async () => {
    const office = await openOffice();
    const { invitation } = await invite(office, 'new@acme.example');
    const { cancel, resend, organizationOf, list } = office.admin.invitations;
    await expect(cancel('globex', invitation.id, root)).rejects.toMatchObject({ code: 'not-found' });
    await expect(resend('globex', invitation.id, root)).rejects.toMatchObject({ code: 'not-found' });
    expect(await list('globex')).toEqual([]);
    expect(await organizationOf(invitation.id)).toBe('acme');
    await expect(organizationOf('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'not-found' });
  });
});
