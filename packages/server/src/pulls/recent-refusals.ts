import type { PullRecord } from './pull-record.ts';

/** The last refusals, so that a refusal is shown before its record has reached the database. */
export interface RecentRefusals {
  add(record: PullRecord): void;
  byId(id: string): PullRecord | undefined;
  /** Oldest first. @param from milliseconds since 1970 */
  since(from: number): Iterable<PullRecord>;
}

export function recentRefusals(limit: number): RecentRefusals {
  const records = new Map<string, PullRecord>();
  return {
    add(record) {
      records.set(record.id, record);
      if (records.size <= limit) return;
      const { value: oldest } = records.keys().next();
      if (oldest !== undefined) records.delete(oldest);
    },
    byId: (id) => records.get(id),
    since: (from) => records.values().filter(({ at }) => at >= from),
  };
}
