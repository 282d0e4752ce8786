import type { PositionStore } from '../activity/delivery/positions.ts';
import type { Database } from './schema.ts';

export function openPositionStore(database: Database): PositionStore {
  return {
    async begin(target, position) {
      await database
        .insertInto('deliveries')
        .values({ target, position, holder: '', held_until: 0 })
        .onConflict((conflict) => conflict.column('target').doNothing())
        .execute();
    },
    async hold(target, holder, now, until) {
      const row = await database
        .updateTable('deliveries')
        .set({ holder, held_until: until })
        .where('target', '=', target)
        .where((is) => is.or([is('holder', '=', holder), is('held_until', '<', now)]))
        .returning('position')
        .executeTakeFirst();
      return row?.position;
    },
    async save(target, holder, position) {
      await database
        .updateTable('deliveries')
        .set({ position })
        .where('target', '=', target)
        .where('holder', '=', holder)
        .execute();
    },
    async read(target) {
      const row = await database
        .selectFrom('deliveries')
        .select('position')
        .where('target', '=', target)
        .executeTakeFirst();
      return row?.position;
    },
  };
}
