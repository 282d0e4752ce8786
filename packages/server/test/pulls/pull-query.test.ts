import { categories, imageKinds } from '@pullgate/policy';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { databasePullQuery } from '../../src/database/pull-query.ts';
import { databasePullArchive } from '../../src/database/pull-store.ts';
import { newDecisionId } from '../../src/pulls/decision-id.ts';
import { isFound, type PullScope, type PullSearch } from '../../src/pulls/pull-query.ts';
import type { PullRecord } from '../../src/pulls/pull-record.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { pullRecord, pullRecords } from './pull-records.ts';

// On whichever database the tests run.

async function openTestQuery(...records: readonly PullRecord[]) {
  const { database } = await openTestDatabase();
  const archive = databasePullArchive(database);
  if (records.length > 0) await archive.append('a-node', records);
  return { archive, query: databasePullQuery(database) };
}

const acme: PullScope = { organizationId: 'org-acme' };
const names = (records: readonly PullRecord[]) => records.map(({ repository }) => repository).toSorted();

describe('finding an image', () => {
  const repositories = [
    'docker.io/library/nginx',
    'docker.io/evil/nginx-proxy',
    'ghcr.io/nginx/web',
    'docker.io/a_b/c%d',
    'docker.io/axb/cxd',
  ];

  test.each([
    ['a part of the name', 'nginx', [0, 1, 2]],
    ['the whole name', 'docker.io/library/nginx', [0]],
    ['how it begins', 'docker.io/*', [0, 1, 3, 4]],
    ['how it does not begin', 'nginx*', []],
    ['anything', '*', [0, 1, 2, 3, 4]],
    ['_ is no wildcard', 'a_b', [3]],
    ['% is no wildcard', 'c%d', [3]],
    ['\\ is no escape', 'c\\%d', []],
    ['* elsewhere is no wildcard', 'do*er', []],
    ["a quote is no end of a string: ' or 1=1 --", "' or 1=1 --", []],
  ])('by %s', async (_description, image, found) => {
    const records = repositories.map((repository) => pullRecord({ repository }));
    const { query } = await openTestQuery(...records);
    expect(names(await query.newest(acme, { image }, undefined, 10))).toEqual(
      found.flatMap((index) => repositories[index] ?? []).sort(),
    );
  });
});

describe('what is found', () => {
  const organizations = ['org-acme', 'org-other', null];
  const anyRecord: fc.Arbitrary<PullRecord> = fc
    .record({
      at: fc.nat(20),
      verdict: fc.constantFrom('allow', 'deny'),
      organizationId: fc.constantFrom(...organizations),
      person: fc.constantFrom('alice', 'bob', null),
      repository: fc.constantFrom('docker.io/library/nginx', 'docker.io/evil/nginx', 'ghcr.io/a/b'),
      category: fc.constantFrom(...categories),
      client: fc.constantFrom('docker', 'podman', 'other'),
    })
    .map((changes) => pullRecord(changes));
  const scope: fc.Arbitrary<PullScope> = fc.constantFrom<PullScope[]>('installation', acme, {
    organizationId: 'org-none',
  });
  const search: fc.Arbitrary<PullSearch> = fc.record(
    {
      person: fc.constantFrom('alice', 'nobody'),
      repository: fc.constantFrom('docker.io/library/nginx', 'docker.io/library'),
      image: fc.constantFrom('nginx', 'docker.io/*', 'lib'),
      category: fc.constantFrom(...imageKinds),
      verdict: fc.constantFrom('allow', 'deny'),
      client: fc.constantFrom('docker', 'crane'),
      from: fc.nat(20),
      until: fc.nat(20),
    },
    { requiredKeys: [] },
  );

  test('is the same in the database and in memory, in the same order', async () => {
    const records = fc.sample(anyRecord, 120);
    const { query } = await openTestQuery(...records);
    const position = fc.option(fc.constantFrom(...records), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(scope, search, position, fc.integer({ min: 1, max: 130 }), async (who, what, behind, limit) => {
        const expected = records
          .filter((record) => isFound(record, who, what, behind))
          .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
          .slice(0, limit);
        expect(await query.newest(who, what, behind, limit)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('counting', () => {
  const hour = 3_600_000;
  const range = { from: 10 * hour, until: 13 * hour };
  const request = { ...range, bucket: hour, top: 10 };

  test('is by time, verdict and category, and knows what was stale', async () => {
    const { query } = await openTestQuery(
      pullRecord({ at: 10 * hour, verdict: 'allow', category: 'official', stale: true }),
      pullRecord({ at: 11 * hour - 1, verdict: 'deny' }),
      pullRecord({ at: 11 * hour, verdict: 'deny' }),
      pullRecord({ at: 12 * hour + 1, verdict: 'allow', category: 'official' }),
    );
    expect(await query.count(acme, request)).toMatchObject({
      allowed: 2,
      refused: 2,
      stale: 1,
      buckets: [
        { start: 10 * hour, allowed: 1, refused: 1 },
        { start: 11 * hour, allowed: 0, refused: 1 },
        { start: 12 * hour, allowed: 1, refused: 0 },
      ],
      categories: [
        { category: 'community', allowed: 0, refused: 2 },
        { category: 'official', allowed: 2, refused: 0 },
      ],
    });
  });

  test('does not take what is of another registry for community images', async () => {
    const { query } = await openTestQuery(
      pullRecord({ at: range.from }),
      pullRecord({ at: range.from, repository: 'ghcr.io/evil/miner' }),
      pullRecord({ at: range.from, repository: 'ghcr.io/acme/web', category: 'organization' }),
    );
    const { categories: counted, images } = await query.count(acme, request);
    expect(counted).toEqual([
      { category: 'community', allowed: 0, refused: 1 },
      { category: 'organization', allowed: 0, refused: 1 },
      { category: 'other-registry', allowed: 0, refused: 1 },
    ]);
    expect(images).toContainEqual({ repository: 'ghcr.io/evil/miner', category: 'other-registry', refused: 1 });
  });

  test.each<[string, Partial<PullRecord>, number]>([
    ['at the beginning', { at: range.from }, 1],
    ['before it', { at: range.from - 1 }, 0],
    ['at the end, which is the beginning of the next', { at: range.until }, 0],
    ['a manifest', { operation: 'manifest' }, 1],
    ['a token that was refused', { operation: 'token' }, 1],
    ['a layer', { operation: 'blob' }, 0],
    ['a list of tags', { operation: 'tags' }, 0],
    ['a list of referrers', { operation: 'referrers' }, 0],
    ['of another organization', { organizationId: 'org-other' }, 0],
    ['of nobody', { organizationId: null }, 0],
  ])('%s', async (_description, changes, refused) => {
    const { query } = await openTestQuery(pullRecord({ at: range.from, ...changes }));
    expect(await query.count(acme, request)).toMatchObject({ allowed: 0, refused });
  });

  test('names the most refused first, and no more than asked for', async () => {
    const times = (count: number, changes: Partial<PullRecord>) =>
      pullRecords(count, () => ({ at: range.from, ...changes }));
    const { query } = await openTestQuery(
      ...times(1, { person: 'alice', repository: 'docker.io/a/a' }),
      ...times(3, { person: null, repository: 'docker.io/b/b' }),
      ...times(2, { person: 'carol', repository: 'docker.io/c/c' }),
      ...times(9, { person: 'dave', repository: 'docker.io/d/d', verdict: 'allow' }),
    );
    const { images, people } = await query.count(acme, { ...request, top: 2 });
    expect(images).toEqual([
      { repository: 'docker.io/b/b', category: 'community', refused: 3 },
      { repository: 'docker.io/c/c', category: 'community', refused: 2 },
    ]);
    expect(people).toEqual([
      { person: null, refused: 3 },
      { person: 'carol', refused: 2 },
    ]);
  });

  test('everything is every organization, and nobody', async () => {
    const { query } = await openTestQuery(
      ...['org-acme', 'org-other', null].map((organizationId) => pullRecord({ at: range.from, organizationId })),
    );
    expect(await query.count('installation', request)).toMatchObject({ refused: 3 });
  });

  test('nothing is nothing', async () => {
    const { query } = await openTestQuery();
    const nothing = { allowed: 0, refused: 0, stale: 0, buckets: [], categories: [], images: [], people: [] };
    expect(await query.count(acme, request)).toEqual(nothing);
    expect(await query.combinations(acme, range, 10)).toEqual({ combinations: [], requests: 0 });
  });

  test('combinations are what a decision depends on, the most frequent first', async () => {
    const at = range.from;
    const { query } = await openTestQuery(
      pullRecord({ at, tokenId: 'laptop' }),
      pullRecord({ at, tokenId: 'desk', verdict: 'allow', tag: 'other', address: '192.0.2.1' }),
      pullRecord({ at, personId: null, person: 'acme', tokenId: 'ci' }),
      pullRecord({ at, operation: 'blob' }),
    );
    const one = { person: 'alice', repository: 'docker.io/evil/miner', category: 'community' as const };
    const ofAlice = { ...one, personId: 'person-1', tokenId: null, requests: 2 };
    const ofToken = { ...one, person: 'acme', personId: null, tokenId: 'ci', requests: 1 };
    expect(await query.combinations(acme, range, 10)).toEqual({ combinations: [ofAlice, ofToken], requests: 3 });
    expect(await query.combinations(acme, range, 1)).toEqual({ combinations: [ofAlice], requests: 3 });
  });
});

test('ids do not have to be in the order of time', async () => {
  const records = pullRecords(20, (at) => ({ at, id: newDecisionId(1_000_000_000_000 - at * 1000) }));
  const { query } = await openTestQuery(...records);
  expect(await query.newest(acme, {}, undefined, 20)).toEqual(records.toReversed());
});
