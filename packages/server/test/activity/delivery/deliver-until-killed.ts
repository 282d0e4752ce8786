import { setImmediate } from 'node:timers/promises';
import { startDeliveries } from '../../../src/activity/delivery/deliveries.ts';
import { createAdministration } from '../../../src/administration.ts';
import { Secret } from '../../../src/configuration/secret.ts';
import { openPositionStore } from '../../../src/database/position-store.ts';
import { databasePullStore } from '../../../src/database/pull-store.ts';
import { openDatabase } from '../../../src/database/sqlite.ts';
import { openStores } from '../../../src/database/stores.ts';
import { createAddressGuard } from '../../../src/upstream/guard.ts';

// Changes something again and again, delivers it, and says the name of each person that was made, until it is killed.

const [file = '', url = '', round = ''] = process.argv.slice(2);
const database = await openDatabase({ file, durability: 'full' });
const stores = openStores(database);
const log = { info() {}, warn() {} };
const webhook = { name: 'siem', url, secret: new Secret('k'), refusals: false, allowPrivateAddresses: true };
await startDeliveries({
  configuration: { retentionMs: undefined, webhooks: [webhook], syslog: undefined },
  activity: stores.read.activity,
  pulls: databasePullStore(database),
  positions: openPositionStore(await openDatabase({ file, durability: 'relaxed' })),
  guardFor: createAddressGuard,
  node: 'one',
  host: 'gate.example',
  now: Date.now,
  log,
  pace: { poll: 1, firstRetry: 1, longestRetry: 10 },
});
const { people } = createAdministration(stores);
for (let number = 0; ; number++) {
  const username = `p${round}-${number}`;
  await people.create({ username }, { kind: 'system', name: 'test' });
  process.stdout.write(`${username}\n`);
  // Nothing else gets its turn while the embedded database writes.
  await setImmediate();
}
