import { defaultPolicy, type ImageAccessPolicy } from '@pullgate/policy';
import { describe, expect, test } from 'vitest';
import { buildDirectory, type DirectoryRows } from '../../src/access/build-directory.ts';
import { NotFound } from '../../src/administration-error.ts';
import { type PolicyPreview, previewPolicy } from '../../src/pulls/policy-preview.ts';
import type { PullCombination, TimeRange } from '../../src/pulls/pull-query.ts';
import { directoryRows, organizationRow } from '../access/directory-rows.ts';

const enabled: ImageAccessPolicy = { ...defaultPolicy, enabled: true };
const open: ImageAccessPolicy = {
  ...enabled,
  allow: { official: true, 'verified-publisher': true, 'sponsored-oss': true, community: true },
};

function combination(changes: Partial<PullCombination> = {}): PullCombination {
  return {
    person: 'alice',
    personId: 'alice-id',
    tokenId: null,
    repository: 'docker.io/evil/miner',
    category: 'community',
    requests: 1,
    ...changes,
  };
}

const now = 1_790_000_000_000;

interface Setting {
  readonly inForce?: ImageAccessPolicy;
  readonly rows?: Partial<DirectoryRows>;
  readonly requests?: number;
}

async function preview(
  proposed: ImageAccessPolicy,
  combinations: readonly PullCombination[],
  { inForce = defaultPolicy, rows = {}, requests }: Setting = {},
): Promise<PolicyPreview> {
  const organizations = [{ ...organizationRow('acme'), policy: inForce }];
  const total = combinations.reduce((sum, one) => sum + one.requests, 0);
  return previewPolicy(
    {
      query: { combinations: async () => ({ combinations, requests: requests ?? total }) },
      directory: { current: buildDirectory(directoryRows({ organizations, ...rows })), reload: async () => {} },
      upstreams: new Set(['docker.io']),
      now: () => now,
    },
    { organizationId: 'acme-id', policy: proposed },
  );
}

const allowlisted: ImageAccessPolicy = {
  ...enabled,
  allowlist: { enabled: true, repositories: new Set(['docker.io/evil/miner']) },
};
const organizationToken = { person: 'acme', personId: null, tokenId: 'oat', repository: 'docker.io/acme/web' };
const nobody = { person: null, personId: null, tokenId: null };
const signInOptional = { organizations: [{ ...organizationRow('acme'), enforceSignIn: false }] };

test.each<
  [string, ImageAccessPolicy, ImageAccessPolicy, Partial<PullCombination>, number, number, Partial<DirectoryRows>?]
>([
  ['switching on refuses what is community', defaultPolicy, enabled, {}, 1, 0],
  ['and not what is official', defaultPolicy, enabled, { category: 'official' }, 0, 0],
  ['switching off allows it again', enabled, defaultPolicy, {}, 0, 1],
  ['a category that is switched on', enabled, open, {}, 0, 1],
  ['the same policy changes nothing', enabled, enabled, {}, 0, 0],
  ['a repository that is put on the allowlist', enabled, allowlisted, {}, 0, 1],
  ['a repository beside it', enabled, allowlisted, { repository: 'docker.io/evil/other' }, 0, 0],
  ['a repository that is taken off it', allowlisted, enabled, {}, 1, 0],
  [
    'what the organization claims',
    defaultPolicy,
    enabled,
    { repository: 'docker.io/acme/web', category: 'organization' },
    0,
    0,
  ],
  ['what it claimed then and does not now', defaultPolicy, enabled, { category: 'organization' }, 1, 0],
  [
    'a token of the organization, which image access management excludes',
    defaultPolicy,
    enabled,
    organizationToken,
    1,
    0,
  ],
  ['nobody signed in, which is not for this policy to say', enabled, open, nobody, 0, 0],
  ['nobody signed in, who is judged as a member', defaultPolicy, enabled, nobody, 1, 0, signInOptional],
  ['a registry that there is no upstream for', defaultPolicy, enabled, { repository: 'ghcr.io/a/b' }, 0, 0],
  [
    'an owner',
    defaultPolicy,
    enabled,
    {},
    0,
    0,
    { memberships: [{ organizationId: 'acme-id', personId: 'alice-id', role: 'owner' }] },
  ],
])('%s', async (_description, inForce, proposed, changes, refused, allowed, rows = {}) => {
  const found = await preview(proposed, [combination(changes)], { inForce, rows });
  expect(found).toMatchObject({ refused: { requests: refused }, allowed: { requests: allowed }, notJudged: 0 });
});

test('another organization that refuses goes on refusing', async () => {
  const organizations = [organizationRow('acme'), { ...organizationRow('globex'), policy: enabled }].map((row) =>
    row.name === 'acme' ? { ...row, policy: enabled } : row,
  );
  const memberships = ['acme-id', 'globex-id'].map((organizationId) => ({
    organizationId,
    personId: 'alice-id',
    role: 'member' as const,
  }));
  const found = await preview(open, [combination()], { rows: { organizations, memberships } });
  expect(found).toMatchObject({ allowed: { requests: 0 } });
});

describe('what is told', () => {
  test('by whom and which images, the most frequent first', async () => {
    const found = await preview(enabled, [
      combination({ requests: 2 }),
      combination({ requests: 3, repository: 'docker.io/evil/other' }),
      combination({ requests: 4, category: 'official', repository: 'docker.io/library/nginx' }),
      combination({ ...organizationToken, requests: 7 }),
    ]);
    expect(found).toEqual({
      range: { from: now - 30 * 24 * 3_600_000, until: now },
      requests: 16,
      notJudged: 0,
      refused: {
        requests: 12,
        peopleCount: 2,
        imageCount: 3,
        people: [
          { person: 'acme', requests: 7 },
          { person: 'alice', requests: 5 },
        ],
        images: [
          { repository: 'docker.io/acme/web', category: 'community', requests: 7 },
          { repository: 'docker.io/evil/other', category: 'community', requests: 3 },
          { repository: 'docker.io/evil/miner', category: 'community', requests: 2 },
        ],
      },
      allowed: { requests: 0, peopleCount: 0, imageCount: 0, people: [], images: [] },
    });
  });

  test('all is counted, and a part is named', async () => {
    const combinations = Array.from({ length: 3000 }, (_, index) =>
      combination({ repository: `docker.io/a/${index}` }),
    );
    const { refused } = await preview(enabled, combinations);
    expect([refused.requests, refused.imageCount, refused.images.length]).toEqual([3000, 3000, 20]);
  });

  test.each<[string, Partial<PullCombination>, Partial<DirectoryRows>?]>([
    ['a person who is gone', { personId: 'gone' }],
    ['a token that is gone', { personId: null, tokenId: 'gone' }],
    [
      'a person who may not sign in',
      {},
      { people: [{ id: 'alice-id', username: 'alice', isActive: false, isAdministrator: false }] },
    ],
  ])('what cannot be judged: %s', async (_description, changes, rows = {}) => {
    const found = await preview(enabled, [combination({ ...changes, requests: 5 })], { rows });
    expect(found).toMatchObject({ requests: 5, notJudged: 5, refused: { requests: 0 } });
  });

  test('what cannot be judged: combinations beyond the most frequent', async () => {
    expect(await preview(enabled, [combination()], { requests: 100 })).toMatchObject({ requests: 100, notJudged: 99 });
  });
});

test('it asks for this organization and the last 30 days only', async () => {
  const asked: unknown[] = [];
  const query = {
    combinations: async (scope: unknown, range: TimeRange) => {
      asked.push(scope, range.until - range.from);
      return { combinations: [], requests: 0 };
    },
  };
  const directory = { current: buildDirectory(directoryRows()), reload: async () => {} };
  const facts = { query, directory, upstreams: new Set<string>(), now: () => now };
  await previewPolicy(facts, { organizationId: 'acme-id', policy: enabled });
  expect(asked).toEqual([{ organizationId: 'acme-id' }, 30 * 24 * 3_600_000]);
  await expect(previewPolicy(facts, { organizationId: 'none', policy: enabled })).rejects.toThrow(NotFound);
});
