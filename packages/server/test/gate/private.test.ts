import { Writable } from 'node:stream';
import { buildImage, type SmallImage } from '@pullgate/small-registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLog } from '../../src/observe/log.ts';
import {
  type Account,
  actor,
  basic,
  openSmallWorld,
  type SmallWorld,
  startTimeout,
  type WireAnswer,
} from './small-world.ts';

// Private repositories of a claimed namespace are pulled with the organization's upstream credential. The cache is shared,
// what it holds is not: members only, by tag, by digest, and whatever was cached before.

const secret = 'canary-upstream-password-7f3a9c';
const shop = 'acme/shop';

let world: SmallWorld;
let log = '';
let image: SmallImage;
let outsider: Account;
let umbrella: Account;
let publicOnly: Account;
const answers: WireAnswer[] = [];

beforeAll(async () => {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log += chunk;
      done();
    },
  });
  world = await openSmallWorld({
    registry: { auth: { users: { 'acme-robot': secret }, privateRepositories: [shop, 'umbrella/lab'] } },
    dockerHub: 'organizations: { acme: { username: acme-robot, password: { env: ACME_UPSTREAM } } }',
    env: { ACME_UPSTREAM: secret },
    settings: 'cache: { tag_ttl: 0s }\n',
    log: openLog('trace', stream),
  });
  image = buildImage({ files: { 'shop.txt': 'trade secrets' }, platforms: ['linux/amd64', 'linux/arm64'] });
  world.registry.add(shop, image, ['latest']);
  world.registry.add('umbrella/lab', image, ['latest']);
  const { administration } = world;
  await administration.organizations.create({ name: 'umbrella' }, actor);
  await administration.namespaces.claim('umbrella', { registry: 'docker.io', namespace: 'umbrella' }, actor);
  outsider = await world.addAccount('otto');
  umbrella = await world.addAccount('uma', { organization: 'umbrella', role: 'owner' });
  publicOnly = await world.addAccount('pia', { organization: 'acme', role: 'owner' }, ['repo:public_read']);
}, startTimeout);
afterAll(() => world.close(), startTimeout);

async function ask(account: Account | undefined, target: string, method = 'GET'): Promise<WireAnswer> {
  const answer = await world.pull(account, target, { method });
  answers.push(answer);
  return answer;
}

const targetsOf = (name: string): string[] => [
  `/v2/${name}/manifests/latest`,
  ...image.manifests.map(({ digest }) => `/v2/${name}/manifests/${digest}`),
  ...image.blobs.map(({ digest }) => `/v2/${name}/blobs/${digest}`),
  `/v2/${name}/tags/list`,
];

/** Everything that could be had of the image, wherever it stands. */
function holdsNothing(answer: WireAnswer): void {
  const text = `${JSON.stringify(answer.headers)}${answer.body.toString('latin1')}`;
  expect(text).not.toMatch(/schemaVersion|trade secrets|"tags"/);
  for (const { digest } of image.manifests) expect(JSON.stringify(answer.headers)).not.toContain(digest);
  for (const blob of image.blobs) expect(answer.body.equals(Buffer.concat([...blob.read()]))).toBe(false);
}

/** Statuses that say no, and say it of what is not there in the same way. */
async function expectClosed(account: Account | undefined, name = shop): Promise<void> {
  for (const target of targetsOf(name)) {
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(account, target, method);
      expect([403, 404], `${method} ${target}: ${answer.status}`).toContain(answer.status);
      holdsNothing(answer);
    }
  }
}

const closed: readonly (readonly [string, () => Account])[] = [
  ['somebody without an organization', () => outsider],
  ['an owner of another organization', () => umbrella],
  ['a token that reads only what is public, although its owner owns the organization', () => publicOnly],
];

describe('before anything is cached', () => {
  it.each(closed)('%s gets nothing', async (_, account) => {
    await expectClosed(account());
  });
});

describe('once a member has pulled it', () => {
  beforeAll(async () => {
    for (const account of [world.member, world.owner]) {
      for (const target of targetsOf(shop)) expect((await ask(account, target)).status, target).toBe(200);
    }
  });

  it.each(closed)('%s gets nothing', async (_, account) => {
    await expectClosed(account());
  });

  it.each(closed)('%s gets nothing after a restart, from what is on the disk', async (_, account) => {
    await world.restart();
    expect((await ask(world.member, `/v2/${shop}/manifests/latest`)).status).toBe(200);
    await expectClosed(account());
  });

  it('nor by its digests under a repository that is open to them', async () => {
    const { member } = world;
    world.registry.add('acme/open', buildImage({ files: { 'open.txt': 'open' } }), ['latest']);
    for (const account of [umbrella, publicOnly]) {
      await world.setPolicy('umbrella', { enabled: false });
      expect((await ask(account, '/v2/acme/open/manifests/latest')).status).toBe(200);
      for (const target of targetsOf('acme/open').slice(1, -1)) {
        const answer = await ask(account, target);
        expect(answer.status, target).toBe(404);
        holdsNothing(answer);
      }
    }
    expect((await ask(member, `/v2/${shop}/blobs/${image.config.digest}`)).status).toBe(200);
  });

  it('nor as the same image in another organization’s private repository, which the gate has no credential for', async () => {
    await expectClosed(umbrella, 'umbrella/lab');
    await expectClosed(world.owner, 'umbrella/lab');
  });

  it('what does not exist and what is private are told in the same words', async () => {
    const hidden = await ask(umbrella, `/v2/${shop}/manifests/latest`);
    const missing = await ask(umbrella, '/v2/acme/nowhere/manifests/latest');
    expect(hidden.status).toBe(404);
    expect(hidden.body.toString().replaceAll(shop, 'acme/nowhere')).toBe(missing.body.toString());
    expect({ ...hidden.headers, date: '', 'content-length': '' }).toEqual({
      ...missing.headers,
      date: '',
      'content-length': '',
    });
  });

  it('a former member gets nothing any more, with a token of before', async () => {
    const rosa = await world.addAccount('rosa', { organization: 'acme', role: 'member' });
    await world.administration.members.add('umbrella', { username: 'rosa', role: 'member' }, actor);
    const authorization = `Bearer ${await world.token(rosa, shop)}`;
    const status = async () => {
      const answer = await world.ask(`/v2/${shop}/blobs/${image.config.digest}`, { headers: { authorization } });
      answers.push(answer);
      return answer.status;
    };
    await world.settle(async () => (await status()) === 200);
    await world.administration.members.remove('acme', 'rosa', actor);
    await world.settle(async () => (await status()) === 404);
  });

  it('nobody gets anything while sign-in is not enforced, though judged as a plain member', async () => {
    for (const name of ['acme', 'umbrella']) {
      await world.administration.organizations.setEnforceSignIn(name, false, actor);
    }
    await world.settle(async () => (await world.ask('/token')).status === 200);
    await expectClosed(undefined);
    await expectClosed(outsider);
    for (const name of ['acme', 'umbrella']) {
      await world.administration.organizations.setEnforceSignIn(name, true, actor);
    }
    await world.settle(async () => (await world.ask('/token')).status === 401);
  });

  it('once the claim is released, former owners of the credential’s namespace get nothing, nor does who claims it next', async () => {
    const claim = { registry: 'docker.io', namespace: 'acme' };
    await world.administration.namespaces.release('acme', claim, actor);
    await world.settle(async () => (await ask(world.owner, `/v2/${shop}/manifests/latest`)).status === 404);
    await expectClosed(world.owner);
    await world.administration.namespaces.claim('umbrella', claim, actor);
    await world.settle(async () => (await world.ask(`/readyz`)).status === 200);
    await expectClosed(umbrella);
    await world.administration.namespaces.release('umbrella', claim, actor);
    await world.administration.namespaces.claim('acme', claim, actor);
    await world.settle(async () => (await ask(world.member, `/v2/${shop}/manifests/latest`)).status === 200);
  });
});

describe('organization access tokens', () => {
  beforeAll(async () => {
    await world.setPolicy('acme', { enabled: false });
    const token = await world.addOrganizationToken('acme', 'acme/open');
    await world.settle(async () => (await ask(token, '/v2/acme/open/manifests/latest')).status === 200);
  });
  afterAll(() => world.setPolicy('acme', { enabled: true }));

  it.each([
    ['the repository', 'acme/shop', 200],
    ['its namespace', 'acme/*', 200],
    ['another repository', 'acme/web', 403],
    ['what is public', '*/*/public', 404],
  ])('open it when they name %s', async (_, path, status) => {
    const token = await world.addOrganizationToken('acme', path);
    for (const target of targetsOf(shop)) expect((await ask(token, target)).status, target).toBe(status);
  });

  it.each(['acme/shop', 'acme/*', '*/*/public'])(
    'of another organization open nothing, whatever they name: %s',
    async (path) => {
      await expectClosed(await world.addOrganizationToken('umbrella', path));
    },
  );
});

describe('the upstream’s credential', () => {
  it('is used for members of the organization only, and only for what it claims', async () => {
    const tokenRequests = () => world.registry.requests.filter(({ url }) => url.startsWith('/token'));
    const withCredential = () => tokenRequests().filter(({ headers }) => headers['authorization'] !== undefined);
    expect(withCredential().length).toBeGreaterThan(0);
    for (const { url, headers } of withCredential()) {
      expect(headers['authorization']).toBe(basic({ username: 'acme-robot', pat: secret }));
      expect(decodeURIComponent(url)).toMatch(/scope=repository:acme\/\w+:pull/);
    }
    world.registry.revokeTokens();
    world.registry.requests.length = 0;
    await ask(umbrella, `/v2/${shop}/manifests/latest`);
    await ask(world.member, '/v2/library/alpine/manifests/latest');
    expect(tokenRequests().length).toBeGreaterThan(0);
    expect(withCredential()).toEqual([]);
  });

  it('and those of people never leave the gate: not in an answer, not in the log, not in the records', async () => {
    world.registry.faults.always(/manifests|blobs/, { kind: 'status', status: 500 });
    await ask(world.member, `/v2/${shop}/manifests/missing`);
    world.registry.faults.clear();
    world.registry.faults.always(/token/, { kind: 'status', status: 401 });
    world.registry.revokeTokens();
    await ask(world.member, `/v2/${shop}/manifests/denied`);
    world.registry.faults.clear();
    const records = JSON.stringify((await world.pulls.latest(1000)).records);
    const said = answers
      .map(({ reason, headers, body }) => reason + JSON.stringify(headers) + body.toString('latin1'))
      .join();
    const sent = world.registry.requests.map(({ headers }) => JSON.stringify(headers)).join();
    const upstreamBasic = basic({ username: 'acme-robot', pat: secret });
    for (const canary of [
      secret,
      upstreamBasic.slice('Basic '.length),
      world.member.pat,
      outsider.pat,
      basic(world.member).slice(6),
    ]) {
      expect(said).not.toContain(canary);
      expect(log).not.toContain(canary);
      expect(records).not.toContain(canary);
      if (canary !== upstreamBasic.slice('Basic '.length)) expect(sent).not.toContain(canary);
    }
    expect(log).not.toMatch(/eyJ[\w-]{10}/);
    expect(log).toContain('The gate is ready.');
  });
});
