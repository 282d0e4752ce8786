import { type Deliveries, type DeliveryOptions, startDeliveries } from './delivery/deliveries.ts';
import { keepRemoving, type RetentionOptions } from './retention.ts';

export interface DutyOptions extends Omit<DeliveryOptions, 'activity'> {
  readonly stores: RetentionOptions['stores'];
}

/** What goes on with the activity while a gate runs: it is delivered, and what is old is removed once it has been. */
export async function startActivityDuties(
  options: DutyOptions,
): Promise<Pick<Deliveries, 'lags' | 'states' | 'close'>> {
  const { stores, configuration, now, log } = options;
  const deliveries = await startDeliveries({ ...options, activity: stores.read.activity });
  const { retentionMs } = configuration;
  if (retentionMs === undefined) return deliveries;
  const endRemoving = keepRemoving(
    { stores, retentionMs, through: () => deliveries.deliveredThrough(), now },
    (error) => log.warn({ err: error }, 'Old activity could not be removed; it is tried again in an hour.'),
  );
  return {
    lags: () => deliveries.lags(),
    states: () => deliveries.states(),
    async close() {
      await endRemoving();
      await deliveries.close();
    },
  };
}
