import type { ActivityConfiguration } from '../../configuration/configuration.ts';
import type { ActivityStore } from '../activity-log.ts';
import { type Courier, courierName, type DeliveryLog, type Outcome, type Pace, startCourier } from './courier.ts';
import type { PositionStore } from './positions.ts';
import { signingKey } from './signature.ts';
import { activitySource, type RefusalReader, refusalSource, type Source } from './source.ts';
import { createSyslog } from './syslog.ts';
import type { AddressGuard, Target } from './target.ts';
import { createWebhook } from './webhook.ts';

export interface DeliveryOptions {
  readonly configuration: ActivityConfiguration;
  readonly activity: Pick<ActivityStore, 'list'>;
  readonly pulls: RefusalReader;
  readonly positions: PositionStore;
  readonly guardFor: (options: { allowPrivate: boolean }) => AddressGuard;
  /** Name of this node, the same after a restart. */
  readonly node: string;
  /** Host name under which the gate is known. */
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: DeliveryLog;
  readonly pace?: Pace;
}

/** Everything that is delivered to somebody else's systems. */
export interface Deliveries {
  /** Milliseconds since the oldest event happened that a target does not have yet, by target. */
  lags(): ReadonlyMap<string, number>;
  /** Sequence up to which every target has the activity. */
  deliveredThrough(): Promise<number>;
  /** How far each target has got with the activity. */
  states(): Promise<readonly DeliveryState[]>;
  close(): Promise<void>;
}

export interface DeliveryState extends Outcome {
  /** As it is configured. */
  readonly name: string;
  readonly kind: 'webhook' | 'syslog';
  /** Host and port. */
  readonly address: string;
  /** Sequence of the newest row that arrived. */
  readonly deliveredSequence: number;
  /** Rows that wait. */
  readonly pending: number;
}

/** A target that is new begins with what happens from now on. */
export async function startDeliveries(options: DeliveryOptions): Promise<Deliveries> {
  const { activity, pulls, positions, now, log, node, pace } = options;
  const targets = openTargets(options);
  const couriers: Courier[] = [];

  async function stateOf({ target, ...known }: OpenTarget, newest: number): Promise<DeliveryState> {
    const deliveredSequence = Number((await positions.read(target.name)) ?? 0);
    const { outcome = neverTried } = couriers.find(({ name }) => name === target.name) ?? {};
    const { name, kind, address } = known;
    return { name, kind, address, deliveredSequence, pending: Math.max(0, newest - deliveredSequence), ...outcome };
  }

  for (const { target, refusals } of targets) {
    const sources: readonly Source[] = [activitySource(activity), ...(refusals ? [refusalSource(pulls)] : [])];
    for (const source of sources) {
      const courier = { source, target, positions, holder: node, now, log, ...(pace === undefined ? {} : { pace }) };
      await positions.begin(courierName(courier), await source.newest());
      couriers.push(startCourier(courier));
    }
  }
  return {
    lags: () => new Map(couriers.map(({ name, lag }) => [name, lag])),
    async deliveredThrough() {
      const all = await Promise.all(targets.map(({ target }) => positions.read(target.name)));
      return Math.min(Number.MAX_SAFE_INTEGER, ...all.map((position) => Number(position ?? 0)));
    },
    async states() {
      const [row] = await activity.list({ limit: 1 });
      return Promise.all(targets.map((target) => stateOf(target, row?.sequence ?? 0)));
    },
    async close() {
      await Promise.all(couriers.map((courier) => courier.close()));
      await Promise.all(targets.map(({ target }) => target.close()));
    },
  };
}

const neverTried: Outcome = { lastSuccessAt: null, lastFailureAt: null, lastError: null };

interface OpenTarget extends Pick<DeliveryState, 'name' | 'kind' | 'address'> {
  readonly target: Target;
  readonly refusals: boolean;
}

function openTargets({ configuration, guardFor, now, host }: DeliveryOptions): readonly OpenTarget[] {
  const { webhooks, syslog } = configuration;
  const targets = webhooks.map((webhook): OpenTarget => {
    const { name, url, secret, allowPrivateAddresses, refusals } = webhook;
    const guard = guardFor({ allowPrivate: allowPrivateAddresses });
    const key = signingKey(secret.reveal());
    const { hostname, port, protocol } = new URL(url);
    const address = `${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`;
    return { name, kind: 'webhook', address, target: createWebhook({ name, url, key, guard, now }), refusals };
  });
  if (syslog === undefined) return targets;
  // A receiver of logs stands in the operator's own network; metadata services stay closed.
  const guard = guardFor({ allowPrivate: true });
  const sender = { host, process: process.pid };
  const target = createSyslog({ ...syslog, guard, sender });
  const address = `${syslog.host}:${syslog.port}`;
  return [...targets, { name: 'syslog', kind: 'syslog', address, target, refusals: syslog.refusals }];
}
