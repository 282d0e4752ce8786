import { repositoryOf } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import { buildDirectory } from '../../src/access/build-directory.ts';
import type { PersonalScope } from '../../src/tokens/scopes.ts';
import { directoryRows, organizationRow } from './directory-rows.ts';

const [pat] = directoryRows().personalTokens;

describe('a directory', () => {
  it('knows a person by each token, by id and by hash', () => {
    const directory = buildDirectory(directoryRows());
    expect(directory.credentialBySecret('a1')).toEqual({
      id: 'pat',
      loginName: 'alice',
      active: true,
      publicOnly: false,
      scopes: ['repo:read'],
      expiresAt: null,
      principal: {
        kind: 'person',
        id: 'alice-id',
        username: 'alice',
        memberships: [{ role: 'member', organization: organizationRow('acme') }],
      },
    });
    expect(directory.credentialById('pat')).toBe(directory.credentialBySecret('a1'));
    expect(directory.revision).toBe(7);
  });

  it('knows an organization by each of its tokens, and what that may pull', () => {
    expect(buildDirectory(directoryRows()).credentialBySecret('b2')).toEqual({
      id: 'oat',
      loginName: 'acme',
      active: true,
      publicOnly: false,
      scopes: [],
      expiresAt: 5_000,
      principal: {
        kind: 'organization-token',
        organization: organizationRow('acme'),
        resources: [{ kind: 'prefix', prefix: 'docker.io/acme/' }],
      },
    });
  });

  it('knows what a token opens of the API: an organization access token only by its scopes on the organization', () => {
    const resources = [
      { type: 'TYPE_REPO' as const, path: 'acme/*', scopes: ['scope-image-pull'] },
      { type: 'TYPE_ORG' as const, path: 'acme', scopes: ['scope-member-read', 'scope-group-read'] },
    ];
    const [oat] = directoryRows().organizationTokens;
    const directory = buildDirectory(directoryRows({ organizationTokens: [{ ...oat!, resources }] }));
    expect(directory.credentialById('oat')?.scopes).toEqual(['scope-member-read', 'scope-group-read']);
  });

  it('knows a person by id also without a token, and an organization by name', () => {
    const people = [{ id: 'alice-id', username: 'alice', isActive: false, isAdministrator: true }];
    const directory = buildDirectory(directoryRows({ people, personalTokens: [] }));
    const person = { username: 'alice', memberships: [{ role: 'member' }] };
    expect(directory.accountById('alice-id')).toMatchObject({ person, isActive: false, isAdministrator: true });
    expect(directory.organizationByName('acme')).toMatchObject({ id: 'acme-id' });
    expect(directory.organizationByName('acme-id')).toBeUndefined();
  });

  it('knows nobody by what is no token, not even by a name that every object has', () => {
    const directory = buildDirectory(directoryRows());
    for (const key of ['', 'a1 ', 'A1', 'constructor', '__proto__']) {
      expect(directory.credentialBySecret(key)).toBeUndefined();
      expect(directory.credentialById(key)).toBeUndefined();
      expect(directory.organizationById(key)).toBeUndefined();
    }
  });

  it.each([
    ['the token and the person are', true, true, true],
    ['the token is switched off', false, true, false],
    ['the person is switched off', true, false, false],
    ['both are switched off', false, false, false],
  ])('holds a token usable when %s: %s %s %s', (_when, token, person, active) => {
    const people = [{ id: 'alice-id', username: 'alice', isActive: person, isAdministrator: false }];
    const directory = buildDirectory(directoryRows({ people, personalTokens: [{ ...pat!, isActive: token }] }));
    expect(directory.credentialById('pat')?.active).toBe(active);
  });

  it.each<[PersonalScope[], boolean]>([
    [['repo:public_read'], true],
    [['repo:read'], false],
    [['repo:public_read', 'repo:admin'], false],
    [[], true],
  ])('limits a token of scopes %j to what is public: %s', (scopes, publicOnly) => {
    const directory = buildDirectory(directoryRows({ personalTokens: [{ ...pat!, scopes }] }));
    expect(directory.credentialById('pat')?.publicOnly).toBe(publicOnly);
  });

  it("sorts a person's memberships by the organization's name", () => {
    const names = ['globex', 'acme', 'initech'];
    const directory = buildDirectory(
      directoryRows({
        organizations: names.map(organizationRow),
        memberships: names.map((name) => ({ organizationId: `${name}-id`, personId: 'alice-id', role: 'member' })),
      }),
    );
    expect(directory.credentialById('pat')?.principal).toMatchObject({
      memberships: [
        { organization: { name: 'acme' } },
        { organization: { name: 'globex' } },
        { organization: { name: 'initech' } },
      ],
    });
  });

  it.each([
    ['a repository below it', 'docker.io', 'acme/web', 'acme'],
    ['one further down', 'docker.io', 'acme/team/web', 'acme'],
    ['one whose name begins alike', 'docker.io', 'acme-two/web', undefined],
    ['the same namespace elsewhere', 'ghcr.io', 'acme/web', undefined],
    ['an official image of that name', 'docker.io', 'acme', undefined],
  ])('says that a claim covers %s', (_what, registry, path, organization) => {
    expect(buildDirectory(directoryRows()).claimOf(repositoryOf(registry, path))?.name).toBe(organization);
  });

  it('finds a person by the user name, with or without a token', () => {
    const directory = buildDirectory(directoryRows({ personalTokens: [] }));
    expect(directory.personByName('alice')).toMatchObject({ id: 'alice-id', memberships: [{ role: 'member' }] });
    expect(directory.personByName('constructor')).toBeUndefined();
  });

  it('has a home only when one was chosen', () => {
    expect(buildDirectory(directoryRows()).home?.name).toBe('acme');
    expect(buildDirectory(directoryRows({ homeOrganizationId: undefined })).home).toBeUndefined();
  });

  it('gives nothing for rows that refer to nothing', () => {
    const directory = buildDirectory(directoryRows({ organizations: [], people: [] }));
    expect(directory.credentialById('pat')).toBeUndefined();
    expect(directory.credentialById('oat')).toBeUndefined();
    expect(directory.home).toBeUndefined();
    expect(directory.claimOf(repositoryOf('docker.io', 'acme/web'))).toBeUndefined();
  });
});

it('sign-in is enforced for nobody in particular as soon as any organization enforces it', () => {
  const [one] = directoryRows().organizations;
  const enforced = (...flags: boolean[]) =>
    buildDirectory(
      directoryRows({
        homeOrganizationId: one!.id,
        organizations: flags.map((enforceSignIn, place) =>
          place === 0
            ? { ...one!, enforceSignIn }
            : { ...one!, id: `other-${place}`, name: `z${place}`, enforceSignIn },
        ),
      }),
    ).home?.enforceSignIn;
  expect([enforced(false), enforced(true), enforced(false, true), enforced(false, false)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
