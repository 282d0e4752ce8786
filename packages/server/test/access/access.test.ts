import { anonymous, defaultPolicy, repositoryOf } from '@pullgate/policy';
import { describe, expect, it } from 'vitest';
import { type AccessOptions, createAccess, sourceOf } from '../../src/access/access.ts';
import { buildDirectory, type DirectoryRows } from '../../src/access/build-directory.ts';
import type { Caller } from '../../src/access/caller.ts';
import type { Directory } from '../../src/access/directory.ts';
import type { PullRecord } from '../../src/pulls/pull-record.ts';
import { directoryRows, organizationRow } from './directory-rows.ts';

const enabled = { ...organizationRow('acme'), policy: { ...defaultPolicy, enabled: true }, policyVersion: 3 };
const alpine = repositoryOf('docker.io', 'library/alpine');
const shop = repositoryOf('docker.io', 'acme/shop');

function setting(rows: Partial<DirectoryRows> = {}, change: Partial<AccessOptions> = {}) {
  let current: Directory = buildDirectory(directoryRows({ organizations: [enabled], ...rows }));
  const asked: string[] = [];
  const records: PullRecord[] = [];
  const access = createAccess({
    directory: {
      get current() {
        return current;
      },
      reload: async () => {},
    },
    catalog: {
      categoryAtHand: () => undefined,
      categoryOf: ({ name }) => {
        asked.push(name);
        return { category: 'official', source: 'official-list', asOf: 0 };
      },
    },
    upstreams: new Set(['docker.io']),
    recorder: { record: async (record) => void records.push(record) },
    newId: () => 'id',
    onDecision: () => {},
    onUnrecorded: () => {},
    now: () => 1234,
    ...change,
  });
  return {
    access,
    asked,
    records,
    become(next: Partial<DirectoryRows>) {
      current = buildDirectory(directoryRows({ organizations: [enabled], ...next }));
    },
    caller: (id?: string): Caller => {
      const credential = id === undefined ? undefined : current.credentialById(id);
      return { principal: credential?.principal ?? anonymous, credential, scope: new Set() };
    },
  };
}

describe('who is judged', () => {
  it.each<[string, Partial<DirectoryRows>, string]>([
    ['was removed from the organization', { memberships: [] }, 'no-organization'],
    [
      'was deactivated',
      { people: [{ id: 'alice-id', username: 'alice', isActive: false, isAdministrator: false }] },
      'sign-in-required',
    ],
    ['had the token revoked', { personalTokens: [] }, 'sign-in-required'],
    ['became an owner', { memberships: [{ organizationId: 'acme-id', personId: 'alice-id', role: 'owner' }] }, 'owner'],
  ])('is who the person is now: %s while the request came in', async (_, next, rule) => {
    const { access, become, caller } = setting();
    const before = caller('pat');
    become(next);
    expect((await access.judge(before, alpine)).decision.rule).toBe(rule);
  });

  it('is who the person is after the category was looked up, too', async () => {
    const lookup = Promise.withResolvers<void>();
    const { access, become, caller } = setting(
      {},
      {
        catalog: {
          categoryAtHand: () => undefined,
          async categoryOf() {
            await lookup.promise;
            return { category: 'official', source: 'official-list', asOf: 0 };
          },
        },
      },
    );
    const judging = access.judge(caller('pat'), alpine);
    become({ memberships: [] });
    lookup.resolve();
    expect((await judging).decision).toMatchObject({ verdict: 'deny', rule: 'no-organization' });
  });
});

describe('the catalog', () => {
  it('tells what it knows of an image that nobody may pull, so that records say what it was', async () => {
    const categoryAtHand = () => ({ category: 'official', source: 'official-list', asOf: 0 }) as const;
    const categoryOf = () => expect.fail('nobody is to be asked');
    const { access, caller } = setting({}, { catalog: { categoryAtHand, categoryOf } });
    expect((await access.judge(caller(), alpine)).decision).toMatchObject({
      rule: 'sign-in-required',
      category: 'official',
    });
  });

  it('is asked about what matters', async () => {
    const { access, asked, caller } = setting();
    expect((await access.judge(caller('pat'), alpine)).decision).toMatchObject({
      verdict: 'allow',
      category: 'official',
    });
    expect(asked).toEqual(['docker.io/library/alpine']);
  });

  it.each<[string, string | undefined, string, string]>([
    ['nobody who must sign in', undefined, 'docker.io', 'sign-in-required'],
    ['an organization access token that is refused as such', 'oat', 'docker.io', 'organization-token'],
    ['anybody about a registry that is not configured', 'pat', 'quay.io', 'registry-unknown'],
  ])('is not asked for %s', async (_, id, registry, rule) => {
    const { access, asked, caller } = setting();
    expect((await access.judge(caller(id), repositoryOf(registry, 'some/app'))).decision.rule).toBe(rule);
    expect(asked).toEqual([]);
  });
});

describe('content is read on behalf of', () => {
  const umbrella = organizationRow('umbrella');
  const off = { organizations: [organizationRow('acme'), umbrella] };
  const token = (path: string): Partial<DirectoryRows> => ({
    ...off,
    organizationTokens: [
      {
        id: 'oat',
        organizationId: 'acme-id',
        secretHash: 'b2',
        isActive: true,
        expiresAt: null,
        createdAt: 0,
        resources: [{ type: 'TYPE_REPO', path, scopes: ['scope-image-pull'] }],
      },
    ],
  });
  const claimedByUmbrella = {
    namespaces: [{ registry: 'docker.io', namespace: 'acme', organizationId: 'umbrella-id' }],
  };

  it.each<[string, string | undefined, Partial<DirectoryRows>, string]>([
    ['the organization, for its member', 'pat', off, 'organization:acme-id'],
    ['everybody, for a member of another one', 'pat', { ...off, ...claimedByUmbrella }, 'public'],
    ['everybody, for what nobody claims', 'pat', { ...off, namespaces: [] }, 'public'],
    [
      'everybody, for a claim on another registry',
      'pat',
      { ...off, namespaces: [{ registry: 'ghcr.io', namespace: 'acme', organizationId: 'acme-id' }] },
      'public',
    ],
    [
      'everybody, for a token that reads what is public',
      'pat',
      { ...off, personalTokens: [{ ...directoryRows().personalTokens[0]!, scopes: ['repo:public_read'] }] },
      'public',
    ],
    ['everybody, for nobody', undefined, off, 'public'],
    ['the organization, for its token that names the repository', 'oat', token('acme/shop'), 'organization:acme-id'],
    ['the organization, for its token that names the namespace', 'oat', token('acme/*'), 'organization:acme-id'],
    ['everybody, for its token that names what is public', 'oat', token('*/*/public'), 'public'],
    ['everybody, for its token that names a namespace which begins alike', 'oat', token('acm/*'), 'public'],
    [
      'everybody, for its token when another one claims the namespace',
      'oat',
      { ...token('acme/*'), ...claimedByUmbrella },
      'public',
    ],
  ])('%s', async (_, id, rows, audience) => {
    const { access, caller } = setting(rows);
    expect(sourceOf(await access.judge(caller(id), shop))).toEqual({ repository: shop, audience });
  });

  it('everybody, for a member who was one when the request came in', async () => {
    const { access, become, caller } = setting(off);
    const before = caller('pat');
    become({ ...off, memberships: [] });
    expect(sourceOf(await access.judge(before, shop)).audience).toBe('public');
  });
});

describe('a record', () => {
  const request = {
    operation: 'manifest',
    method: 'GET',
    address: '192.0.2.1',
    client: 'docker',
    tag: 'latest',
    digest: undefined,
    stale: false,
  } as const;

  it('holds everything that was known', async () => {
    const { access, records, caller } = setting();
    await access.record(await access.judge(caller('pat'), alpine), request);
    expect(records).toEqual([
      {
        id: 'id',
        at: 1234,
        verdict: 'allow',
        rule: 'category',
        organizationId: 'acme-id',
        policyVersion: 3,
        person: 'alice',
        personId: 'alice-id',
        tokenId: 'pat',
        address: '192.0.2.1',
        client: 'docker',
        operation: 'manifest',
        method: 'GET',
        repository: 'docker.io/library/alpine',
        tag: 'latest',
        digest: null,
        category: 'official',
        stale: false,
      },
    ]);
  });

  it.each<[string, string | undefined, Partial<PullRecord>]>([
    [
      'of an organization access token names the organization',
      'oat',
      { person: 'acme', personId: null, tokenId: 'oat', rule: 'organization-token' },
    ],
    [
      'of nobody names nobody',
      undefined,
      { person: null, personId: null, tokenId: null, organizationId: 'acme-id', rule: 'sign-in-required' },
    ],
  ])('%s', async (_, id, expected) => {
    const { access, records, caller } = setting();
    await access.record(await access.judge(caller(id), alpine), request);
    expect(records).toEqual([expect.objectContaining(expected)]);
  });

  it('that cannot be written is not passed over', async () => {
    const failing = { record: () => Promise.reject(new Error('full')) };
    const { access, caller } = setting({}, { recorder: failing });
    await expect(access.record(await access.judge(caller('pat'), alpine), request)).rejects.toThrow('full');
  });
});

describe('refusals without a sign-in', () => {
  const request = {
    operation: 'token',
    method: 'GET',
    client: 'other',
    tag: undefined,
    digest: undefined,
    stale: false,
  } as const;

  function flooded() {
    let time = 0;
    let unrecorded = 0;
    const world = setting({}, { now: () => time, onUnrecorded: () => unrecorded++ });
    const ask = async (address: string, id?: string) =>
      world.access.record(await world.access.judge(world.caller(id), shop), { ...request, address });
    const pass = (milliseconds: number): void => {
      time += milliseconds;
    };
    return { ...world, ask, unrecorded: () => unrecorded, pass };
  }

  it('are recorded, up to 60 of an address in a minute: without an account nobody fills the disk', async () => {
    const { ask, records, unrecorded, pass } = flooded();
    for (let count = 0; count < 60; count++) await ask('192.0.2.1');
    pass(20_000);
    await expect(ask('192.0.2.1')).rejects.toMatchObject({ name: 'TooManyRefusals', retryAfter: 40 });
    expect([records.length, unrecorded()]).toEqual([60, 1]);
    await ask('192.0.2.2');
    expect(records).toHaveLength(61);
    pass(40_000);
    await ask('192.0.2.1');
    expect(records).toHaveLength(62);
  });

  it('are counted together for all addresses of an IPv6 network, which one machine has', async () => {
    const { ask } = flooded();
    for (let count = 0; count < 60; count++) await ask(`2001:db8::${count.toString(16)}`);
    await expect(ask('2001:db8::ffff')).rejects.toMatchObject({ name: 'TooManyRefusals' });
    await ask('2001:db8:0:1::1');
  });

  it('do not count for whoever signed in, however often that one is refused', async () => {
    const { ask, records } = flooded();
    for (let count = 0; count < 61; count++) await ask('192.0.2.1', 'oat');
    for (let count = 0; count < 60; count++) await ask('192.0.2.1');
    expect(records).toHaveLength(121);
    expect(records.every(({ verdict }) => verdict === 'deny')).toBe(true);
  });
});
