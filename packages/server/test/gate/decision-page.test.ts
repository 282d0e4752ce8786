import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Account,
  actor,
  basic,
  openSmallWorld,
  repositories,
  type SmallWorld,
  startTimeout,
} from './small-world.ts';

// What the link in a refusal opens, and for whom.

let world: SmallWorld;
let otto: Account;
let uma: Account;
let token: Account;
beforeAll(async () => {
  world = await openSmallWorld();
  await world.administration.organizations.create({ name: 'umbrella' }, actor);
  await world.setPolicy('umbrella', { enabled: true });
  otto = await world.addAccount('otto');
  uma = await world.addAccount('uma', { organization: 'umbrella', role: 'owner' });
  token = await world.addOrganizationToken('acme', 'acme/*');
}, startTimeout);
afterAll(() => world.close(), startTimeout);

const open = (path: string, account?: Account, method = 'GET') =>
  world.ask(path, { method, headers: account ? { authorization: basic(account) } : {} });

/** As a browser in which a token was typed. */
const browse = (path: string, account: Pick<Account, 'username' | 'pat'>) =>
  world.ask(path, { headers: { authorization: basic(account), accept: 'text/html' } });

async function linkOf(account: Account | undefined, name: string): Promise<string> {
  const { reason } = await world.pull(account, `/v2/${name}/manifests/latest`);
  const link = /(\/d\/\w+)$/.exec(reason)?.[1];
  if (link === undefined) throw new Error(`There is no link in: ${reason}`);
  return link;
}

describe('the link in a refusal', () => {
  it('opens at once for the one who was refused, and for the other members', async () => {
    const link = await linkOf(world.member, repositories.community);
    for (const account of [world.member, world.owner]) {
      const answer = await browse(link, account);
      expect(answer.status).toBe(200);
      const html = answer.body.toString();
      expect(html).toContain('docker.io/somebody/miner was refused');
      expect(html).toContain('<dd>olivia</dd>');
      expect(html).toContain('acme, policy version');
      const shown = await open(link, account);
      expect(shown.headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(shown.body.toString()).toMatch(/^docker\.io\/somebody\/miner was refused\n\n[^<]*Whom to ask +olivia\n$/);
    }
  });

  it('opens after a restart', async () => {
    const link = await linkOf(world.member, repositories.community);
    await world.restart();
    await world.settle(async () => (await open(link, world.member)).status === 200);
  });

  it('opens for an owner who is told why an organization access token was refused, not for the token', async () => {
    const link = await linkOf(token, 'acme/web');
    expect((await open(link, world.owner)).status).toBe(200);
    expect((await open(link, token)).status).toBe(404);
  });

  it.each<[string, () => Account, string, string]>([
    ['of a registry that is not configured', () => world.member, 'quay.io/org/app', 'the configuration of this gate'],
    [
      'of somebody who belongs to no organization',
      () => otto,
      repositories.official,
      'an organization that you do not belong to',
    ],
  ])('opens for the one who was refused because %s, and for nobody else outside', async (_, account, name, decider) => {
    const link = await linkOf(account(), name);
    const answer = await open(link, account());
    expect([answer.status, answer.body.toString()]).toEqual([200, expect.stringContaining(decider)]);
    expect((await open(link, uma)).status).toBe(404);
  });
});

describe('a decision is read by its organization only', () => {
  it.each<[string, () => Account]>([
    ['a member of another organization', () => uma],
    ['somebody without an organization', () => otto],
    ['the organization’s own token', () => token],
  ])('%s gets what an id that does not exist gets, byte for byte', async (_, account) => {
    const link = await linkOf(world.member, repositories.community);
    const unknown = `/d/${'0'.repeat(link.length - '/d/'.length)}`;
    for (const method of ['GET', 'HEAD']) {
      const theirs = await open(link, account(), method);
      const nobodys = await open(unknown, account(), method);
      expect(theirs.status).toBe(404);
      expect({ ...theirs, headers: { ...theirs.headers, date: '' } }).toEqual({
        ...nobodys,
        headers: { ...nobodys.headers, date: '' },
      });
    }
  });

  it('a member who left reads only what is about them', async () => {
    const liam = await world.addAccount('liam', { organization: 'acme', role: 'member' });
    const [own, others] = [
      await linkOf(liam, repositories.community),
      await linkOf(world.member, repositories.community),
    ];
    await world.administration.members.remove('acme', 'liam', actor);
    await world.settle(async () => (await open(others, liam)).status === 404);
    const html = (await open(own, liam)).body.toString();
    expect(html).toContain('an organization that you do not belong to');
    expect(html).not.toContain('olivia');
  });
});

describe('a browser', () => {
  it('is asked for a sign-in by itself', async () => {
    const answer = await open(await linkOf(world.member, repositories.community));
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="Pullgate", charset="UTF-8"',
    ]);
    expect(answer.body.toString()).not.toContain('miner');
  });

  it.each<[string, () => Pick<Account, 'username' | 'pat'>]>([
    ['a wrong token', () => ({ username: 'max', pat: 'secret' })],
    ['somebody else’s token', () => ({ username: 'max', pat: world.owner.pat })],
  ])('is asked again, and told why, for %s', async (_, credentials) => {
    const answer = await world.ask('/d/0', { headers: { authorization: basic(credentials()) } });
    expect(answer.status).toBe(401);
    expect(answer.body.toString()).toMatch(/This .*access token/);
  });

  it.each([200, 401, 404])('runs nothing, keeps nothing and tells nobody where it came from: %i', async (status) => {
    const link = status === 404 ? '/d/0' : await linkOf(world.member, repositories.community);
    const answer = await browse(link, status === 401 ? { username: 'max', pat: 'secret' } : world.member);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'/),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(answer.body.toString()).not.toMatch(/<script|<form|<a |src=|href=/);
  });

  it.each(['/d/', '/d/..', '/d/%30', '/d/A', '/d/0/', '/d/0;x', '/d/../d/0', '//d/0', `/d/${'0'.repeat(65)}`, '/D/0'])(
    'finds nothing at %s',
    async (path) => {
      expect([400, 404]).toContain((await open(path, world.member)).status);
    },
  );

  it('may not write', async () => {
    expect((await open('/d/0', world.member, 'POST')).status).toBe(405);
  });
});
