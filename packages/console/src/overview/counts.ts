import type { PullStatisticsBody } from '@pullgate/contract';
import type { Period } from './overview-search.ts';

/** How many pulls of something were allowed and refused. */
export interface Counts {
  readonly label: string;
  readonly allowed: number;
  readonly refused: number;
}

const hourMs = 3_600_000;
const days: Readonly<Record<Exclude<Period, 'day'>, number>> = { week: 7, month: 30 };

const hour = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/**
 * When a period begins: 24 hours that end with the one that is running, or whole days of the viewer's zone that end with
 * today. The same for an hour, so that what was asked for once need not be asked for again.
 *
 * @param now milliseconds since 1970
 */
export function beginningOf(period: Period, now: number): Date {
  if (period === 'day') return new Date(Math.floor(now / hourMs) * hourMs - 23 * hourMs);
  const today = new Date(now);
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - days[period] + 1);
}

/** By the hour over a day, by the viewer's days over anything longer: the server's days are those of UTC. */
export function countsOverTime(series: PullStatisticsBody['series'], period: Period): Counts[] {
  const format = period === 'day' ? hour : date;
  const byLabel = new Map<string, Counts>();
  for (const { at, allowed, refused } of series) {
    const label = format.format(new Date(at));
    const known = byLabel.get(label) ?? { label, allowed: 0, refused: 0 };
    byLabel.set(label, { label, allowed: known.allowed + allowed, refused: known.refused + refused });
  }
  return [...byLabel.values()];
}

/** `37 %`; nothing of nothing is no share at all. */
export function share(part: number, whole: number): string | undefined {
  return whole === 0 ? undefined : percent.format(part / whole);
}

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
