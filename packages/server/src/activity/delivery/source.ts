import { pullDocument } from '../../pulls/export.ts';
import type { PullRecord } from '../../pulls/pull-record.ts';
import type { Activity } from '../activity.ts';
import type { ActivityStore } from '../activity-log.ts';
import { activityDocument } from '../export.ts';
import type { Event } from './target.ts';

/** Where events come from, in the order in which they happened. Positions are the source's own words. */
export interface Source {
  readonly name: 'activity' | 'refusals';
  /** Where a new target begins: with what comes next. */
  newest(): Promise<string>;
  /** What comes behind a position, at most `limit`. The new position counts although nothing was found. */
  after(position: string, limit: number): Promise<{ readonly events: readonly Event[]; readonly position: string }>;
}

/** The activity. A position is the sequence of the last row. */
export function activitySource(store: Pick<ActivityStore, 'list'>): Source {
  return {
    name: 'activity',
    async newest() {
      const [row] = await store.list({ limit: 1 });
      return String(row?.sequence ?? 0);
    },
    async after(position, limit) {
      const rows = (await store.list({ after: Number(position), limit })).toReversed();
      return { events: rows.map(activityEvent), position: String(rows.at(-1)?.sequence ?? position) };
    },
  };
}

function activityEvent(row: Activity): Event {
  // An installation that is restored from a backup gives the same numbers again, but to other rows.
  const id = `activity-${row.sequence}-${row.hash.slice(0, 16)}`;
  return { id, type: row.action, at: row.at, document: activityDocument(row) };
}

/** As much of the pull records as it takes. */
export interface RefusalReader {
  latest(limit: number, filter: { readonly verdict: 'deny' }): Promise<Page>;
  after(cursor: string, limit: number, filter: { readonly verdict: 'deny' }): Promise<Page>;
}

interface Page {
  readonly records: readonly PullRecord[];
  readonly cursor: string;
}

const refused = { verdict: 'deny' } as const;

/** The pulls that were refused. A position is the reader's cursor. */
export function refusalSource(pulls: RefusalReader): Source {
  return {
    name: 'refusals',
    newest: async () => (await pulls.latest(1, refused)).cursor,
    async after(position, limit) {
      const { records, cursor } = await pulls.after(position, limit, refused);
      return { events: records.map(refusalEvent), position: cursor };
    },
  };
}

function refusalEvent(record: PullRecord): Event {
  return { id: `pull-${record.id}`, type: 'pull.refused', at: record.at, document: pullDocument(record) };
}
