import { describe, expect, onTestFinished, test } from 'vitest';
import { databasePullQuery, pullQueryLocation } from '../../src/database/pull-query.ts';
import { databasePullArchive } from '../../src/database/pull-store.ts';
import { openQueryThread, PullQueryError } from '../../src/pulls/query-client.ts';
import type { QueryLocation } from '../../src/pulls/query-messages.ts';
import { openTestDatabase } from '../database/test-database.ts';
import { pullRecords } from './pull-records.ts';

const acme = { organizationId: 'org-acme' };
const range = { from: 0, until: 1_800_000_000_000 };

function open(location: QueryLocation) {
  const query = openQueryThread(location);
  onTestFinished(() => query.close());
  return query;
}

/** A module of the thread, written here. */
function moduleOf(source: string): QueryLocation {
  return { module: `data:text/javascript,${encodeURIComponent(source)}`, database: undefined };
}

test('what is asked in the thread is what the database answers', async () => {
  const { database, location } = await openTestDatabase();
  await databasePullArchive(database).append('a-node', pullRecords(5));
  const direct = databasePullQuery(database);
  const query = open(pullQueryLocation(location));
  const request = { ...range, bucket: 3_600_000, top: 3 };
  expect(await query.newest(acme, { verdict: 'deny' }, undefined, 3)).toEqual(
    await direct.newest(acme, { verdict: 'deny' }, undefined, 3),
  );
  expect(await query.count(acme, request)).toEqual(await direct.count(acme, request));
  expect(await query.combinations(acme, range, 3)).toEqual(await direct.combinations(acme, range, 3));
});

test('a failure is told to whoever asked, and others are answered', async () => {
  const query = open(
    moduleOf(`export const openPullQuery = async () => ({
      newest: async () => { throw new Error('the disk is full') },
      combinations: async () => 'answered',
    })`),
  );
  const failed = expect(query.newest(acme, {}, undefined, 1)).rejects.toThrow(
    new PullQueryError('The pull records cannot be read: the disk is full.'),
  );
  expect(await query.combinations(acme, range, 1)).toBe('answered');
  await failed;
});

test('a database that is away is told each time, and opened when it is back', async () => {
  const query = open(
    moduleOf(`let times = 0;
    export const openPullQuery = async () => {
      if (++times <= 2) throw new Error('nobody answers');
      return { combinations: async () => 'answered' };
    }`),
  );
  for (let times = 0; times < 2; times++) {
    await expect(query.newest(acme, {}, undefined, 1)).rejects.toThrow(/nobody answers/);
  }
  expect(await query.combinations(acme, range, 1)).toBe('answered');
});

describe('a thread that ends', () => {
  const source = `export const openPullQuery = async () => ({
    newest: () => process.exit(1),
    combinations: async () => 'answered',
  })`;

  test('fails what was asked, and is started again', async () => {
    const query = open(moduleOf(source));
    await expect(query.newest(acme, {}, undefined, 1)).rejects.toThrow(PullQueryError);
    expect(await query.combinations(acme, range, 1)).toBe('answered');
  });

  test('because it is closed fails what was asked', async () => {
    const query = openQueryThread(moduleOf(`export const openPullQuery = () => new Promise(() => {})`));
    const asked = expect(query.newest(acme, {}, undefined, 1)).rejects.toThrow(PullQueryError);
    await query.close();
    await asked;
  });
});

test('no more wait than is good', async () => {
  const query = openQueryThread(moduleOf(`export const openPullQuery = () => new Promise(() => {})`));
  const asked = Array.from({ length: 51 }, () => query.newest(acme, {}, undefined, 1).catch(String));
  expect(await Promise.race(asked)).toMatch(/too many are being asked at once/);
  await query.close();
  expect((await Promise.all(asked)).filter((reason) => String(reason).includes('too many'))).toHaveLength(1);
});
