import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientFamilies } from '../../src/pulls/client-family.ts';
import { openSmallApi, type SmallApi } from '../api/small-api.ts';
import { type Account, actor, repositories, startTimeout } from '../gate/small-world.ts';

// From a pull of a client to what an owner reads of it over the API, through a running gate.

let api: SmallApi;
let owner: Account;
let globex: Account;

beforeAll(async () => {
  api = await openSmallApi();
  const { world } = api;
  owner = await world.addAccount('petra', { organization: 'acme', role: 'owner' }, ['repo:admin']);
  await world.administration.organizations.create({ name: 'globex' }, actor);
  globex = await world.addAccount('gina', { organization: 'globex', role: 'owner' }, ['repo:admin']);
}, startTimeout);
afterAll(() => api.close(), startTimeout);

const list = (query: string, as = owner, organization = 'acme') =>
  api.call('GET', `/v2/orgs/${organization}/pulls?${query}`, { as });

/** Refused, with a tag of its own. Gives the id that the refusal names. */
async function refusal(tag: string): Promise<string | undefined> {
  const { status, reason } = await api.world.pull(api.world.member, `/v2/${repositories.community}/manifests/${tag}`);
  expect(status).toBe(403);
  return /\/d\/(\w+)$/.exec(reason)?.[1];
}

describe('a pull that was refused', () => {
  it('is in the list as soon as the client was told', async () => {
    const id = await refusal('just-now');
    const { results } = (await list('verdict=deny&limit=1')).json;
    expect(results).toEqual([
      expect.objectContaining({
        id,
        verdict: 'deny',
        rule: 'category',
        category: 'community',
        person: 'max',
        repository: `docker.io/${repositories.community}`,
        tag: 'just-now',
        operation: 'manifest',
      }),
    ]);
    expect((await api.call('GET', `/v2/orgs/acme/pulls/${id}`, { as: owner })).json).toEqual(results[0]);
  });

  it('is in the list of no other organization', async () => {
    const id = await refusal('ours');
    expect((await list('', globex, 'globex')).json.results).toEqual([]);
    expect((await list('', globex)).status).toBe(404);
    expect((await api.call('GET', `/v2/orgs/globex/pulls/${id}`, { as: globex })).status).toBe(404);
  });
});

describe('the list', () => {
  beforeAll(async () => {
    for (const tag of ['a', 'b', 'c']) await refusal(tag);
    const { status } = await api.world.pull(api.world.member, `/v2/${repositories.official}/manifests/latest`);
    expect(status).toBe(200);
    await api.world.recorded(({ repository }) => repository === `docker.io/${repositories.official}`);
  });

  it('is paged by a cursor, which no other organization can use', async () => {
    const tags: string[] = [];
    for (let cursor = ''; ; ) {
      const { results, next_cursor } = (await list(`image=${repositories.community}&limit=2${cursor}`)).json;
      tags.push(...results.map(({ tag }: { tag: string }) => tag));
      if (next_cursor === null) break;
      const elsewhere = await list(`cursor=${next_cursor}`, globex, 'globex');
      expect([elsewhere.status, elsewhere.json.fields]).toEqual([400, { cursor: [expect.any(String)] }]);
      cursor = `&cursor=${next_cursor}`;
    }
    expect(tags.slice(0, 3)).toEqual(['c', 'b', 'a']);
    expect(new Set(tags).size).toBe(tags.length);
  });

  it.each([
    ['person=max&category=official', true],
    ['verdict=allow&image=docker.io/library/*', true],
    ['image=LIBRARY', true],
    ['client=other', true],
    ['client=docker', false],
    ['person=petra', false],
    ['image=librar%25', false],
    ['from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z', false],
    ['from=2020-01-01T00:00:00Z', true],
  ])('finds by %s', async (query, isFound) => {
    const { results } = (await list(query)).json;
    const found = results.some(
      ({ repository }: { repository: string }) => repository === `docker.io/${repositories.official}`,
    );
    expect(found).toBe(isFound);
  });

  it.each([
    'verdict=maybe',
    'category=bad',
    'client=netscape',
    'from=yesterday',
    'cursor=x',
    `image=${'x'.repeat(321)}`,
  ])('refuses %s', async (query) => {
    expect((await list(query)).status).toBe(400);
  });

  it.each(clientFamilies)('can be narrowed to %s', async (family) => {
    expect((await list(`client=${family}&limit=1`)).status).toBe(200);
  });

  it('is exported', async () => {
    const path = '/v2/orgs/acme/pulls/export?verdict=allow&image=library';
    const csv = await api.call('GET', path, { as: owner });
    expect(csv.headers['content-type']).toMatch(/^text\/csv/);
    const [head = '', row = ''] = csv.body.toString().split('\r\n');
    expect(head).toMatch(/^id,at,verdict,/);
    expect(row).toContain(`,docker.io/${repositories.official},`);
    const lines = (await api.call('GET', `${path}&format=jsonl`, { as: owner })).body.toString().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ person: 'max', verdict: 'allow' });
  });

  it('is counted', async () => {
    const path = '/v2/orgs/acme/pulls/statistics';
    const counted = (await api.call('GET', path, { as: owner })).json;
    expect(counted.allowed).toBeGreaterThan(0);
    expect(counted.refused_images).toEqual([
      expect.objectContaining({ repository: `docker.io/${repositories.community}`, category: 'community' }),
    ]);
    const backwards = `${path}?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`;
    expect((await api.call('GET', backwards, { as: owner })).json.fields).toEqual({ from: [expect.any(String)] });
  });
});

describe('before the policy is changed', () => {
  const policy = {
    enabled: true,
    allow_official_images: true,
    allow_verified_publishers: true,
    allow_sponsored_open_source: false,
    allow_community_images: true,
    allowlist: { enabled: false, repositories: [] },
  };

  it('an owner is told what it would have allowed, and by check, what it allows now', async () => {
    const id = await refusal('preview');
    await api.world.recorded((record) => record.id === id);
    const preview = await api.call('POST', '/v2/orgs/acme/image-access/preview', { as: owner, body: policy });
    expect(preview.json.refused.requests).toBe(0);
    expect(preview.json.allowed).toMatchObject({
      people: [{ username: 'max', requests: preview.json.allowed.requests }],
      images: [{ repository: `docker.io/${repositories.community}`, category: 'community' }],
    });
    const check = `/v2/orgs/acme/image-access/check?reference=${repositories.community}&username=max`;
    expect((await api.call('GET', check, { as: owner })).json).toMatchObject({ verdict: 'deny', rule: 'category' });
  });

  it('registry access is that in force, or the one that is given', async () => {
    const id = await refusal('registries');
    await api.world.recorded((record) => record.id === id);
    const registry_access = { enabled: true, docker_hub: false, registries: ['GHCR.io'] };
    const ask = (body: object) => api.call('POST', '/v2/orgs/acme/image-access/preview', { as: owner, body });
    expect((await ask(policy)).json.allowed.requests).toBeGreaterThan(0);
    expect((await ask({ ...policy, registry_access })).json.allowed.requests).toBe(0);
    const unknown = await ask({ ...policy, registry_access: { ...registry_access, registries: ['no registry'] } });
    expect([unknown.status, Object.keys(unknown.json.fields)]).toEqual([400, ['registry_access.registries']]);
    const hub = await ask({ ...policy, registry_access: { ...registry_access, registries: ['docker.io'] } });
    expect(hub.status).toBe(400);
  });

  it('nobody else is told', async () => {
    const path = '/v2/orgs/acme/image-access/preview';
    expect((await api.call('POST', path, { as: api.world.member, body: policy })).status).toBe(403);
    expect((await api.call('POST', path, { as: globex, body: policy })).status).toBe(404);
  });
});
