import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PullRecord } from '../../src/index.ts';
import { actor, basic, openSmallWorld, repositories, type SmallWorld, startTimeout } from './small-world.ts';

// Each decided request is recorded, whole, before it is answered.

const { official, verified, community } = repositories;

let world: SmallWorld;
beforeAll(async () => {
  world = await openSmallWorld({ settings: 'trusted_proxies: [127.0.0.1, 10.0.0.0/8]\n' });
}, startTimeout);
afterAll(() => world.close(), startTimeout);

/** Asks through a proxy, from an address that is nobody else's, by which the record is found. */
let hosts = 0;
async function recordOf(ask: (headers: Record<string, string>) => Promise<unknown>): Promise<PullRecord> {
  const address = `192.0.2.${++hosts}`;
  await ask({ 'x-forwarded-for': address });
  return world.recorded((record) => record.address === address);
}

describe('a record', () => {
  it('holds who, with what, from where, what, and why', async () => {
    const { member, images } = world;
    const { id: organizationId } = await world.administration.organizations.byName('acme');
    const { id: personId } = await world.administration.people.byUsername('max');
    const { version } = await world.administration.policies.current('acme');
    const before = Date.now();
    const record = await recordOf((headers) =>
      world.pull(member, `/v2/${official}/manifests/latest`, {
        headers: { ...headers, 'user-agent': 'containerd/2.1.0' },
      }),
    );
    expect(record).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{10,}$/),
      at: expect.any(Number),
      verdict: 'allow',
      rule: 'category',
      organizationId,
      policyVersion: version,
      person: 'max',
      personId,
      tokenId: member.tokenId,
      address: expect.any(String),
      client: 'containerd',
      operation: 'manifest',
      method: 'GET',
      repository: `docker.io/${official}`,
      tag: 'latest',
      digest: images[official]?.root.digest,
      category: 'official',
      stale: false,
    });
    expect(record.at).toBeGreaterThanOrEqual(before);
    expect(record.at).toBeLessThanOrEqual(Date.now());
  });

  const digestOf = (name: string) => world.images[name]?.root.digest ?? '';
  const blobOf = (name: string) => world.images[name]?.config.digest ?? '';
  const zeros = `sha256:${'0'.repeat(64)}`;

  const table: readonly (readonly [string, string, () => string, () => Partial<PullRecord>])[] = [
    ['a HEAD', 'HEAD', () => `${official}/manifests/latest`, () => ({ method: 'HEAD', digest: digestOf(official) })],
    [
      'a manifest by digest',
      'GET',
      () => `${official}/manifests/${digestOf(official)}`,
      () => ({ tag: null, digest: digestOf(official) }),
    ],
    [
      'a blob',
      'GET',
      () => `${official}/blobs/${blobOf(official)}`,
      () => ({ operation: 'blob', tag: null, digest: blobOf(official) }),
    ],
    ['tags', 'GET', () => `${official}/tags/list`, () => ({ operation: 'tags', tag: null, digest: null })],
    [
      'referrers',
      'GET',
      () => `${official}/referrers/${digestOf(official)}`,
      () => ({ operation: 'referrers', digest: digestOf(official) }),
    ],
    [
      'a name in another spelling',
      'GET',
      () => 'index.docker.io/alpine/manifests/latest',
      () => ({ repository: 'docker.io/library/alpine' }),
    ],
    ['a verified publisher', 'GET', () => `${verified}/manifests/latest`, () => ({ category: 'verified-publisher' })],
    [
      'an image of the organization',
      'GET',
      () => 'acme/web/manifests/latest',
      () => ({ category: 'organization', rule: 'organization-image' }),
    ],
    [
      'a refusal',
      'GET',
      () => `${community}/manifests/latest`,
      () => ({ verdict: 'deny', rule: 'category', category: 'community', tag: 'latest', digest: null }),
    ],
    [
      'a refused blob',
      'GET',
      () => `${community}/blobs/${zeros}`,
      () => ({ verdict: 'deny', operation: 'blob', digest: zeros }),
    ],
    [
      'a registry that is not configured',
      'GET',
      () => 'quay.io/org/app/manifests/latest',
      () => ({
        verdict: 'deny',
        rule: 'registry-unknown',
        repository: 'quay.io/org/app',
        organizationId: null,
        policyVersion: null,
      }),
    ],
    [
      'what is not there',
      'GET',
      () => `${official}/manifests/nowhere`,
      () => ({ verdict: 'allow', tag: 'nowhere', digest: null }),
    ],
    [
      'a blob that is not there',
      'GET',
      () => `${official}/blobs/${zeros}`,
      () => ({ verdict: 'allow', operation: 'blob', digest: zeros }),
    ],
  ];

  /** Asked beforehand and all together: a record reaches its readers about a second late. */
  const told = new Map<string, PullRecord>();
  beforeAll(async () => {
    await Promise.all(
      table.map(async ([description, method, target]) => {
        const ask = (headers: Record<string, string>) =>
          world.pull(world.member, `/v2/${target()}`, { method, headers });
        told.set(description, await recordOf(ask));
      }),
    );
  }, startTimeout);

  it.each(table)('tells of %s', (description, _method, _target, expected) => {
    expect(told.get(description)).toMatchObject(expected());
  });

  it.each([
    ['the address that the nearest trusted proxy saw', '198.51.100.1, 203.0.113.1', '203.0.113.1'],
    ['past further trusted proxies', '203.0.113.2, 10.1.2.3', '203.0.113.2'],
    ['not what the client made up', '8.8.8.8, 203.0.113.3, 10.9.9.9', '203.0.113.3'],
    ['the proxy itself when it says nothing of use', 'unknown', '127.0.0.1'],
  ])('tells %s', async (_, forwarded, address) => {
    const tag = `from-${forwarded.replace(/\W+/g, '-')}`;
    await world.pull(world.member, `/v2/${official}/manifests/${tag}`, { headers: { 'x-forwarded-for': forwarded } });
    expect((await world.recorded((record) => record.tag === tag)).address).toBe(address);
  });

  it('tells of an owner as one who is exempt', async () => {
    const record = await recordOf((headers) =>
      world.pull(world.owner, `/v2/${community}/manifests/latest`, { headers }),
    );
    expect(record).toMatchObject({ verdict: 'allow', rule: 'owner', person: 'olivia', category: 'community' });
  });

  it('tells of an organization access token', async () => {
    const token = await world.addOrganizationToken('acme', 'acme/*');
    const record = await recordOf((headers) => world.pull(token, '/v2/acme/web/manifests/latest', { headers }));
    expect(record).toMatchObject({
      verdict: 'deny',
      rule: 'organization-token',
      person: 'acme',
      personId: null,
      tokenId: token.tokenId,
    });
  });

  it('tells of a refusal at the token service, which is a refusal too', async () => {
    const record = await recordOf((headers) =>
      world.ask(`/token?scope=repository:${community}:pull`, {
        headers: { ...headers, authorization: basic(world.member), 'user-agent': 'docker/26.1.5 go/go1.22' },
      }),
    );
    expect(record).toMatchObject({
      verdict: 'deny',
      operation: 'token',
      client: 'docker',
      person: 'max',
      tag: null,
      digest: null,
    });
  });

  it('tells of nobody, while sign-in is not enforced', async () => {
    await world.administration.organizations.setEnforceSignIn('acme', false, actor);
    await world.settle(async () => (await world.ask('/token')).status === 200);
    const record = await recordOf((headers) => world.pull(undefined, `/v2/${community}/manifests/latest`, { headers }));
    expect(record).toMatchObject({ verdict: 'deny', person: null, personId: null, tokenId: null });
    await world.administration.organizations.setEnforceSignIn('acme', true, actor);
    await world.settle(async () => (await world.ask('/token')).status === 401);
  });

  it('names the version of the policy that decided', async () => {
    const { policy, version } = await world.administration.policies.current('acme');
    await world.setPolicy('acme', { allow: { ...policy.allow, community: true } });
    const bearer = await world.token(world.member, community);
    const ask = () =>
      world.ask(`/v2/${community}/manifests/versioned`, { headers: { authorization: `Bearer ${bearer}` } });
    await world.settle(async () => (await ask()).status === 404);
    const record = await world.recorded(({ tag, verdict }) => tag === 'versioned' && verdict === 'allow');
    expect(record.policyVersion).toBe(version + 1);
    await world.setPolicy('acme', { allow: policy.allow });
    await world.settle(async () => (await ask()).status === 403);
  });

  it('is made of decided requests only: what is malformed or not signed in is answered without one', async () => {
    const { cursor } = await world.pulls.latest(1);
    await world.ask(`/v2/${official}/manifests/latest`);
    await world.ask(`/v2/${official}/manifests/latest`, { headers: { authorization: 'Bearer nonsense' } });
    await world.pull(world.member, '/v2/A/manifests/latest').catch(() => undefined);
    const last = await recordOf((headers) => world.pull(world.member, `/v2/${official}/manifests/last`, { headers }));
    const later = await world.pulls.after(cursor, 1000);
    expect(later.records.filter(({ tag }) => tag === 'last')).toEqual([last]);
    expect(later.records.every(({ person }) => person !== null)).toBe(true);
  });
});

describe('kill -9 of a gate under load', () => {
  it('loses no record of an answer that a client received', async () => {
    const { cursor } = await world.pulls.latest(1);
    await world.gate.close();
    const script = fileURLToPath(new URL('./gate-until-killed.ts', import.meta.url));
    const child = spawn(process.execPath, [script, world.configuration.file ?? '', world.folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const [port] = await once(createInterface({ input: child.stdout }), 'line');
    const received = await pullUntilDead(Number(port), () => child.kill('SIGKILL'));
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(received.allowed.length).toBeGreaterThan(50);
    expect(received.refused.length).toBeGreaterThan(50);

    await world.restart();
    const [ids, tags] = [new Set<string>(), new Set<string | null>()];
    let position = cursor;
    const missing = () => [
      ...received.refused.filter((id) => !ids.has(id)),
      ...received.allowed.filter((tag) => !tags.has(tag)),
    ];
    await world.settle(async () => {
      const page = await world.pulls.after(position, 10_000);
      position = page.cursor;
      for (const { id, tag } of page.records) {
        ids.add(id);
        tags.add(tag);
      }
      return missing().length === 0;
    });
    expect(missing()).toEqual([]);
  }, 60_000);

  /** Asks from several clients at once until the gate is gone. What counts is what arrived with a verdict. */
  async function pullUntilDead(port: number, kill: () => void) {
    const received = { allowed: [] as string[], refused: [] as string[] };
    const agent = new Agent({ keepAlive: true });
    const ask = async (target: string, authorization: string) => {
      const asked = httpRequest({ host: '127.0.0.1', port, path: target, agent, headers: { authorization } }).end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      return { status: response.statusCode, reason: response.statusMessage ?? '', body: await text(response) };
    };
    const scopes = [official, community].map((name) => `scope=repository:${name}:pull`).join('&');
    const bearer = `Bearer ${JSON.parse((await ask(`/token?${scopes}`, basic(world.member))).body).token}`;

    let count = 0;
    async function pull(): Promise<void> {
      const tag = `t-${++count}`;
      if (count === 400) kill();
      if (count % 2 === 0) {
        const { status, reason } = await ask(`/v2/${community}/manifests/${tag}`, bearer);
        expect(status).toBe(403);
        received.refused.push(/\/d\/(\w+)$/.exec(reason)?.[1] ?? reason);
      } else {
        // There is no such tag, and it was allowed to ask.
        expect((await ask(`/v2/${official}/manifests/${tag}`, bearer)).status).toBe(404);
        received.allowed.push(tag);
      }
    }
    async function pullOnAndOn(): Promise<never> {
      for (;;) await pull();
    }
    const ends = await Promise.allSettled(Array.from({ length: 8 }, pullOnAndOn));
    agent.destroy();
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toHaveProperty('code', expect.stringMatching(/^ECONN/));
    return received;
  }
});
