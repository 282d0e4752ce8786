import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Courier, type CourierOptions, startCourier } from '../../../src/activity/delivery/courier.ts';
import { activitySource, type RefusalReader, refusalSource } from '../../../src/activity/delivery/source.ts';
import { createWebhook } from '../../../src/activity/delivery/webhook.ts';
import { createAdministration } from '../../../src/administration.ts';
import { openPositionStore } from '../../../src/database/position-store.ts';
import { databasePullArchive, databasePullStore } from '../../../src/database/pull-store.ts';
import { openDatabase } from '../../../src/database/sqlite.ts';
import { openStores } from '../../../src/database/stores.ts';
import { createAddressGuard } from '../../../src/upstream/guard.ts';
import { root } from '../../database/contract.ts';
import { pullRecord } from '../../pulls/pull-records.ts';
import { quietLog } from '../../pulls/quiet-log.ts';
import { temporaryFolder } from '../../pulls/temporary-folder.ts';
import { receiveWebhooks } from './webhook-receiver.ts';

const pace = { poll: 1, firstRetry: 1, longestRetry: 4 };

async function settle() {
  const database = await openDatabase({ file: join(temporaryFolder(), 'state.db'), durability: 'relaxed' });
  onTestFinished(() => database.destroy());
  const stores = openStores(database);
  const admin = createAdministration(stores);
  const positions = openPositionStore(database);
  const source = activitySource(stores.read.activity);
  const people = async (...names: string[]) => {
    for (const username of names) await admin.people.create({ username }, root);
  };
  const idsOf = async () =>
    (await admin.activity.list()).toReversed().map(({ sequence, hash }) => `activity-${sequence}-${hash.slice(0, 16)}`);
  return { database, admin, positions, source, people, idsOf };
}

type World = Awaited<ReturnType<typeof settle>>;

function deliver(world: World, url: string, options: Partial<CourierOptions> = {}) {
  const log = quietLog();
  const guard = createAddressGuard({ allowPrivate: true });
  const target = createWebhook({ name: 'siem', url, key: Buffer.from('k'), guard, now: Date.now });
  const { positions, source } = world;
  const courier: Courier = startCourier({
    source,
    target,
    positions,
    holder: 'one',
    now: Date.now,
    log,
    pace,
    ...options,
  });
  onTestFinished(async () => {
    await courier.close();
    await target.close();
  });
  return { courier, log };
}

const eventually = { timeout: 20_000, interval: 5 };

describe('a courier', () => {
  it('delivers what there is and what comes, in order', async () => {
    const world = await settle();
    const receiver = await receiveWebhooks();
    await world.positions.begin('webhook:siem', '0');
    await world.people('alice', 'bob');
    const { courier } = deliver(world, receiver.url);
    await expect.poll(() => receiver.taken.length, eventually).toBe(2);
    await world.people('carol');
    await expect.poll(() => receiver.taken.length, eventually).toBe(3);
    expect(receiver.ids()).toEqual(await world.idsOf());
    expect(receiver.taken.map(({ body }) => JSON.parse(body).data.name)).toEqual(['alice', 'bob', 'carol']);
    await expect.poll(() => world.positions.read('webhook:siem'), eventually).toBe('3');
    await expect.poll(() => courier.lag, eventually).toBe(0);
  });

  it('tries again for as long as it takes, loses nothing and goes past nothing', async () => {
    const world = await settle();
    const receiver = await receiveWebhooks((_received, count) => (count % 3 === 0 ? 200 : 500));
    await world.positions.begin('webhook:siem', '0');
    await world.people('alice', 'bob', 'carol', 'dave');
    deliver(world, receiver.url);
    await expect.poll(() => receiver.taken.length, eventually).toBe(4);
    expect(receiver.ids()).toEqual(await world.idsOf());
    expect(receiver.seen).toHaveLength(12);
  });

  it('says how late it is, and tells of a failure that lasts now and then', async () => {
    const world = await settle();
    let status = 500;
    const receiver = await receiveWebhooks(() => status);
    await world.positions.begin('webhook:siem', '0');
    await world.people('alice');
    const { courier, log } = deliver(world, receiver.url, { now: () => Date.now() + 60_000 });
    await expect.poll(() => receiver.seen.length, eventually).toBeGreaterThan(14);
    expect(courier.lag).toBeGreaterThanOrEqual(60_000);
    expect(log.lines[0]).toEqual([
      'warn',
      { target: 'webhook:siem', reason: 'The webhook siem answered 500.' },
      'What happens cannot be delivered. It is kept, and tried again.',
    ]);
    expect(log.lines.length).toBeLessThan(receiver.seen.length / 3);
    status = 200;
    await expect.poll(() => receiver.taken.length, eventually).toBe(1);
    await expect.poll(() => log.lines.at(-1)?.[2], eventually).toBe('Deliveries succeed again.');
  });

  it('goes on where another process of the same node stopped', async () => {
    const world = await settle();
    const receiver = await receiveWebhooks();
    await world.positions.begin('webhook:siem', '0');
    await world.people('alice', 'bob');
    const { courier } = deliver(world, receiver.url);
    await expect.poll(() => world.positions.read('webhook:siem'), eventually).toBe('2');
    await courier.close();
    await world.people('carol');
    deliver(world, receiver.url);
    await expect.poll(() => receiver.taken.length, eventually).toBe(3);
    expect(receiver.ids()).toEqual(await world.idsOf());
  });

  it('leaves the target to the node that has it, and takes it over when that has said nothing for a while', async () => {
    const world = await settle();
    const receiver = await receiveWebhooks();
    let clock = 1_000;
    await world.positions.begin('webhook:siem', '0');
    await world.people('alice');
    const now = () => clock;
    const first = deliver(world, receiver.url, { holder: 'one', now });
    await expect.poll(() => receiver.taken.length, eventually).toBe(1);
    await first.courier.close();

    let looks = 0;
    const { positions } = world;
    const watched: typeof positions = {
      ...positions,
      hold(...args) {
        looks += 1;
        return positions.hold(...args);
      },
    };
    await world.people('bob');
    deliver(world, receiver.url, { holder: 'two', now, positions: watched });
    await expect.poll(() => looks, eventually).toBeGreaterThan(5);
    expect(receiver.taken).toHaveLength(1);
    clock += 121_000;
    await expect.poll(() => receiver.taken.length, eventually).toBe(2);
    expect(receiver.ids()).toEqual(await world.idsOf());
  });

  it('begins with what comes after its target was named, and keeps that place', async () => {
    const world = await settle();
    await world.people('alice');
    await world.positions.begin('webhook:siem', await world.source.newest());
    await world.people('bob');
    await world.positions.begin('webhook:siem', await world.source.newest());
    expect(await world.positions.read('webhook:siem')).toBe('1');
  });

  it('delivers refusals from the pull records, and nothing that was allowed', async () => {
    const world = await settle();
    const receiver = await receiveWebhooks();
    const database = await openDatabase({ file: join(temporaryFolder(), 'pulls.db'), durability: 'relaxed' });
    onTestFinished(() => database.destroy());
    const archive = databasePullArchive(database);
    const source = refusalSource(databasePullStore(database) satisfies RefusalReader);
    await archive.append('node', [pullRecord()]);
    await world.positions.begin('webhook:siem/refusals', await source.newest());
    const [refused, allowed, later] = [pullRecord(), pullRecord({ verdict: 'allow' }), pullRecord()];
    await archive.append('node', [refused, allowed]);
    await archive.append('other', [later]);
    deliver(world, receiver.url, { source });
    await expect.poll(() => receiver.taken.length, eventually).toBe(2);
    expect(receiver.ids().toSorted()).toEqual([`pull-${refused.id}`, `pull-${later.id}`].toSorted());
    expect(JSON.parse(receiver.taken[0]!.body)).toMatchObject({
      type: 'pull.refused',
      data: { repository: 'docker.io/evil/miner', person: 'alice', rule: 'category' },
    });
  });
});
