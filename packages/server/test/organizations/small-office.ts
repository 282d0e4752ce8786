import { buildDirectory } from '../../src/access/build-directory.ts';
import type { Activity, Actor } from '../../src/activity/activity.ts';
import { type Administration, createAdministration } from '../../src/administration.ts';
import { openStores, type Stores } from '../../src/database/stores.ts';
import type { TestDatabase } from '../database/test-database.ts';

export const day = 24 * 60 * 60 * 1000;
/** When everything here happens, until the clock is set. */
export const start = Date.parse('2026-11-23T12:00:00Z');

export const root: Actor = { kind: 'command-line', name: 'root' };
export const alice: Actor = { kind: 'person', name: 'alice', address: '192.0.2.7' };

export interface Office {
  readonly admin: Administration;
  readonly stores: Stores;
  /** Milliseconds since 1970; can be set. */
  readonly clock: { now: number };
  /** What was told since the office was opened, oldest first. */
  told(): Promise<readonly Pick<Activity, 'action' | 'subject' | 'before' | 'after'>[]>;
  /** What the gate knows at this moment. */
  directory(): Promise<ReturnType<typeof buildDirectory>>;
}

/**
 * acme with its owner alice, its editor erin and its members bob and carol; globex with its owner gina. walter is in
 * neither, and an administrator.
 */
export async function settleOffice({ database }: TestDatabase): Promise<Office> {
  const clock = { now: start };
  const stores = openStores(database, () => clock.now);
  const admin = createAdministration(stores, () => clock.now);
  await admin.organizations.create({ name: 'acme', fullName: 'Acme Ltd' }, root);
  await admin.organizations.create({ name: 'globex' }, root);
  await admin.people.create({ username: 'walter', isAdministrator: true }, root);
  for (const [organization, username, role] of [
    ['acme', 'alice', 'owner'],
    ['acme', 'erin', 'editor'],
    ['acme', 'bob', 'member'],
    ['acme', 'carol', 'member'],
    ['globex', 'gina', 'owner'],
  ] as const) {
    const name = `${username[0]?.toUpperCase()}${username.slice(1)} Example`;
    await admin.people.create({ username, name, email: `${username}@${organization}.example` }, root);
    await admin.members.add(organization, { username, role }, root);
  }
  const [newest] = await admin.activity.list({ limit: 1 });
  return {
    admin,
    stores,
    clock,
    async told() {
      const rows = await admin.activity.list({ limit: 1000 });
      const since = rows.filter(({ sequence }) => sequence > (newest?.sequence ?? 0)).toReversed();
      return since.map(({ action, subject, before, after }) => ({ action, subject, before, after }));
    },
    directory: async () => buildDirectory(await stores.directory.read()),
  };
}

/** The first hundred. */
export const firstPage = { offset: 0, limit: 100 };
