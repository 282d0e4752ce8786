import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubWorld, openHubWorld, type Person, startTimeout } from './hub-world.ts';

// What an owner changes by the API meets the very next request of a pull, with a registry token that was issued before,
// and can be read back in the activity and in the pull records.

const verified = 'northwind/agent';
const community = 'somebody/miner';
const official = 'library/alpine';

let world: HubWorld;
let max: Person;
let laptop: { id: string; secret: string };
/** Tokens that docker fetched at the beginning, by repository. */
const held = new Map<string, string>();

beforeAll(async () => {
  world = await openHubWorld();
  max = await world.addPerson('max');
  laptop = await world.addPersonalToken(max, 'repo:read');
  for (const repository of [verified, community, official]) {
    held.set(repository, await world.registryToken({ username: 'max', secret: laptop.secret }, repository));
  }
  await world.must(world.olivia, 'PUT', '/v2/orgs/acme/settings', settings(true));
}, startTimeout);
afterAll(() => world.close(), startTimeout);

function settings(allow_verified_publishers: boolean) {
  return { restricted_images: { enabled: true, allow_official_images: true, allow_verified_publishers } };
}

const pull = (repository: string) => world.pull(held.get(repository) ?? '', repository);
const status = async (repository: string) => (await pull(repository)).status;

interface Pulls {
  readonly results: readonly { readonly id: string; readonly policy_version: number }[];
}
interface Activity {
  readonly results: readonly { readonly action: string; readonly before: unknown; readonly after: unknown }[];
}

describe('a change of the policy by the API', () => {
  let refusal: string;
  let startedAt: string;

  it('refuses the next request', async () => {
    expect(await status(verified)).toBe(200);
    startedAt = new Date().toISOString();
    await world.must(world.olivia, 'PUT', '/v2/orgs/acme/settings', settings(false));
    const answer = await pull(verified);
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ errors: [{ code: 'DENIED' }] });
    refusal = answer.text;
    expect(refusal).toContain('docker.io/northwind/agent is a Verified Publisher image and acme allows only Official');
    expect(refusal).toContain(`${world.gate.url}/d/`);
    // What is still allowed, is.
    expect(await status(official)).toBe(200);
  });

  it('is in the activity, with who made it and what it was before', async () => {
    const query = `action=org.settings.update&from=${startedAt}`;
    type Logs = { logs: { action: string; actor: string; name: string; data: Record<string, string> }[] };
    const { logs } = await world.must<Logs>(world.olivia, 'GET', `/v2/auditlogs/acme?${query}`);
    // Docker Hub's name for it finds it, so that filters that somebody has go on to work.
    expect(logs.map(({ action, name }) => [action, name])).toEqual([['image_access.update', 'acme']]);
    expect(logs.every(({ actor }) => actor === 'olivia')).toBe(true);
    for (const { data } of logs) {
      for (const value of Object.values(data)) expect(typeof value).toBe('string');
    }
    const { results } = await world.must<Activity>(world.olivia, 'GET', `/v2/orgs/acme/activity?${query}`);
    const change = results.find(({ action }) => action.includes('image_access'));
    expect(JSON.stringify(change?.before)).toContain('verified-publisher');
    expect(change).toMatchObject({ actor: { kind: 'person', name: 'olivia' } });
    expect(change?.before).not.toEqual(change?.after);
  });

  it('is in the pull records, with the version of the policy that refused it', async () => {
    const { version } = await world.must<{ version: number }>(world.olivia, 'GET', '/v2/orgs/acme/image-access');
    const path = `/v2/orgs/acme/pulls?person=max&verdict=deny&image=${verified}`;
    const { results } = await world.must<Pulls>(world.olivia, 'GET', path);
    const [record, ...others] = results;
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      person: 'max',
      token_id: laptop.id,
      verdict: 'deny',
      rule: 'category',
      category: 'verified-publisher',
      repository: `docker.io/${verified}`,
      tag: 'latest',
      operation: 'manifest',
      client: 'docker',
      policy_version: version,
      stale: false,
    });
    expect(refusal).toContain(`/d/${record?.id}`);
  });

  it('is explained to the person who was refused, and to nobody else outside', async () => {
    const id = /\/d\/([0-9a-z]+)/.exec(refusal)?.[1];
    expect(await world.must(max, 'GET', `/v2/decisions/${id}`)).toMatchObject({
      org: 'acme',
      verdict: 'deny',
      owners: ['olivia'],
      alternatives: expect.any(Array),
    });
    const uma = await world.addOrganization('umbrella', 'uma');
    expect((await world.as(uma, 'GET', `/v2/decisions/${id}`)).status).toBe(404);
  });

  it('is taken back, and the next request is served', async () => {
    await world.must(world.olivia, 'PATCH', '/v2/orgs/acme/image-access', { allow_verified_publishers: true });
    expect(await status(verified)).toBe(200);
    const path = `/v2/orgs/acme/pulls?person=max&verdict=allow&image=${verified}`;
    // Records of what was allowed are stored in batches.
    await expect
      .poll(async () => (await world.must<Pulls>(world.olivia, 'GET', path)).results.length, { timeout: 20_000 })
      .toBe(2);
  });

  it('of the allowlist opens one repository, and closes it again', async () => {
    expect(await status(community)).toBe(403);
    const allow = { allowlist: { enabled: true, add: [community] } };
    await world.must(world.olivia, 'PATCH', '/v2/orgs/acme/image-access', allow);
    expect(await status(community)).toBe(200);
    await world.must(world.olivia, 'PATCH', '/v2/orgs/acme/image-access', { allowlist: { remove: [community] } });
    expect(await status(community)).toBe(403);
  });

  it('that is restored from an earlier version counts as well', async () => {
    const { version } = await world.must<{ version: number }>(world.olivia, 'GET', '/v2/orgs/acme/image-access');
    await world.must(world.olivia, 'PATCH', '/v2/orgs/acme/image-access', { enabled: false });
    expect(await status(community)).toBe(200);
    await world.must(world.olivia, 'POST', `/v2/orgs/acme/image-access/versions/${version}/restore`);
    expect(await status(community)).toBe(403);
  });

  it('foretells what a pull will meet', async () => {
    const check = (reference: string) =>
      world.must(world.olivia, 'GET', `/v2/orgs/acme/image-access/check?reference=${reference}&username=max`);
    for (const [repository, verdict] of [
      [community, 'deny'],
      [verified, 'allow'],
    ] as const) {
      expect(await check(repository)).toMatchObject({ verdict, username: 'max', role: 'member' });
      expect(await status(repository)).toBe(verdict === 'allow' ? 200 : 403);
    }
  });
});

describe('a change of who somebody is, by the API', () => {
  it.each([
    ['a role', 'PUT', '/v2/orgs/acme/members/max/', { role: 'owner' }, 200, { role: 'member' }],
    ['an account', 'PATCH', '/v2/users/max', { is_active: false }, 401, { is_active: true }],
  ])('%s counts from the next request, and back', async (_, method, path, change, expected, back) => {
    expect(await status(community)).toBe(403);
    await world.must(world.olivia, method, path, change);
    expect(await status(community)).toBe(expected);
    await world.must(world.olivia, method, path, back);
    expect(await status(community)).toBe(403);
    // Who was switched off signs in anew.
    max = { ...max, bearer: await world.signIn('max', max.password) };
  });

  it('a token that its person switches off stops at once', async () => {
    await world.must(max, 'PATCH', `/v2/access-tokens/${laptop.id}`, { is_active: false });
    expect(await status(official)).toBe(401);
    await world.must(max, 'PATCH', `/v2/access-tokens/${laptop.id}`, { is_active: true });
    expect(await status(official)).toBe(200);
  });

  it('a token that an owner revokes stops at once, for good', async () => {
    await world.must(world.olivia, 'DELETE', `/v2/orgs/acme/member-tokens/${laptop.id}`);
    expect(await status(official)).toBe(401);
  });

  it('who is removed pulls nothing and asks nothing of the organization any more', async () => {
    const other = await world.addPersonalToken(max, 'repo:admin');
    held.set(official, await world.registryToken({ username: 'max', secret: other.secret }, official));
    expect(await status(official)).toBe(200);
    expect((await world.as(other.bearer, 'GET', '/v2/orgs/acme')).status).toBe(200);
    await world.must(world.olivia, 'DELETE', '/v2/orgs/acme/members/max');
    expect(await status(official)).toBe(403);
    expect((await world.as(other.bearer, 'GET', '/v2/orgs/acme')).status).toBe(404);
  });

  it('an organization access token pulls only while image access is off', async () => {
    const resources = [{ type: 'TYPE_REPO', path: '*/*/public', scopes: ['scope-image-pull'] }];
    const path = '/v2/orgs/acme/access-tokens';
    const { token } = await world.must<{ token: string }>(world.olivia, 'POST', path, { label: 'ci', resources });
    const account = { username: 'acme', secret: token };
    await expect(world.registryToken(account, official)).rejects.toThrow(/personal access token/i);
    await world.must(world.olivia, 'PATCH', '/v2/orgs/acme/image-access', { enabled: false });
    held.set(official, await world.registryToken(account, official));
    expect(await status(official)).toBe(200);
    await world.must(world.olivia, 'PATCH', '/v2/orgs/acme/image-access', { enabled: true });
    const refused = await pull(official);
    expect(refused.status).toBe(403);
    expect(refused.text).toMatch(/personal access token/i);
  });
});
