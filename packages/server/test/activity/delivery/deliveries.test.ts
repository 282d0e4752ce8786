import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startDeliveries } from '../../../src/activity/delivery/deliveries.ts';
import { createAdministration } from '../../../src/administration.ts';
import { Secret } from '../../../src/configuration/secret.ts';
import { openPositionStore } from '../../../src/database/position-store.ts';
import { databasePullStore } from '../../../src/database/pull-store.ts';
import { openDatabase } from '../../../src/database/sqlite.ts';
import { openStores } from '../../../src/database/stores.ts';
import { createAddressGuard } from '../../../src/upstream/guard.ts';
import { root } from '../../database/contract.ts';
import { quietLog } from '../../pulls/quiet-log.ts';
import { temporaryFolder } from '../../pulls/temporary-folder.ts';
import { receiveWebhooks } from './webhook-receiver.ts';

const eventually = { timeout: 20_000, interval: 5 };

it('tells how far each target has got, and holds for retention what the slowest has not', async () => {
  const database = await openDatabase({ file: join(temporaryFolder(), 'state.db'), durability: 'relaxed' });
  onTestFinished(() => database.destroy());
  const stores = openStores(database);
  const { people } = createAdministration(stores);
  await people.create({ username: 'before' }, root);
  const [good, bad] = [await receiveWebhooks(), await receiveWebhooks(() => 500)];
  const webhook = (name: string, url: string) => ({
    name,
    url,
    secret: new Secret('swordfish'),
    refusals: false,
    allowPrivateAddresses: true,
  });
  const deliveries = await startDeliveries({
    configuration: {
      retentionMs: undefined,
      webhooks: [webhook('good', good.url), webhook('bad', bad.url)],
      syslog: undefined,
    },
    activity: stores.read.activity,
    pulls: databasePullStore(database),
    positions: openPositionStore(database),
    guardFor: createAddressGuard,
    node: 'one',
    host: 'gate.example',
    now: Date.now,
    log: quietLog(),
    pace: { poll: 1, firstRetry: 1, longestRetry: 10 },
  });
  onTestFinished(() => deliveries.close());

  await people.create({ username: 'alice' }, root);
  await people.create({ username: 'bob' }, root);
  const numbers = async () => (await deliveries.states()).map((state) => [state.deliveredSequence, state.pending]);
  await expect.poll(numbers, eventually).toEqual([
    [3, 0],
    [1, 2],
  ]);
  await expect.poll(() => bad.seen.length, eventually).toBeGreaterThan(1);
  expect(await deliveries.states()).toEqual([
    expect.objectContaining({ name: 'good', kind: 'webhook', lastSuccessAt: expect.any(Number), lastError: null }),
    expect.objectContaining({ name: 'bad', lastSuccessAt: null, lastError: 'The webhook bad answered 500.' }),
  ]);
  expect(JSON.stringify(await deliveries.states())).not.toMatch(/hunter2|swordfish/);
  expect(await deliveries.deliveredThrough()).toBe(1);
});
