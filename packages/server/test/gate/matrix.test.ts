import { buildImage, type SmallImage } from '@pullgate/small-registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, actor, openSmallWorld, type SmallWorld, startTimeout, type WireAnswer } from './small-world.ts';

// Every registry route × verb × cache state × principal × policy: whatever is served was decided and recorded before,
// and whatever may not be served is not, however it is asked for.

const namespaces = { verified: 'northwind', community: 'somebody' } as const;
type CategoryName = keyof typeof namespaces;
const policies = ['off', 'defaults', 'closed'] as const;
type PolicyName = (typeof policies)[number];
const cacheStates = ['cold', 'cached', 'cached elsewhere'] as const;

const principals = [
  'nobody',
  'a forged token',
  'a revoked token',
  'an outsider',
  'a member',
  'an owner',
  'a member of acme and of a closed organization',
  'an organization token',
  'an organization token for all public images',
] as const;
type PrincipalName = (typeof principals)[number];

const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const reads: readonly string[] = ['GET', 'HEAD'];

/** What the policy means, written down a second time and independently of the code that decides. */
function expectedStatus(principal: PrincipalName, policy: PolicyName, category: CategoryName): 200 | 401 | 403 {
  switch (principal) {
    case 'nobody':
    case 'a forged token':
    case 'a revoked token':
      return 401;
    case 'an outsider':
    case 'an organization token':
    case 'a member of acme and of a closed organization':
      return 403;
    case 'an organization token for all public images':
      return policy === 'off' ? 200 : 403;
    case 'an owner':
      return 200;
    case 'a member':
      if (policy === 'off') return 200;
      return policy === 'defaults' && category === 'verified' ? 200 : 403;
  }
}

interface Route {
  readonly name: string;
  readonly target: (repository: string, image: SmallImage) => string;
  readonly headers?: Record<string, string>;
  readonly served: readonly number[];
}

const manifestOf = (image: SmallImage): string => image.manifests[0]?.digest ?? '';
const layerOf = (image: SmallImage): string => image.layers[0]?.digest ?? '';

const routes: readonly Route[] = [
  { name: 'a manifest by tag', target: (repository) => `/v2/${repository}/manifests/latest`, served: [200] },
  {
    name: 'an index by digest',
    target: (repository, image) => `/v2/${repository}/manifests/${image.root.digest}`,
    served: [200],
  },
  {
    name: 'a child manifest',
    target: (repository, image) => `/v2/${repository}/manifests/${manifestOf(image)}`,
    served: [200],
  },
  { name: 'a blob', target: (repository, image) => `/v2/${repository}/blobs/${layerOf(image)}`, served: [200] },
  {
    name: 'a range of a blob',
    target: (repository, image) => `/v2/${repository}/blobs/${layerOf(image)}`,
    headers: { range: 'bytes=1-5' },
    served: [206, 200],
  },
  { name: 'the tags', target: (repository) => `/v2/${repository}/tags/list`, served: [200] },
  {
    name: 'referrers',
    target: (repository, image) => `/v2/${repository}/referrers/${image.root.digest}`,
    served: [200],
  },
];

let world: SmallWorld;
let accounts: Record<'outsider' | 'member' | 'owner' | 'both', Account>;
let organizationTokens: Record<'own' | 'public', Account>;
let counter = 0;

async function setPolicy(policy: PolicyName): Promise<void> {
  const current = await world.administration.policies.current('acme');
  const open = policy !== 'closed';
  await world.administration.policies.set(
    'acme',
    {
      policy: {
        ...current.policy,
        enabled: policy !== 'off',
        allow: { official: open, 'verified-publisher': open, 'sponsored-oss': false, community: false },
      },
      expectedVersion: current.version,
    },
    actor,
  );
  await world.restart();
}

beforeAll(async () => {
  world = await openSmallWorld();
  const { administration } = world;
  await administration.organizations.create({ name: 'closed' }, actor);
  const { policy, version } = await administration.policies.current('closed');
  const allow = { official: false, 'verified-publisher': false, 'sponsored-oss': false, community: false };
  await administration.policies.set(
    'closed',
    { policy: { ...policy, enabled: true, allow }, expectedVersion: version },
    actor,
  );
  const both = await world.addAccount('bo', { organization: 'acme', role: 'owner' });
  await administration.members.add('closed', { username: 'bo', role: 'member' }, actor);
  accounts = {
    outsider: await world.addAccount('otto'),
    member: world.member,
    owner: world.owner,
    both,
  };
  const tokenFor = async (path: string): Promise<Account> => {
    const { secret, token } = await administration.organizationTokens.create(
      'acme',
      { label: path, resources: [{ type: 'TYPE_REPO', path, scopes: ['scope-image-pull'] }] },
      actor,
    );
    return { username: 'acme', pat: secret, tokenId: token.id };
  };
  organizationTokens = { own: await tokenFor('acme/*'), public: await tokenFor('*/*/public') };
  await world.restart();
}, startTimeout);
afterAll(() => world.close(), startTimeout);

function accountOf(principal: PrincipalName): Account | undefined {
  switch (principal) {
    case 'nobody':
    case 'a forged token':
    case 'a revoked token':
      return undefined;
    case 'an outsider':
      return accounts.outsider;
    case 'a member':
      return accounts.member;
    case 'an owner':
      return accounts.owner;
    case 'a member of acme and of a closed organization':
      return accounts.both;
    case 'an organization token':
      return organizationTokens.own;
    case 'an organization token for all public images':
      return organizationTokens.public;
  }
}

async function authorizationOf(principal: PrincipalName, name: string): Promise<Record<string, string>> {
  if (principal === 'nobody') return {};
  if (principal === 'a forged token') return { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXgifQ.' };
  if (principal === 'a revoked token') return { authorization: `Bearer ${await revokedToken(name)}` };
  return { authorization: `Bearer ${await world.token(accountOf(principal), name)}` };
}

/** A token that was good a moment ago, of an owner whose access token was revoked since. */
async function revokedToken(name: string): Promise<string> {
  const account = await world.addAccount(`rita${++counter}`, { organization: 'acme', role: 'owner' });
  let bearer = '';
  await world.settle(async () => {
    bearer = await world.token(account, name).catch(() => '');
    return bearer !== '';
  });
  await world.administration.personalTokens.revoke(account.username, account.tokenId, actor);
  const base = { headers: { authorization: `Bearer ${bearer}` } };
  await world.settle(async () => (await world.ask('/v2/', base)).status === 401);
  return bearer;
}

/** A repository with an image of its own, in the state of the cache that the cell asks for. */
async function repositoryIn(state: (typeof cacheStates)[number], category: CategoryName) {
  const number = ++counter;
  const repository = `${namespaces[category]}/image-${number}`;
  const image = buildImage({ files: { 'number.txt': String(number) }, platforms: ['linux/amd64', 'linux/arm64'] });
  world.registry.add(repository, image, ['latest']);
  const warm = async (name: string) => {
    for (const { target } of routes) await world.pull(world.owner, target(name, image));
  };
  if (state === 'cached') await warm(repository);
  if (state === 'cached elsewhere') {
    const elsewhere = `${namespaces[category]}/copy-${number}`;
    world.registry.add(elsewhere, image, ['latest']);
    await warm(elsewhere);
  }
  return { repository, image };
}

/** Everything that a wrongly served answer could hold. */
function leaks(answer: WireAnswer, image: SmallImage): boolean {
  return (
    [image.root.digest, ...image.manifests.map(({ digest }) => digest)].some((digest) =>
      JSON.stringify(answer.headers).includes(digest),
    ) || answer.body.includes('schemaVersion')
  );
}

interface Cell {
  readonly route: Route;
  readonly method: string;
  readonly repository: string;
  readonly image: SmallImage;
}

/** What the cell of the matrix has to answer, by what the policy means for who asks. */
function expectAnswer({ route, method, repository, image }: Cell, expected: 200 | 401 | 403, answer: WireAnswer): void {
  const cell = `${method} ${route.name}: ${answer.status} ${answer.reason}`;
  if (!reads.includes(method)) {
    expect(answer.status, cell).toBe(405);
    expect(leaks(answer, image), cell).toBe(false);
    return;
  }
  if (expected === 200) {
    expect(route.served, cell).toContain(answer.status);
    expect(answer.body.length > 0, cell).toBe(method === 'GET');
    return;
  }
  expect(answer.status, cell).toBe(expected);
  expect(leaks(answer, image), cell).toBe(false);
  const challenge = answer.headers['www-authenticate'];
  if (expected === 401) expect(challenge, cell).toContain(`scope="repository:${repository}:pull"`);
  else {
    expect(challenge, cell).toBeUndefined();
    expect(answer.reason, cell).toMatch(/acme|closed/);
  }
}

const categories = Object.keys(namespaces) as CategoryName[];
const situations = categories.flatMap((category) =>
  cacheStates.flatMap((state) => principals.map((principal) => [principal, category, state] as const)),
);

for (const policy of policies) {
  describe(`with the policy ${policy}`, () => {
    const counts = { 200: 0, 401: 0, 403: 0 };
    beforeAll(() => setPolicy(policy), startTimeout);

    it.each(situations)('%s, a %s image, %s', async (principal, category, state) => {
      const { repository, image } = await repositoryIn(state, category);
      const authorization = await authorizationOf(principal, repository);
      const expected = expectedStatus(principal, policy, category);
      for (const route of routes) {
        for (const method of verbs) {
          const headers = { ...authorization, ...route.headers };
          const answer = await world.ask(route.target(repository, image), { method, headers });
          expectAnswer({ route, method, repository, image }, expected, answer);
          if (reads.includes(method)) counts[expected]++;
        }
      }
    });

    it('every answer that was decided is recorded with its verdict', async () => {
      // Warming the cache is recorded as well, as allowed to the owner.
      const metrics = (await world.ask('/metrics')).body.toString();
      const total = (verdict: string) =>
        [...metrics.matchAll(new RegExp(`pullgate_decisions_total\\{verdict="${verdict}".*\\} (\\d+)`, 'g'))].reduce(
          (sum, [, count]) => sum + Number(count),
          0,
        );
      expect(total('deny')).toBe(counts[403]);
      const warmed = routes.length * principals.length * categories.length * 2;
      expect(total('allow')).toBe(counts[200] + warmed);
    });
  });
}
