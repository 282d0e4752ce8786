import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, actor, openSmallWorld, repositories, type SmallWorld, startTimeout } from './small-world.ts';

// Who is judged by whose policy, and that every change counts from the next request with a registry token that was
// issued before it: tokens say who somebody is, never what is allowed.

const { organization, official, verified, community } = repositories;
const registries = { enabled: false, dockerHub: true, registries: new Set<string>() };

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld();
  const image = world.images[official];
  if (image) world.other.add('org/app', image, ['latest']);
  await world.administration.organizations.create({ name: 'umbrella' }, actor);
  await world.administration.namespaces.claim('umbrella', { registry: 'docker.io', namespace: 'umbrella' }, actor);
  if (image) world.registry.add('umbrella/corp', image, ['latest']);
}, startTimeout);
afterAll(() => world.close(), startTimeout);

const target = (name: string) => `/v2/${name}/manifests/latest`;
const pull = async (account: Account | undefined, name: string) => (await world.pull(account, target(name))).status;

/** What a token that was issued now answers later. */
async function holder(account: Account | undefined, ...names: string[]) {
  const authorization = `Bearer ${await world.token(account, ...names)}`;
  return {
    status: async (name = names[0] ?? '') => (await world.ask(target(name), { headers: { authorization } })).status,
    reason: async (name = names[0] ?? '') => (await world.ask(target(name), { headers: { authorization } })).reason,
    async becomes(status: number, name = names[0] ?? '') {
      await world.settle(async () => (await this.status(name)) === status);
    },
  };
}

describe('a change counts with a token that was issued before it', () => {
  it('of the policy: a category that is switched off, and on again', async () => {
    const max = await holder(world.member, verified);
    expect(await max.status()).toBe(200);
    const { policy } = await world.administration.policies.current('acme');
    await world.setPolicy('acme', { allow: { ...policy.allow, 'verified-publisher': false } });
    await max.becomes(403);
    expect(await max.reason()).toContain('acme allows only Official images');
    await world.setPolicy('acme', { allow: policy.allow });
    await max.becomes(200);
  });

  it('of image access as a whole', async () => {
    const max = await holder(world.member, community);
    await max.becomes(403);
    await world.setPolicy('acme', { enabled: false });
    await max.becomes(200);
    await world.setPolicy('acme', { enabled: true });
    await max.becomes(403);
  });

  it('of the allowlist, which counts only while it is on', async () => {
    const max = await holder(world.member, community);
    const listed = new Set([`docker.io/${community}`]);
    await world.setPolicy('acme', { allowlist: { enabled: false, repositories: listed } });
    await world.settle(
      async () => (await world.administration.policies.current('acme')).policy.allowlist.repositories.size === 1,
    );
    expect(await max.status()).toBe(403);
    await world.setPolicy('acme', { allowlist: { enabled: true, repositories: listed } });
    await max.becomes(200);
    await world.setPolicy('acme', {
      allowlist: { enabled: true, repositories: new Set([`docker.io/${community}-evil`, 'ghcr.io/somebody/miner']) },
    });
    await max.becomes(403);
    await world.setPolicy('acme', { allowlist: { enabled: false, repositories: new Set() } });
  });

  it('of the role: an owner becomes a member, and an owner again', async () => {
    const ada = await world.addAccount('ada', { organization: 'acme', role: 'owner' });
    const held = await holder(ada, community);
    expect(await held.status()).toBe(200);
    for (const [role, status] of [
      ['member', 403],
      ['owner', 200],
      ['editor', 403],
    ] as const) {
      await world.administration.members.changeRole('acme', 'ada', role, actor);
      await held.becomes(status);
    }
  });

  it('of the membership: who is removed belongs to no organization', async () => {
    const ben = await world.addAccount('ben', { organization: 'acme', role: 'member' });
    const held = await holder(ben, official, organization);
    expect([await held.status(official), await held.status(organization)]).toEqual([200, 200]);
    await world.administration.members.remove('acme', 'ben', actor);
    await held.becomes(403, official);
    expect(await held.reason(organization)).toContain('You belong to no organization');
    await world.administration.members.add('acme', { username: 'ben', role: 'member' }, actor);
    await held.becomes(200, official);
  });

  it('of the person: deactivated, and active again', async () => {
    const cleo = await world.addAccount('cleo', { organization: 'acme', role: 'owner' });
    const held = await holder(cleo, official);
    expect(await held.status()).toBe(200);
    await world.administration.people.setActive('cleo', false, actor);
    await held.becomes(401);
    await expect(world.token(cleo, official)).rejects.toThrow(/401/);
    await world.administration.people.setActive('cleo', true, actor);
    await held.becomes(200);
  });

  it('of the access token: switched off, and revoked', async () => {
    const dan = await world.addAccount('dan', { organization: 'acme', role: 'owner' });
    const held = await holder(dan, official);
    await world.administration.personalTokens.setActive('dan', dan.tokenId, false, actor);
    await held.becomes(401);
    await world.administration.personalTokens.setActive('dan', dan.tokenId, true, actor);
    await held.becomes(200);
    await world.administration.personalTokens.revoke('dan', dan.tokenId, actor);
    await held.becomes(401);
  });

  it('of a claim: what is claimed no more is as foreign as any image', async () => {
    const max = await holder(world.member, organization);
    expect(await max.status()).toBe(200);
    const claim = { registry: 'docker.io', namespace: 'acme' };
    await world.administration.namespaces.release('acme', claim, actor);
    await max.becomes(403);
    await world.administration.namespaces.claim('acme', claim, actor);
    await max.becomes(200);
  });

  it('of the organization token', async () => {
    await world.setPolicy('acme', { enabled: false });
    const token = await world.addOrganizationToken('acme', 'acme/*');
    const held = await holder(token, organization, official);
    await held.becomes(200);
    expect(await held.status(official)).toBe(403);
    await world.setPolicy('acme', { enabled: true });
    await held.becomes(403);
    expect(await held.reason()).toContain('Use a personal access token');
    await world.setPolicy('acme', { enabled: false });
    await held.becomes(200);
    await world.administration.organizationTokens.revoke('acme', token.tokenId, actor);
    await held.becomes(401);
    await world.setPolicy('acme', { enabled: true });
    const max = await holder(world.member, community);
    await max.becomes(403);
  });
});

describe('several organizations', () => {
  it('all judge: one refusal refuses, and says whose it is', async () => {
    const eve = await world.addAccount('eve', { organization: 'acme', role: 'member' });
    await world.administration.members.add('umbrella', { username: 'eve', role: 'member' }, actor);
    const held = await holder(eve, community);
    expect(await held.reason()).toContain('acme allows only');

    await world.setPolicy('acme', { enabled: false });
    await held.becomes(200);
    await world.setPolicy('umbrella', { enabled: true });
    await held.becomes(403);
    expect(await held.reason()).toContain('umbrella allows only');
    await world.setPolicy('umbrella', { enabled: false });
    await world.setPolicy('acme', { enabled: true });
    await world.settle(async () => (await held.reason()).includes('acme allows only'));
  });

  it('an owner of one is exempt from that one only', async () => {
    const fay = await world.addAccount('fay', { organization: 'umbrella', role: 'owner' });
    await world.administration.members.add('acme', { username: 'fay', role: 'member' }, actor);
    await world.setPolicy('umbrella', { enabled: true });
    const held = await holder(fay, community);
    await held.becomes(403);
    expect(await held.reason()).toContain('acme allows only');
    await world.administration.members.changeRole('acme', 'fay', 'owner', actor);
    await held.becomes(200);
    await world.setPolicy('umbrella', { enabled: false });
  });

  it('what one claims is foreign to the other', async () => {
    const own = await world.addAccount('gil', { organization: 'umbrella', role: 'member' });
    expect(await pull(own, 'umbrella/corp')).toBe(200);
    const max = await world.pull(world.member, target('umbrella/corp'));
    expect([max.status, max.reason]).toEqual([403, expect.stringContaining('Community image')]);
  });
});

describe('no organization', () => {
  it.each([official, organization, community, 'ghcr.io/org/app'])(
    'lets nobody in while sign-in is enforced: %s',
    async (name) => {
      const username = `nora${name.replace(/\W/g, '')}`;
      const nora = await world.addAccount(username);
      const answer = await world.pull(nora, target(name));
      expect([answer.status, answer.reason]).toEqual([403, expect.stringContaining('Ask an owner of acme to add you')]);
    },
  );
});

describe('while sign-in is not enforced', () => {
  beforeAll(async () => {
    const { organizations } = world.administration;
    await organizations.setEnforceSignIn('acme', false, actor);
    // As long as one organization enforces it, nobody is let in: its members would only have to sign out.
    await world.settle(async () => (await organizations.byName('acme')).enforceSignIn === false);
    expect((await world.ask('/token')).status).toBe(401);
    await organizations.setEnforceSignIn('umbrella', false, actor);
    await world.settle(async () => (await world.ask('/token')).status === 200);
  });
  afterAll(async () => {
    for (const name of ['acme', 'umbrella']) {
      await world.administration.organizations.setEnforceSignIn(name, true, actor);
    }
  });

  it.each([
    [official, 200],
    [verified, 200],
    [community, 403],
    ['quay.io/org/app', 403],
    ['ghcr.io/org/app', 200],
  ])('signing out is not a way round: %s gets nobody what a plain member gets, %i', async (name, status) => {
    expect([await pull(undefined, name), await pull(world.member, name)]).toEqual([status, status]);
  });

  it('the base still asks for a sign-in, or no client would ever send one', async () => {
    expect((await world.ask('/v2/')).status).toBe(401);
    const authorization = `Bearer ${await world.token(undefined)}`;
    expect((await world.ask('/v2/', { headers: { authorization } })).status).toBe(200);
  });

  it('nobody gets no refresh token', async () => {
    const answer = await world.ask('/token?offline_token=true');
    expect(JSON.parse(answer.body.toString())).not.toHaveProperty('refresh_token');
  });

  it('a credential that is wrong is not taken for none', async () => {
    const headers = { authorization: 'Basic bWF4Om1heA==' };
    expect((await world.ask(`/token?scope=repository:${official}:pull`, { headers })).status).toBe(401);
    const bearer = { authorization: 'Bearer nonsense' };
    expect((await world.ask(target(official), { headers: bearer })).status).toBe(401);
  });

  it('whoever belongs to no organization is judged by the home organization too', async () => {
    const nils = await world.addAccount('nils');
    expect([await pull(nils, official), await pull(nils, community)]).toEqual([200, 403]);
  });

  it('nobody is an owner, and no image of the organization is nobody’s: enforced again, a held token opens nothing', async () => {
    const held = await holder(undefined, official, community);
    expect([await held.status(official), await held.status(community)]).toEqual([200, 403]);
    await world.administration.organizations.setEnforceSignIn('acme', true, actor);
    await held.becomes(401, official);
    const authorization = `Bearer ${await world.token(world.member, official)}`;
    expect((await world.ask(target(official), { headers: { authorization } })).status).toBe(200);
    await world.administration.organizations.setEnforceSignIn('acme', false, actor);
    await held.becomes(200, official);
  });
});

describe('registry access', () => {
  const other = 'ghcr.io/org/app';
  afterAll(() => world.setPolicy('acme', { enabled: true, registryAccess: registries }));

  /** By the policy's version, which the next request's record would tell: here by its effect. */
  it.each([
    ['off: every registry that the gate knows', { enabled: true, registryAccess: registries }, [200, 403, 200]],
    ['on, with Docker Hub only', { enabled: true, registryAccess: { ...registries, enabled: true } }, [200, 403, 403]],
    [
      'on, with another registry only',
      { enabled: true, registryAccess: { enabled: true, dockerHub: false, registries: new Set(['ghcr.io']) } },
      [403, 403, 200],
    ],
    [
      'on, while image access is off',
      { enabled: false, registryAccess: { ...registries, enabled: true } },
      [200, 200, 403],
    ],
    ['off, while image access is off', { enabled: false, registryAccess: registries }, [200, 200, 200]],
  ] as const)('%s', async (_, policy, statuses) => {
    await world.setPolicy('acme', policy);
    const held = await holder(world.member, official, community, other);
    const seen = async () => [await held.status(official), await held.status(community), await held.status(other)];
    await world.settle(async () => (await seen()).join() === statuses.join());
    expect(await pull(world.owner, other)).toBe(200);
  });
});
