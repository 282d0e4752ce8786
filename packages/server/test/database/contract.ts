import { defaultPolicy, type ImageAccessPolicy, repositoryOf } from '@pullgate/policy';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLiveDirectory } from '../../src/access/live-directory.ts';
import type { Actor } from '../../src/activity/activity.ts';
import { type Administration, createAdministration } from '../../src/administration.ts';
import { AdministrationError, PolicyConflict } from '../../src/administration-error.ts';
import type { Database } from '../../src/database/schema.ts';
import { openStores, type Stores } from '../../src/database/stores.ts';
import { hashToken } from '../../src/tokens/secret.ts';
import { createTokenUseNotes } from '../../src/tokens/token-use.ts';
import { activityContract } from '../activity/search-contract.ts';
import type { TestDatabase } from './test-database.ts';

export const root: Actor = { kind: 'command-line', name: 'root' };
const carol: Actor = { kind: 'person', name: 'carol', id: 'c0ffee', address: '192.0.2.7' };
const now = 1_800_000_000_000;

interface World {
  readonly database: Database;
  readonly stores: Stores;
  readonly admin: Administration;
}

/** Two organizations, each with an owner and a member, and the first with everything that can be changed. */
async function settle({
  database,
}: TestDatabase): Promise<World & { invitationId: string; patId: string; oatId: string; pat: string; oat: string }> {
  const stores = openStores(database, () => now);
  const admin = createAdministration(stores);
  for (const [organization, owner, member] of [
    ['acme', 'alice', 'bob'],
    ['globex', 'gina', 'gus'],
  ] as const) {
    await admin.organizations.create({ name: organization }, root);
    for (const [username, role] of [
      [owner, 'owner'],
      [member, 'member'],
    ] as const) {
      await admin.people.create({ username }, root);
      await admin.members.add(organization, { username, role }, root);
    }
  }
  await admin.people.create({ username: 'walter' }, root);
  await admin.namespaces.claim('acme', { registry: 'docker.io', namespace: 'acme' }, root);
  const pat = await admin.personalTokens.create('alice', { label: 'laptop', scopes: ['repo:read'] }, root);
  const oat = await admin.organizationTokens.create('acme', { label: 'ci', resources: [pullsFrom('acme/*')] }, root);
  await admin.teams.create('acme', { name: 'dev' }, root);
  await admin.teams.addMember('acme', 'dev', 'bob', root);
  const [invited] = await admin.invitations.invite('acme', { invitees: ['new@acme.example'] }, root);
  const invitationId = invited?.outcome === 'invited' ? invited.invitation.id : '';
  return {
    database,
    stores,
    admin,
    invitationId,
    patId: pat.token.id,
    oatId: oat.token.id,
    pat: pat.secret,
    oat: oat.secret,
  };
}

function pullsFrom(path: string) {
  return { type: 'TYPE_REPO', path, scopes: ['scope-image-pull'] } as const;
}

function policyWith(change: Partial<ImageAccessPolicy>): ImageAccessPolicy {
  return { ...defaultPolicy, ...change };
}

/** What every database must do alike. */
export function storeContract(open: () => Promise<TestDatabase>): void {
  describe('a change', () => {
    changesAreRecorded(open);
    refusedChangesLeaveNothing(open);
  });
  describe('organizations', () => organizations(open));
  describe('members', () => members(open));
  describe('policies', () => policies(open));
  describe('tokens', () => tokens(open));
  describe('categories', () => categories(open));
  describe('activity', () => activity(open));
  describe('the live directory', () => liveDirectory(open));
}

type Settled = Awaited<ReturnType<typeof settle>>;
type Step = (world: Settled) => Promise<unknown>;

const recorded: readonly (readonly [action: string, subject: string, organization: string | null, step: Step])[] = [
  ['org.create', 'initech', 'initech', ({ admin }) => admin.organizations.create({ name: 'initech' }, carol)],
  ['sign_in.update', 'acme', 'acme', ({ admin }) => admin.organizations.setEnforceSignIn('acme', false, carol)],
  ['org.home.update', 'globex', 'globex', ({ admin }) => admin.organizations.setHome('globex', carol)],
  [
    'org.member.add',
    'walter',
    'acme',
    ({ admin }) => admin.members.add('acme', { username: 'walter', role: 'editor' }, carol),
  ],
  ['org.member.remove', 'bob', 'acme', ({ admin }) => admin.members.remove('acme', 'bob', carol)],
  ['org.member.role.change', 'bob', 'acme', ({ admin }) => admin.members.changeRole('acme', 'bob', 'owner', carol)],
  [
    'image_access.update',
    'acme',
    'acme',
    ({ admin }) => admin.policies.set('acme', { policy: policyWith({ enabled: true }), expectedVersion: 1 }, carol),
  ],
  [
    'image_access.update',
    'acme',
    'acme',
    ({ admin }) => {
      const switches = { enabled: true, allowOfficialImages: true, allowVerifiedPublishers: false };
      return admin.settings.setRestrictedImages('acme', switches, carol);
    },
  ],
  [
    'org.settings.update',
    'acme',
    'acme',
    ({ admin }) => admin.organizations.updateProfile('acme', { location: 'Oslo' }, carol),
  ],
  [
    'org.settings.update',
    'acme',
    'acme',
    ({ admin }) => admin.settings.setTokenRules('acme', { maxTokenLifetimeMs: 86_400_000 }, carol),
  ],
  [
    'sign_in.update',
    'acme',
    'acme',
    ({ admin }) => admin.settings.setTokenRules('acme', { passwordLogin: true }, carol),
  ],
  ['org.team.create', 'ops', 'acme', ({ admin }) => admin.teams.create('acme', { name: 'ops' }, carol)],
  ['org.team.update', 'dev', 'acme', ({ admin }) => admin.teams.update('acme', 'dev', { role: 'editor' }, carol)],
  ['org.team.delete', 'dev', 'acme', ({ admin }) => admin.teams.delete('acme', 'dev', carol)],
  ['org.team.member.add', 'alice', 'acme', ({ admin }) => admin.teams.addMember('acme', 'dev', 'alice', carol)],
  ['org.team.member.remove', 'bob', 'acme', ({ admin }) => admin.teams.removeMember('acme', 'dev', 'bob', carol)],
  [
    'org.member.invite.send',
    'x@acme.example',
    'acme',
    ({ admin }) => admin.invitations.invite('acme', { invitees: ['x@acme.example'] }, carol),
  ],
  [
    'org.member.invite.send',
    'new@acme.example',
    'acme',
    ({ admin, invitationId }) => admin.invitations.resend('acme', invitationId, carol),
  ],
  [
    'org.member.invite.cancel',
    'new@acme.example',
    'acme',
    ({ admin, invitationId }) => admin.invitations.cancel('acme', invitationId, carol),
  ],
  [
    'namespace.claim',
    'ghcr.io/acme',
    'acme',
    ({ admin }) => admin.namespaces.claim('acme', { registry: 'ghcr.io', namespace: 'acme' }, carol),
  ],
  [
    'namespace.release',
    'docker.io/acme',
    'acme',
    ({ admin }) => admin.namespaces.release('acme', { registry: 'docker.io', namespace: 'acme' }, carol),
  ],
  ['person.create', 'dave', null, ({ admin }) => admin.people.create({ username: 'dave' }, carol)],
  ['person.update', 'bob', 'acme', ({ admin }) => admin.people.setActive('bob', false, carol)],
  ['person.update', 'bob', 'acme', ({ admin }) => admin.people.updateProfile('bob', { company: 'Acme' }, carol)],
  ['person.update', 'bob', null, ({ admin }) => admin.people.setAdministrator('bob', true, carol)],
  [
    'pat.create',
    'bob',
    'acme',
    ({ admin }) => admin.personalTokens.create('bob', { label: 'x', scopes: ['repo:read'] }, carol),
  ],
  ['pat.update', 'alice', 'acme', ({ admin, patId }) => admin.personalTokens.setActive('alice', patId, false, carol)],
  ['pat.update', 'alice', 'acme', ({ admin, patId }) => admin.personalTokens.rename('alice', patId, 'desk', carol)],
  ['pat.delete', 'alice', 'acme', ({ admin, patId }) => admin.personalTokens.revoke('alice', patId, carol)],
  ['pat.delete', 'alice', 'acme', ({ admin, patId }) => admin.personalTokens.revokeOfMember('acme', patId, carol)],
  [
    'org.access_token.create',
    'deploy',
    'acme',
    ({ admin }) =>
      admin.organizationTokens.create('acme', { label: 'deploy', resources: [pullsFrom('acme/web')] }, carol),
  ],
  [
    'org.access_token.update',
    'ci',
    'acme',
    ({ admin, oatId }) => admin.organizationTokens.setActive('acme', oatId, false, carol),
  ],
  [
    'org.access_token.delete',
    'ci',
    'acme',
    ({ admin, oatId }) => admin.organizationTokens.revoke('acme', oatId, carol),
  ],
];

function changesAreRecorded(open: () => Promise<TestDatabase>): void {
  it.each(recorded)(
    '%s of %s is one row of the activity, with its actor, and raises the revision',
    async (action, subject, organization, step) => {
      const world = await settle(await open());
      const before = await world.stores.directory.revision();
      const [newest] = await world.admin.activity.list({ limit: 1 });

      await step(world);

      const organizationId = organization === null ? null : (await world.admin.organizations.byName(organization)).id;
      const rows = await world.admin.activity.list();
      expect(rows.filter((row) => row.sequence > newest!.sequence)).toEqual([
        expect.objectContaining({
          action,
          subject,
          organizationId,
          actor: { kind: 'person', name: 'carol', id: 'c0ffee' },
          address: '192.0.2.7',
          at: now,
        }),
      ]);
      expect(await world.stores.directory.revision()).toBe(before + 1);
      expect(await world.admin.activity.verify()).toMatchObject({ intact: true });
    },
  );

  it('that changes nothing is not recorded', async () => {
    const { admin, oatId, patId } = await settle(await open());
    const [newest] = await admin.activity.list({ limit: 1 });
    await admin.organizations.setEnforceSignIn('acme', true, root);
    await admin.organizations.setHome('acme', root);
    await admin.members.changeRole('acme', 'bob', 'member', root);
    await admin.people.setActive('bob', true, root);
    await admin.policies.set('acme', { policy: defaultPolicy, expectedVersion: 1 }, root);
    await admin.personalTokens.setActive('alice', patId, true, root);
    await admin.organizationTokens.update('acme', oatId, { label: 'ci' }, root);
    await admin.teams.addMember('acme', 'dev', 'bob', root);
    await admin.teams.update('acme', 'dev', { name: 'dev', role: 'member' }, root);
    await admin.invitations.invite('acme', { invitees: ['new@acme.example'] }, root);
    await admin.organizations.updateProfile('acme', { fullName: 'acme' }, root);
    await admin.people.updateProfile('bob', { location: '' }, root);
    expect(await admin.activity.list({ limit: 1 })).toEqual([newest]);
  });
}

const refused: readonly (readonly [code: string, what: string, step: Step])[] = [
  [
    'already-exists',
    'an organization of a taken name',
    ({ admin }) => admin.organizations.create({ name: 'globex' }, root),
  ],
  [
    'already-exists',
    "an organization of a person's name",
    ({ admin }) => admin.organizations.create({ name: 'alice' }, root),
  ],
  ['already-exists', 'a person of a taken name', ({ admin }) => admin.people.create({ username: 'bob' }, root)],
  [
    'already-exists',
    "a person of an organization's name",
    ({ admin }) => admin.people.create({ username: 'acme' }, root),
  ],
  [
    'already-exists',
    'a member who is one',
    ({ admin }) => admin.members.add('acme', { username: 'bob', role: 'owner' }, root),
  ],
  [
    'already-exists',
    "another organization's namespace, in another spelling",
    ({ admin }) => admin.namespaces.claim('globex', { registry: 'Index.Docker.io', namespace: 'acme' }, root),
  ],
  [
    'already-exists',
    'a namespace that it has',
    ({ admin }) => admin.namespaces.claim('acme', { registry: 'docker.io', namespace: 'acme' }, root),
  ],
  ['invalid-input', 'a reserved name', ({ admin }) => admin.organizations.create({ name: 'library' }, root)],
  [
    'invalid-input',
    'the official images',
    ({ admin }) => admin.namespaces.claim('acme', { registry: 'docker.io', namespace: 'library' }, root),
  ],
  [
    'invalid-input',
    'the official images by an alias of the registry',
    ({ admin }) => admin.namespaces.claim('acme', { registry: 'registry-1.docker.io:443', namespace: 'library' }, root),
  ],
  [
    'invalid-input',
    'more than one part',
    ({ admin }) => admin.namespaces.claim('acme', { registry: 'ghcr.io', namespace: 'acme/web' }, root),
  ],
  [
    'invalid-input',
    'a registry that is none',
    ({ admin }) => admin.namespaces.claim('acme', { registry: 'http://ghcr.io', namespace: 'acme' }, root),
  ],
  [
    'invalid-input',
    'an allowlist with a name that is not canonical',
    ({ admin }) => {
      const policy = policyWith({ allowlist: { enabled: true, repositories: new Set(['nginx']) } });
      return admin.policies.set('acme', { policy, expectedVersion: 1 }, root);
    },
  ],
  [
    'policy-conflict',
    'a policy made from an old one',
    ({ admin }) => admin.policies.set('acme', { policy: defaultPolicy, expectedVersion: 0 }, root),
  ],
  [
    'not-found',
    'a member nobody knows',
    ({ admin }) => admin.members.add('acme', { username: 'nobody', role: 'member' }, root),
  ],
  [
    'not-found',
    'a member of an unknown organization',
    ({ admin }) => admin.members.add('nowhere', { username: 'bob', role: 'member' }, root),
  ],
  ['not-found', 'removing who is no member', ({ admin }) => admin.members.remove('acme', 'gina', root)],
  [
    'not-found',
    "releasing another organization's namespace",
    ({ admin }) => admin.namespaces.release('globex', { registry: 'docker.io', namespace: 'acme' }, root),
  ],
  ['last-owner', 'removing the last owner', ({ admin }) => admin.members.remove('acme', 'alice', root)],
  ['last-owner', 'switching off the last owner', ({ admin }) => admin.people.setActive('alice', false, root)],
  [
    'last-owner',
    'taking the last owner out of the team',
    ({ admin }) => admin.teams.removeMember('acme', 'owners', 'alice', root),
  ],
  [
    'already-exists',
    'a team of a taken name in another case',
    ({ admin }) => admin.teams.create('acme', { name: 'DEV' }, root),
  ],
  ['not-found', "another organization's team", ({ admin }) => admin.teams.addMember('globex', 'dev', 'gina', root)],
  [
    'not-found',
    "cancelling another organization's invitation",
    ({ admin, invitationId }) => admin.invitations.cancel('globex', invitationId, root),
  ],
  [
    'not-found',
    "revoking another organization's member's token",
    ({ admin, patId }) => admin.personalTokens.revokeOfMember('globex', patId, root),
  ],
  ['last-owner', 'demoting the last owner', ({ admin }) => admin.members.changeRole('acme', 'alice', 'editor', root)],
  [
    'invalid-input',
    'a token without a scope',
    ({ admin }) => admin.personalTokens.create('bob', { label: 'x', scopes: [] }, root),
  ],
  [
    'invalid-input',
    'a token that is born expired',
    ({ admin }) => admin.personalTokens.create('bob', { label: 'x', scopes: ['repo:read'], expiresAt: now }, root),
  ],
  [
    'invalid-input',
    "a token for another organization's members",
    ({ admin }) => {
      const resources = [{ type: 'TYPE_ORG', path: 'globex', scopes: ['scope-member-read'] }] as const;
      return admin.organizationTokens.create('acme', { label: 'x', resources }, root);
    },
  ],
];

function refusedChangesLeaveNothing(open: () => Promise<TestDatabase>): void {
  it.each(refused)('is refused as %s and leaves nothing: %s', async (code, _what, step) => {
    const world = await settle(await open());
    const before = await world.stores.directory.read();
    const activityBefore = await world.admin.activity.list();

    const error = await step(world).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );

    expect(error).toBeInstanceOf(AdministrationError);
    expect(error).toMatchObject({ code });
    expect(await world.stores.directory.read()).toEqual(before);
    expect(await world.admin.activity.list()).toEqual(activityBefore);
  });
}

function organizations(open: () => Promise<TestDatabase>): void {
  it('start with sign-in enforced and the default policy, switched off', async () => {
    const { admin } = await settle(await open());
    expect(await admin.organizations.byName('acme')).toMatchObject({
      name: 'acme',
      fullName: 'acme',
      enforceSignIn: true,
    });
    expect(await admin.policies.current('acme')).toEqual({
      version: 1,
      policy: defaultPolicy,
      changedAt: now,
      changedBy: 'root',
    });
  });

  it('have the first as home until it is changed', async () => {
    const { admin } = await settle(await open());
    expect(await admin.organizations.home()).toMatchObject({ name: 'acme' });
    await admin.organizations.setHome('globex', root);
    expect(await admin.organizations.home()).toMatchObject({ name: 'globex' });
  });

  it('are listed by name', async () => {
    const { admin } = await settle(await open());
    await admin.organizations.create({ name: 'a1' }, root);
    expect((await admin.organizations.list()).map(({ name }) => name)).toEqual(['a1', 'acme', 'globex']);
  });

  it('can claim a namespace that another released', async () => {
    const { admin } = await settle(await open());
    const namespace = { registry: 'docker.io', namespace: 'acme' };
    await admin.namespaces.release('acme', namespace, root);
    await admin.namespaces.claim('globex', namespace, root);
    expect(await admin.namespaces.list('acme')).toEqual([]);
    expect(await admin.namespaces.list('globex')).toMatchObject([namespace]);
  });
}

function members(open: () => Promise<TestDatabase>): void {
  it('include an owner at all times, but no particular one', async () => {
    const { admin } = await settle(await open());
    await admin.members.changeRole('acme', 'bob', 'owner', root);
    await admin.members.remove('acme', 'alice', root);
    expect(await admin.members.list('acme')).toMatchObject([{ username: 'bob', role: 'owner' }]);
    await expect(admin.members.remove('acme', 'bob', root)).rejects.toMatchObject({ code: 'last-owner' });
  });

  it('keep an owner who can sign in', async () => {
    const { admin } = await settle(await open());
    await admin.members.changeRole('acme', 'bob', 'owner', root);
    await admin.people.setActive('bob', false, root);
    await expect(admin.members.remove('acme', 'alice', root)).rejects.toMatchObject({ code: 'last-owner' });
    await admin.members.remove('acme', 'bob', root);
  });

  it('are not both gone when two owners are removed at once', async () => {
    const test = await open();
    const { admin } = await settle(test);
    const elsewhere = createAdministration(openStores(await test.connect()));
    await admin.members.changeRole('acme', 'bob', 'owner', root);
    const removals = await Promise.allSettled([
      admin.members.remove('acme', 'alice', root),
      elsewhere.members.remove('acme', 'bob', root),
    ]);
    const refused = removals.filter((removal) => removal.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(['last-owner']);
    expect(await admin.members.list('acme')).toHaveLength(1);
  });
}

function policies(open: () => Promise<TestDatabase>): void {
  const full: ImageAccessPolicy = {
    enabled: true,
    allow: { official: false, 'verified-publisher': false, 'sponsored-oss': true, community: true },
    allowlist: { enabled: true, repositories: new Set(['docker.io/bitnami/redis', 'ghcr.io/acme/web']) },
    registryAccess: { enabled: true, dockerHub: false, registries: new Set(['ghcr.io', 'registry.corp:5000']) },
  };

  it('come back as they were set, and earlier versions stay', async () => {
    const { admin } = await settle(await open());
    const set = await admin.policies.set('acme', { policy: full, expectedVersion: 1 }, carol);
    expect(set).toEqual({ version: 2, policy: full, changedAt: now, changedBy: 'carol' });
    expect(await admin.policies.version('acme', 2)).toEqual(set);
    expect(await admin.policies.version('acme', 1)).toMatchObject({ version: 1, policy: defaultPolicy });
    expect(await admin.policies.current('globex')).toMatchObject({ version: 1 });
  });

  it('are told in the activity by what differs', async () => {
    const { admin } = await settle(await open());
    await admin.policies.set('acme', { policy: full, expectedVersion: 1 }, root);
    const repositories = new Set(['docker.io/bitnami/redis', 'docker.io/acme/tool']);
    const next = { ...full, allowlist: { enabled: true, repositories } };
    await admin.policies.set('acme', { policy: next, expectedVersion: 2 }, root);
    expect((await admin.activity.list({ limit: 1 }))[0]).toMatchObject({
      before: { version: 2, 'allowlist.repositories': ['ghcr.io/acme/web'] },
      after: { version: 3, 'allowlist.repositories': ['docker.io/acme/tool'] },
    });
  });

  it('of two made from the same version, one wins and the other hears which version is in force', async () => {
    const test = await open();
    const { admin } = await settle(test);
    const elsewhere = createAdministration(openStores(await test.connect()));
    const updates = await Promise.allSettled([
      admin.policies.set('acme', { policy: full, expectedVersion: 1 }, root),
      elsewhere.policies.set('acme', { policy: policyWith({ enabled: true }), expectedVersion: 1 }, root),
    ]);
    const lost = updates.find((update) => update.status === 'rejected');
    expect(lost?.reason).toBeInstanceOf(PolicyConflict);
    expect(lost?.reason.currentVersion).toBe(2);
    expect(await admin.policies.history('acme', { offset: 0, limit: 9 })).toMatchObject({ total: 2 });
  });
}

function tokens(open: () => Promise<TestDatabase>): void {
  it('of an organization cannot be seen, changed or revoked through another', async () => {
    const { admin, oatId } = await settle(await open());
    const { organizationTokens } = admin;
    const attempts = [
      organizationTokens.find('globex', oatId),
      organizationTokens.update('globex', oatId, { label: 'mine' }, root),
      organizationTokens.setActive('globex', oatId, false, root),
      organizationTokens.revoke('globex', oatId, root),
    ];
    await Promise.all(attempts.map((attempt) => expect(attempt).rejects.toMatchObject({ code: 'not-found' })));
    expect(await organizationTokens.list('globex')).toEqual([]);
    expect(await organizationTokens.find('acme', oatId)).toMatchObject({ label: 'ci', isActive: true });
  });

  it('of a person cannot be seen, changed or revoked through another', async () => {
    const { admin, patId } = await settle(await open());
    const { personalTokens } = admin;
    const attempts = [
      personalTokens.find('gina', patId),
      personalTokens.rename('gina', patId, 'mine', root),
      personalTokens.setActive('gina', patId, false, root),
      personalTokens.revoke('gina', patId, root),
    ];
    await Promise.all(attempts.map((attempt) => expect(attempt).rejects.toMatchObject({ code: 'not-found' })));
    expect(await personalTokens.list('gina')).toEqual([]);
    expect(await personalTokens.find('alice', patId)).toMatchObject({ label: 'laptop', isActive: true });
  });

  it('change in the parts that are given, and keep the others', async () => {
    const { admin, oatId } = await settle(await open());
    const before = await admin.organizationTokens.find('acme', oatId);
    const after = await admin.organizationTokens.update('acme', oatId, { description: 'builds' }, root);
    expect(after).toEqual({ ...before, description: 'builds' });
    expect(await admin.organizationTokens.find('acme', oatId)).toEqual(after);
    await admin.organizationTokens.update('acme', oatId, { resources: [pullsFrom('acme/web')] }, root);
    expect(await admin.organizationTokens.find('acme', oatId)).toEqual({
      ...after,
      resources: [pullsFrom('acme/web')],
    });
  });

  it('tell when and from where they were used last, without raising the revision', async () => {
    const { admin, stores, oatId, patId } = await settle(await open());
    const before = await stores.directory.revision();
    const failures: unknown[] = [];
    const notes = createTokenUseNotes(stores.tokenUse, (error) => failures.push(error));
    notes.noteUse(patId, now + 1, '192.0.2.1');
    notes.noteUse(patId, now + 2, '192.0.2.2');
    notes.noteUse(oatId, now + 3, '192.0.2.3');
    notes.noteUse('gone', now + 3, '192.0.2.3');
    await notes.close();
    expect(failures).toEqual([]);
    expect(await admin.personalTokens.find('alice', patId)).toMatchObject({
      lastUsedAt: now + 2,
      lastUsedAddress: '192.0.2.2',
    });
    expect(await admin.organizationTokens.find('acme', oatId)).toMatchObject({
      lastUsedAt: now + 3,
      lastUsedAddress: '192.0.2.3',
    });
    expect(await stores.directory.revision()).toBe(before);
  });

  it('keep the latest use, whoever writes last', async () => {
    const { admin, stores, patId } = await settle(await open());
    await stores.tokenUse.noteUses([{ id: patId, at: now + 9, address: '192.0.2.9' }]);
    await stores.tokenUse.noteUses([{ id: patId, at: now + 5, address: '192.0.2.5' }]);
    expect(await admin.personalTokens.find('alice', patId)).toMatchObject({ lastUsedAt: now + 9 });
  });
}

function categories(open: () => Promise<TestDatabase>): void {
  const fact = {
    registry: 'docker.io',
    namespace: 'bitnami',
    category: 'verified-publisher',
    source: 'hub',
    asOf: now - 5,
    checkedAt: now,
  } as const;

  it('are remembered, and a new look at the same is no change', async () => {
    const { stores, admin } = await settle(await open());
    const before = [await stores.directory.revision(), await admin.activity.list({ limit: 1 })];
    await stores.categories.save(fact);
    await stores.categories.save({ ...fact, checkedAt: now + 60 });
    expect(await stores.categories.find('docker.io', 'bitnami')).toEqual({ ...fact, checkedAt: now + 60 });
    expect(await stores.categories.find('ghcr.io', 'bitnami')).toBeUndefined();
    expect(await stores.categories.list()).toHaveLength(1);
    expect([await stores.directory.revision(), await admin.activity.list({ limit: 1 })]).toEqual(before);
  });

  it('that two nodes learn of at the same time are told once', async () => {
    const test = await open();
    const { stores, admin } = await settle(test);
    await stores.categories.save(fact);
    const elsewhere = openStores(await test.connect(), () => now);
    const learned = { ...fact, category: 'community' } as const;
    await Promise.all([stores, elsewhere].map(({ categories: nodes }) => nodes.save(learned)));
    const told = (await admin.activity.list()).filter(({ action }) => action === 'catalog.category.change');
    expect(told).toHaveLength(1);
    expect(await admin.activity.verify()).toMatchObject({ intact: true });
  });

  it('that become others are told in the activity', async () => {
    const { stores, admin } = await settle(await open());
    const before = await stores.directory.revision();
    await stores.categories.save(fact);
    await stores.categories.save({ ...fact, category: 'community' });
    expect(await stores.directory.revision()).toBe(before + 1);
    expect((await admin.activity.list({ limit: 1 }))[0]).toMatchObject({
      action: 'catalog.category.change',
      subject: 'docker.io/bitnami',
      actor: { kind: 'system', name: 'catalog' },
      before: { category: 'verified-publisher' },
      after: { category: 'community' },
    });
  });

  it('that become others are told of a namespace too that was known and not stored', async () => {
    const { stores, admin } = await settle(await open());
    const before = await stores.directory.revision();
    await stores.categories.save(fact, { ...fact, category: 'community' });
    await stores.categories.save(fact, { ...fact, category: 'community' });
    expect(await stores.directory.revision()).toBe(before + 1);
    const told = (await admin.activity.list()).filter(({ action }) => action === 'catalog.category.change');
    expect(told).toMatchObject([{ before: { category: 'community' }, after: { category: 'verified-publisher' } }]);
  });
}

function activity(open: () => Promise<TestDatabase>): void {
  activityContract(open);

  it('is listed newest first, by organization and in pages', async () => {
    const { admin } = await settle(await open());
    const { id: organizationId } = await admin.organizations.byName('globex');
    const rows = await admin.activity.list({ organizationId });
    expect(rows.map(({ action }) => action)).toEqual(['org.member.add', 'org.member.add', 'org.create']);
    const second = await admin.activity.list({ organizationId, limit: 1, before: rows[0]!.sequence });
    expect(second).toEqual([rows[1]]);
  });

  const tampering = [
    [
      'a changed row',
      3,
      (db: Database) => db.updateTable('activity').set({ subject: 'mallory' }).where('sequence', '=', 3),
    ],
    ['a changed actor', 4, (db: Database) => db.updateTable('activity').set({ actor: '{}' }).where('sequence', '=', 4)],
    ['a row that was taken out', 5, (db: Database) => db.deleteFrom('activity').where('sequence', '=', 4)],
    ['a beginning that was cut off', 3, (db: Database) => db.deleteFrom('activity').where('sequence', '<', 3)],
  ] as const;

  it.each(tampering)('shows %s at row %i', async (_what, sequence, tamper) => {
    const { admin, database } = await settle(await open());
    await tamper(database).execute();
    expect(await admin.activity.verify()).toMatchObject({ intact: false, sequence });
  });

  it('never holds a secret or the hash of one', async () => {
    const { admin, pat, oat, patId, oatId } = await settle(await open());
    await admin.personalTokens.revoke('alice', patId, root);
    await admin.organizationTokens.revoke('acme', oatId, root);
    const text = JSON.stringify(await admin.activity.list({ limit: 1000 }));
    expect(text).toContain(patId);
    for (const secret of [pat, oat, hashToken(pat), hashToken(oat)]) expect(text).not.toContain(secret);
  });
}

function liveDirectory(open: () => Promise<TestDatabase>): void {
  const follow = async (stores: Stores) => {
    const live = await openLiveDirectory(stores.directory, (error) => expect.unreachable(String(error)));
    onTestFinished(() => live.close());
    return live;
  };

  it('knows tokens by their hash, with their person and memberships', async () => {
    const { stores, pat, oat, patId } = await settle(await open());
    const { current } = await follow(stores);
    expect(current.credentialBySecret(hashToken(pat))).toMatchObject({
      id: patId,
      loginName: 'alice',
      active: true,
      principal: {
        kind: 'person',
        username: 'alice',
        memberships: [{ role: 'owner', organization: { name: 'acme' } }],
      },
    });
    expect(current.credentialBySecret(hashToken(oat))).toMatchObject({
      loginName: 'acme',
      principal: { kind: 'organization-token', resources: [{ kind: 'prefix', prefix: 'docker.io/acme/' }] },
    });
    expect(current.claimOf(repositoryOf('docker.io', 'acme/web'))).toMatchObject({ name: 'acme' });
    expect(current.home).toMatchObject({ name: 'acme' });
  });

  const seen: readonly (readonly [
    string,
    Step,
    (live: Awaited<ReturnType<typeof follow>>, world: Settled) => unknown,
    unknown,
  ])[] = [
    [
      'a revoked token',
      ({ admin, patId }) => admin.personalTokens.revoke('alice', patId, root),
      ({ current }, { patId }) => current.credentialById(patId),
      undefined,
    ],
    [
      'a person who was switched off',
      async ({ admin }) => {
        await admin.members.changeRole('acme', 'bob', 'owner', root);
        await admin.people.setActive('alice', false, root);
      },
      ({ current }, { patId }) => current.credentialById(patId)?.active,
      false,
    ],
    [
      'a person who left',
      async ({ admin }) => {
        await admin.members.changeRole('acme', 'bob', 'owner', root);
        await admin.members.remove('acme', 'alice', root);
      },
      ({ current }, { patId }) => current.credentialById(patId)?.principal,
      expect.objectContaining({ memberships: [] }),
    ],
    [
      'a policy',
      ({ admin }) => admin.policies.set('acme', { policy: policyWith({ enabled: true }), expectedVersion: 1 }, root),
      ({ current }) => current.home,
      expect.objectContaining({ policyVersion: 2, policy: policyWith({ enabled: true }) }),
    ],
    [
      'a released namespace',
      ({ admin }) => admin.namespaces.release('acme', { registry: 'docker.io', namespace: 'acme' }, root),
      ({ current }) => current.claimOf(repositoryOf('docker.io', 'acme/web')),
      undefined,
    ],
  ];

  it.each(seen)('takes in %s from another connection by itself', async (_what, step, look, expected) => {
    const test = await open();
    const world = await settle(test);
    const live = await follow(openStores(await test.connect()));
    expect(look(live, world)).not.toEqual(expected);
    await step(world);
    await expect.poll(() => look(live, world), { timeout: 10_000, interval: 20 }).toEqual(expected);
  });

  it('has taken in a change when reload returns', async () => {
    const { admin, stores, patId } = await settle(await open());
    const live = await follow(stores);
    const before = live.current;
    await admin.personalTokens.setActive('alice', patId, false, root);
    await live.reload();
    expect(live.current.credentialById(patId)?.active).toBe(false);
    expect(before.credentialById(patId)?.active).toBe(true);
  });
}
