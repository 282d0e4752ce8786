import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, actor, repositories, startTimeout } from '../gate/small-world.ts';
import { openSmallApi, type SmallApi } from './small-api.ts';

let api: SmallApi;
let owner: Account;
let both: Account;

/** `globex` allows its members no official images, claims `ghcr.io/globex`, and has bella in common with acme. */
beforeAll(async () => {
  api = await openSmallApi();
  const { world } = api;
  const { organizations, policies, namespaces, members } = world.administration;
  await organizations.create({ name: 'globex' }, actor);
  const { policy, version } = await policies.current('globex');
  const strict = { ...policy, enabled: true, allow: { ...policy.allow, official: false } };
  await policies.set('globex', { policy: strict, expectedVersion: version }, actor);
  await namespaces.claim('globex', { registry: 'ghcr.io', namespace: 'globex' }, actor);
  owner = await world.addAccount('petra', { organization: 'acme', role: 'owner' }, ['repo:admin']);
  await members.add('globex', { username: 'petra', role: 'member' }, actor);
  both = await world.addAccount('bella', { organization: 'acme', role: 'member' });
  await members.add('globex', { username: 'bella', role: 'member' }, actor);
  await world.settle(async () => (await check('alpine', both)).org === 'globex');
}, startTimeout);
afterAll(() => api.close(), startTimeout);

async function check(reference: string, as: Account, username?: string) {
  const query = new URLSearchParams({ reference, ...(username !== undefined && { username }) });
  return (await api.call('GET', `/v2/orgs/acme/image-access/check?${query}`, { as })).json;
}

describe('a check for oneself', () => {
  it.each([repositories.official, repositories.community, repositories.organization, 'ghcr.io/globex/web'])(
    'of %s says what a pull of it gets',
    async (name) => {
      const { status } = await api.world.pull(both, `/v2/${name}/manifests/latest`);
      // What is allowed and not there is 404.
      expect([200, 403, 404]).toContain(status);
      const { verdict } = await check(name, both);
      expect(verdict).toBe(status === 403 ? 'deny' : 'allow');
    },
  );

  it('names the organization that refuses, and what every one of them found', async () => {
    const told = await check(repositories.official, both);
    expect(told).toMatchObject({ verdict: 'deny', rule: 'category', org: 'globex', role: 'member' });
    expect(told.sentence).toBe('docker.io/library/alpine is an Official image, which globex does not allow.');
    const won = told.steps.filter((step: { won: boolean }) => step.won).map((step: { rule: string }) => step.rule);
    expect(won).toEqual(['category', 'category']);
    const judges = new Set(told.steps.map((step: { org: string | null }) => step.org));
    expect([...judges]).toEqual([null, 'acme', 'globex']);
  });

  it('tells the role in the organization that is asked', async () => {
    expect(await check(repositories.official, owner)).toMatchObject({ verdict: 'deny', org: 'globex', role: 'owner' });
  });

  it('knows the images of every organization', async () => {
    expect(await check('ghcr.io/globex/web', both)).toMatchObject({ category: 'organization', source: 'claim' });
  });
});

describe('a check of an owner for somebody else', () => {
  it('says what this organization says, and nothing of others', async () => {
    const told = await check(repositories.official, owner, 'bella');
    expect(told).toMatchObject({ verdict: 'allow', org: 'acme', username: 'bella' });
    expect(JSON.stringify(told)).not.toContain('globex');
  });

  it('knows no images of another organization', async () => {
    const told = await check('ghcr.io/globex/web', owner, 'bella');
    expect(told).toMatchObject({ category: 'other-registry', source: 'other-registry' });
  });
});
