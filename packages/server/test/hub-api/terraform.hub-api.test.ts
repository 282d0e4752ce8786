import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubWorld, hubAccount, openHubWorld, type Person, startTimeout } from './hub-world.ts';
import { dataSources } from './terraform-data-sources.ts';
import { createProvider, type Provider, saysGone, type Version, versions } from './terraform-provider.ts';
import { hubRepository, hubRepositoryTeamPermission, repositoryDataSources } from './terraform-repositories.ts';
import {
  imageAccessManagement,
  type Member,
  orgAccessToken,
  orgMember,
  orgTeam,
  orgTeamMember,
  personalAccessToken,
  type Resource,
  registryAccessManagement,
} from './terraform-resources.ts';
import { createWire } from './wire.ts';

// What Docker's Terraform provider does with its resources and data sources, request by request, over TLS. After each
// change it reads again and plans again, and the second plan must have nothing to do.

let world: HubWorld;
let max: Person;
let adminToken: { secret: string };
beforeAll(async () => {
  world = await openHubWorld();
  max = await world.addPerson('max');
  adminToken = await world.addPersonalToken(world.olivia, 'repo:admin');
}, startTimeout);
afterAll(() => world.close(), startTimeout);

interface Credentials {
  readonly username: string;
  readonly password: string;
}

function provider(version: Version, credentials: Credentials, host = world.host): Provider {
  return createProvider({ version, host, wire: createWire(world.gate.port, world.ca), ...credentials });
}

/** A plan of what was applied: the state that is read again is the one that was kept, and says what the configuration says. */
async function expectNoDrift<C extends object, S extends C>(resource: Resource<C, S>, config: C, state: S): Promise<S> {
  expect(state).toMatchObject(config);
  const refreshed = await resource.read(state);
  expect(refreshed).toEqual(state);
  return state;
}

const versionNames = Object.keys(versions) as Version[];
/** No name is used by two versions. */
const named = (name: string, version: Version) => `${name}-${version.replaceAll('.', '-')}`;

describe.each(versionNames)('provider %s, signed in with the password of an owner', (version) => {
  let docker: Provider;
  beforeAll(() => {
    docker = provider(version, world.olivia);
  });

  it('docker_org_setting_image_access_management', async () => {
    const resource = imageAccessManagement(docker);
    const config = {
      org_name: 'acme',
      enabled: true,
      allow_official_images: true,
      allow_verified_publishers: false,
    };
    let state = await expectNoDrift(resource, config, await resource.create(config));
    const changed = { ...config, allow_official_images: false, allow_verified_publishers: true };
    state = await expectNoDrift(resource, changed, await resource.update(changed, state));
    await resource.delete(state);
    expect(await resource.read(state)).toEqual({
      org_name: 'acme',
      enabled: false,
      allow_official_images: true,
      allow_verified_publishers: true,
    });
  });

  it('docker_org_setting_image_access_management keeps what its shape does not know', async () => {
    const allowlist = { enabled: true, repositories: ['docker.io/bitnami/redis'] };
    const known = { allow_sponsored_open_source: true, allow_community_images: true, allowlist };
    const before = await world.must(world.olivia, 'PATCH', '/v2/orgs/acme/image-access', known);
    expect(before).toMatchObject(known);
    const resource = imageAccessManagement(docker);
    const config = { org_name: 'acme', enabled: true, allow_official_images: false, allow_verified_publishers: false };
    const state = await resource.create(config);
    await resource.update({ ...config, allow_official_images: true }, state);
    expect(await world.must(world.olivia, 'GET', '/v2/orgs/acme/image-access')).toMatchObject(known);
    await resource.delete(state);
    expect(await world.must(world.olivia, 'GET', '/v2/orgs/acme/image-access')).toMatchObject(known);
  });

  it('docker_org_setting_registry_access_management', async () => {
    const resource = registryAccessManagement(docker);
    const config = {
      org_name: 'acme',
      enabled: true,
      standard_registry_docker_hub: { allowed: true },
      custom_registries: [
        { address: 'https://ghcr.io', friendly_name: 'GitHub', allowed: true },
        { address: 'quay.io', friendly_name: 'Quay', allowed: false },
        { address: 'Registry.Acme.Example:5000', friendly_name: 'Own, with ümlaut', allowed: true },
      ],
    };
    let state = await expectNoDrift(resource, config, await resource.create(config));
    const changed = {
      ...config,
      standard_registry_docker_hub: { allowed: false },
      custom_registries: config.custom_registries.toReversed(),
    };
    state = await expectNoDrift(resource, changed, await resource.update(changed, state));
    await resource.delete(state);
    expect(await resource.read(state)).toEqual({
      org_name: 'acme',
      enabled: false,
      standard_registry_docker_hub: { allowed: true },
      custom_registries: [],
    });
  });

  it('docker_org_team', async () => {
    const resource = orgTeam(docker);
    const name = named('Platform_Team', version);
    const config = { org_name: 'acme', team_name: name, team_description: 'Runs “it” <all> & more' };
    let state = await expectNoDrift(resource, config, await resource.create(config));
    expect(Number.isInteger(state.id) && state.id > 0).toBe(true);
    const renamed = { ...config, team_name: `${name}-2`, team_description: '' };
    const { id } = state;
    state = await expectNoDrift(resource, renamed, await resource.update(renamed, state));
    expect(state.id).toBe(id);
    // The old name is gone for good, and reading it says so in a way that makes Terraform create it anew.
    expect(await resource.read({ ...state, team_name: name })).toBeUndefined();
    await resource.delete(state);
    expect(await resource.read(state)).toBeUndefined();
    await expect(resource.delete(state)).resolves.toBeUndefined();
  });

  it('docker_org_team_member', async () => {
    const teams = orgTeam(docker);
    const team_name = named('crew', version);
    const team = await teams.create({ org_name: 'acme', team_name, team_description: '' });
    const resource = orgTeamMember(docker);
    const config = { org_name: 'acme', team_name, user_name: max.username };
    const state = await expectNoDrift(resource, config, await resource.create(config));
    // Creating is tried again when the answer was lost.
    await expect(resource.create(config)).resolves.toEqual(config);
    await resource.delete(state);
    expect(await resource.read(state)).toBeUndefined();
    // A team member that is gone already is an error, as at Docker Hub.
    await expect(resource.delete(state)).rejects.toThrow(/not found/i);
    await teams.delete(team);
  });

  it('docker_org_member, by an e-mail address that is only invited', async () => {
    const resource = orgMember(docker);
    const config: Member = { org_name: 'acme', role: 'member', email: `${named('new', version)}@acme.example` };
    const state = await expectNoDrift(resource, config, await resource.create(config));
    expect(state.invite_id).not.toBe('');
    // Terraform tries again what may not have arrived: the invitation stays the same one.
    expect((await resource.create(config)).invite_id).toBe(state.invite_id);
    await expect(resource.update({ ...config, role: 'editor' }, state)).rejects.toThrow('pending invite');
    await resource.delete(state);
    await expect(resource.read(state)).rejects.toThrow('Member not found');
  });

  it('docker_org_member, invited by address, who accepts and changes the role', async () => {
    const resource = orgMember(docker);
    const username = named('joe', version);
    const email = `${username}@acme.example`;
    const config: Member = { org_name: 'acme', role: 'member', email };
    let state = await resource.create(config);
    const { link } = await world.must<{ link: string }>(world.olivia, 'POST', `/v2/invites/${state.invite_id}/link`);
    const account = { username, password: 'a long and good password' };
    await world.must(undefined, 'POST', '/v2/invites/accept', { token: link.split('#')[1], account });
    state = await expectNoDrift(resource, config, state);
    const editor: Member = { ...config, role: 'editor' };
    state = await expectNoDrift(resource, editor, await resource.update(editor, state));
    // The invitation cannot be cancelled any more, and the address stands for the member.
    await resource.delete(state);
    expect(docker.sent.slice(-2)).toEqual([
      `DELETE /v2/invites/${state.invite_id}`,
      `DELETE /v2/orgs/acme/members/${email}/`,
    ]);
    await expect(resource.read(state)).rejects.toThrow('Member not found');
  });

  it('docker_org_member, by the user name of a member', async () => {
    const resource = orgMember(docker);
    const { username } = await world.addPerson(named('kim', version));
    const config: Member = { org_name: 'acme', role: 'owner', user_name: username };
    let state = await expectNoDrift(resource, config, await resource.create(config));
    const member: Member = { ...config, role: 'member' };
    state = await expectNoDrift(resource, member, await resource.update(member, state));
    await resource.delete(state);
    await expect(resource.delete(state)).rejects.toThrow();
  });

  it.each([
    ['with scopes of which one includes the other', ['repo:read', 'repo:write'], '2032-01-31T23:59:59Z'],
    ['with scopes in an order of their own', ['repo:admin', 'repo:public_read'], '2032-02-28T12:00:00.5+02:00'],
    ['that never expires', ['repo:read'], undefined],
  ])('docker_access_token %s', async (_, scopes, expires_at) => {
    const resource = personalAccessToken(docker);
    const config = { token_label: 'läptop “one”', scopes, ...(expires_at !== undefined && { expires_at }) };
    let state = await expectNoDrift(resource, config, await resource.create(config));
    expect(state.token).not.toBe('');
    expect(await world.exchange(world.olivia.username, state.token)).not.toBe('');
    const changed = { ...config, token_label: 'renamed', is_active: false };
    state = await expectNoDrift(resource, changed, await resource.update(changed, state));
    await expect(world.exchange(world.olivia.username, state.token)).rejects.toThrow('401');
    await resource.delete(state);
    expect(await resource.read(state)).toBeUndefined();
    await expect(resource.delete(state)).resolves.toBeUndefined();
  });

  it.each([
    ['with an expiry', 'pulls & pushes', '2032-12-31T23:59:59Z'],
    ['without one', 'none', undefined],
  ])('docker_org_access_token %s', async (_, description, expires_at) => {
    const resource = orgAccessToken(docker);
    const config = {
      org_name: 'acme',
      label: named('ci', version),
      description,
      resources: [
        { type: 'TYPE_REPO', path: 'acme/*', scopes: ['scope-image-push', 'scope-image-pull'] },
        { type: 'TYPE_REPO', path: '*/*/public', scopes: ['scope-image-pull'] },
        { type: 'TYPE_ORG', path: 'acme', scopes: ['scope-member-read', 'scope-group-edit'] },
      ],
      ...(expires_at !== undefined && { expires_at }),
    };
    let state = await expectNoDrift(resource, config, await resource.create(config));
    expect(state.token).not.toBe('');
    const changed = { ...config, label: 'ci 2', resources: config.resources.toReversed() };
    state = await expectNoDrift(resource, changed, await resource.update(changed, state));
    await resource.delete(state);
    expect(await resource.read(state)).toBeUndefined();
    await expect(resource.delete(state)).resolves.toBeUndefined();
  });
});

describe.each(versionNames)('data sources of provider %s', (version) => {
  let docker: Provider;
  beforeAll(() => {
    docker = provider(version, world.olivia);
  });

  it('docker_org', async () => {
    const found = await dataSources(docker).org('acme');
    expect(found).toMatchObject({ full_name: 'Acme Ltd', location: '', company: '' });
    expect(Date.parse(found.date_joined)).not.toBeNaN();
    await expect(dataSources(docker).org('nobody')).rejects.toThrow(/not found/i);
  });

  it('docker_org_members', async () => {
    const members = await dataSources(docker).orgMembers('acme');
    expect(members.find(({ username }) => username === 'olivia')).toMatchObject({
      email: world.olivia.email,
      role: 'Owner',
      groups: ['owners'],
      is_guest: false,
      type: 'User',
      id: expect.stringMatching(/^[\da-f]{32}$/),
    });
    expect(members.find(({ username }) => username === 'max')).toMatchObject({ role: 'Member' });
    // Who is only invited is no member.
    expect(members.map(({ role }) => role)).not.toContain('Invitee');
  });

  it('docker_org_team and docker_org_team_member', async () => {
    const team_name = named('readers', version);
    const team = await orgTeam(docker).create({ org_name: 'acme', team_name, team_description: 'read' });
    await orgTeamMember(docker).create({ org_name: 'acme', team_name, user_name: 'max' });
    const { orgTeam: find, orgTeamMembers } = dataSources(docker);
    expect(await find('acme', team_name)).toEqual({
      id: team.id,
      uuid: expect.stringMatching(/^[\da-f-]{36}$/),
      description: 'read',
      member_count: 1,
    });
    const [member, ...others] = await orgTeamMembers('acme', team_name);
    expect(others).toEqual([]);
    expect(member).toMatchObject({ username: 'max', email: max.email, primary_email: max.email, type: 'User' });
    // The role is being in this team.
    expect((await orgTeamMembers('acme', 'owners')).map(({ username }) => username)).toContain('olivia');
  });

  it('docker_access_token and docker_access_tokens, page by page', async () => {
    const zoe = await world.addPerson(named('zoe', version));
    const tokens = personalAccessToken(provider(version, zoe));
    const created = [];
    for (let number = 1; number <= 23; number++) {
      created.push(await tokens.create({ token_label: `token ${number}`, scopes: ['repo:read'] }));
    }
    const own = provider(version, zoe);
    const listed = await dataSources(own).accessTokens();
    expect(listed.map(({ uuid }) => uuid).sort()).toEqual(created.map(({ uuid }) => uuid).sort());
    expect(own.sent.filter((line) => line.startsWith('GET'))).toHaveLength(3);
    expect(listed.every(({ token }) => token === '')).toBe(true);
    const [first] = created;
    expect(await dataSources(own).accessToken(first?.uuid ?? '')).toMatchObject({
      client_id: 'HUB',
      generated_by: 'manual',
      creator_ua: `terraform-provider-docker/${version}`,
      last_used: '',
      token_label: 'token 1',
    });
  });

  it('docker_hub_repository, docker_hub_repositories and docker_hub_repository_tags of a claimed namespace', async () => {
    const { repository, repositories, tags } = repositoryDataSources(docker);
    expect(await repository('acme', 'web')).toMatchObject({
      name: 'web',
      namespace: 'acme',
      full_description: '# Read me',
      is_private: false,
      pull_count: 12,
    });
    // Sixteen of them, ten a page, the private one included: acme's own credential was used for it.
    const all = await repositories('acme');
    expect(all.map(({ name }) => name)).toHaveLength(16);
    expect(all.map(({ name }) => name)).toContain('secret');
    expect((await tags('acme', 'web')).map(({ name, v2 }) => [name, v2])).toEqual([
      ['1.0', true],
      ['1.1', true],
      ['latest', true],
    ]);
    // Namespaces that nobody claims are none of the gate's.
    await expect(repository('northwind', 'agent')).rejects.toThrow(/not found/i);
    await expect(repository('acme', 'nothing')).rejects.toThrow(/not found/i);
  });
});

describe('a token instead of a password', () => {
  it.each(versionNames)('a personal access token with repo:admin runs an organization (%s)', async (version) => {
    const docker = provider(version, { username: 'olivia', password: adminToken.secret });
    const config = { org_name: 'acme', team_name: named('by-token', version), team_description: '' };
    const state = await expectNoDrift(orgTeam(docker), config, await orgTeam(docker).create(config));
    await orgTeam(docker).delete(state);
    expect(await dataSources(docker).orgMembers('acme')).not.toHaveLength(0);
  });

  it('a personal access token makes no other, in the words of Docker Hub', async () => {
    const docker = provider('0.7.0', { username: 'olivia', password: adminToken.secret });
    const config = { token_label: 'another', scopes: ['repo:read'] };
    const creating = personalAccessToken(docker).create(config);
    await expect(creating).rejects.toThrow('token issued from personal access token is not allowed');
  });

  it('an organization access token does what its scopes say, and image access is never among it', async () => {
    const scopes = ['scope-group-edit', 'scope-member-edit', 'scope-invite-edit', 'scope-ram-write'];
    const { secret } = await world.addOrganizationToken(world.olivia, 'acme', ...scopes);
    const docker = provider('0.7.0', { username: 'acme', password: secret });
    const team = { org_name: 'acme', team_name: 'by-oat', team_description: '' };
    await orgTeam(docker).delete(await expectNoDrift(orgTeam(docker), team, await orgTeam(docker).create(team)));
    const guest: Member = { org_name: 'acme', role: 'member', email: 'by-oat@acme.example' };
    // Addresses are shown to it: it could not find whom it invited otherwise.
    await orgMember(docker).delete(
      await expectNoDrift(orgMember(docker), guest, await orgMember(docker).create(guest)),
    );
    const [member] = await dataSources(docker).orgMembers('acme');
    expect(member?.email).not.toBe('');
    const registries = {
      org_name: 'acme',
      enabled: false,
      standard_registry_docker_hub: { allowed: true },
      custom_registries: [],
    };
    const access = registryAccessManagement(docker);
    await expectNoDrift(access, registries, await access.create(registries));
    const images = { org_name: 'acme', enabled: false, allow_official_images: true, allow_verified_publishers: true };
    const forbidden = 'token issued from organization access token is not allowed';
    await expect(imageAccessManagement(docker).create(images)).rejects.toThrow(forbidden);
    await expect(imageAccessManagement(docker).read(images)).rejects.toThrow(forbidden);
  });

  it('an organization cannot sign in where Docker Hub takes people only', async () => {
    const { secret } = await world.addOrganizationToken(world.olivia, 'acme', 'scope-group-read');
    const docker = provider('0.6.0', { username: 'acme', password: secret });
    await expect(dataSources(docker).orgTeam('acme', 'owners')).rejects.toThrow(
      'login failed: 401 - {"detail":"Cannot log into an organization account"}',
    );
  });

  it('a wrong password ends the run with the words of Docker Hub', async () => {
    const wrong = { username: 'olivia', password: 'wrong' };
    await expect(dataSources(provider('0.6.0', wrong)).org('acme')).rejects.toThrow(
      'login failed: 401 - {"detail":"Incorrect authentication credentials"}',
    );
    await expect(dataSources(provider('0.7.0', wrong)).org('acme')).rejects.toThrow(
      /login failed: 401 - .*"detail":"Incorrect authentication credentials"/,
    );
  });
});

describe('links to the next page', () => {
  // Go sends the host as it was configured, and takes its own base off the front of `next` only when they are the same.
  it.each([
    ['as it is', (host: string) => host],
    ['in other letters', (host: string) => host.replace('localhost', 'LocalHost')],
    ['by its address', (host: string) => host.replace('localhost', '127.0.0.1')],
  ])('lead to the host that was asked, %s', async (_, spelled) => {
    const lee = await world.addPerson(`lee-${spelled('localhost').replaceAll('.', '-')}`.toLowerCase() + _.length);
    for (let number = 1; number <= 11; number++) await world.addPersonalToken(lee, 'repo:read');
    const docker = provider('0.6.0', lee, spelled(world.host));
    expect(await dataSources(docker).accessTokens()).toHaveLength(11);
    expect(docker.sent.at(-1)).toBe('GET /v2/access-tokens?page=2&page_size=10');
  });
});

describe('repositories, of which the gate stores none', () => {
  const refused = /This gate stores no repositories/;

  it('docker_hub_repository is read and imported, but neither created, changed nor deleted', async () => {
    const docker = provider('0.6.0', world.olivia);
    const repository = hubRepository(docker);
    expect(await repository.read('acme', 'web')).toMatchObject({ namespace: 'acme', name: 'web' });
    for (const [name, write] of [
      ['create', () => repository.create('acme', 'new')],
      ['update', () => repository.update('acme', 'web')],
      ['privacy', () => repository.makePrivate('acme', 'web')],
      ['delete', () => repository.delete('acme', 'web')],
    ] as const) {
      const error = await write().then(
        () => new Error(`${name} succeeded`),
        (reason: Error) => reason,
      );
      expect(error.message, name).toMatch(refused);
      // Or Terraform would take a repository that it may not delete for deleted.
      expect(saysGone(error), name).toBe(false);
    }
    expect(world.dockerHub.asked.filter((line) => !/^GET |\/v2\/(?:auth\/token|users\/login)/.test(line))).toEqual([]);
  });

  it('docker_hub_repository_team_permission is refused', async () => {
    const permission = hubRepositoryTeamPermission(provider('0.6.0', world.olivia));
    await expect(permission.create('acme/web', 4711)).rejects.toThrow(refused);
    await expect(permission.read('acme/web', 4711)).rejects.toThrow(refused);
    await expect(permission.update('acme/web', 4711)).rejects.toThrow(refused);
    await expect(permission.delete('acme/web', 4711)).rejects.toThrow(refused);
  });

  it('answers 405 to whoever is signed in, and names what is served', async () => {
    const answer = await world.as(world.olivia, 'DELETE', '/v2/repositories/acme/web/');
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toContain('GET');
    expect((await world.as(undefined, 'DELETE', '/v2/repositories/acme/web/')).status).toBe(401);
  });

  it('asks Docker Hub with the credential of the organization that claims the namespace', () => {
    expect(world.dockerHub.credentials.join('\n')).toContain(hubAccount.password);
  });
});

describe('what every answer to the provider keeps to', () => {
  it('both slash forms, without a redirect', async () => {
    for (const path of ['/v2/orgs/acme', '/v2/orgs/acme/settings', '/v2/orgs/acme/members', '/v2/orgs/acme/groups']) {
      const [without, with_] = [
        await world.as(world.olivia, 'GET', path),
        await world.as(world.olivia, 'GET', `${path}/`),
      ];
      expect([without.status, with_.status], path).toEqual([200, 200]);
    }
  });

  it('`not found` in every 404 and in no other error', async () => {
    const missing = await world.as(world.olivia, 'GET', '/v2/orgs/acme/groups/nothing/');
    expect(missing.status).toBe(404);
    expect(missing.text.slice(0, 500)).toMatch(/not found/i);
    const quoting = await world.as(world.olivia, 'POST', '/v2/orgs/acme/groups/', { name: 'not found' });
    expect(quoting.status).toBe(400);
    expect(quoting.text).not.toMatch(/not found/i);
    const dueling = await world.as(world.olivia, 'DELETE', '/v2/orgs/acme/members/olivia/');
    expect(dueling.status).toBe(400);
    expect(dueling.text).not.toMatch(/not found/i);
  });

  it('roles in lower case in requests, capitalized in answers', async () => {
    const ida = await world.addPerson('ida');
    const answer = await world.as(world.olivia, 'PUT', `/v2/orgs/acme/members/${ida.username}/`, { role: 'editor' });
    expect([answer.status, answer.json()['role']]).toEqual([200, 'Editor']);
    expect((await world.as(world.olivia, 'PUT', '/v2/orgs/acme/members/ida/', { role: 'Editor' })).status).toBe(400);
  });

  it('how many requests are left, on every answer', async () => {
    const { headers } = await world.as(world.olivia, 'GET', '/v2/orgs/acme');
    expect(Number(headers['x-ratelimit-limit'])).toBeGreaterThanOrEqual(3000);
    expect(Number(headers['x-ratelimit-remaining'])).toBeLessThan(Number(headers['x-ratelimit-limit']));
    expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000 - 1);
  });
});
