import { imageKinds } from '@pullgate/policy';
import { InvalidInput } from '../administration-error.ts';
import type { CountedBucket, CountedPulls, CountRequest, PullQuery, PullScope, TimeRange } from './pull-query.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** By the hour over a month, by the day over a year: some 750 points, more than a chart shows. */
const spans = {
  hour: { bucket: hour, longest: 31 * day, words: '31 days' },
  day: { bucket: day, longest: 366 * day, words: '366 days' },
} as const;

export const statisticsBuckets = ['hour', 'day'] as const satisfies readonly (keyof typeof spans)[];

export interface StatisticsRequest extends TimeRange {
  /** Hours and days are those of UTC. */
  readonly bucket: (typeof statisticsBuckets)[number];
}

/**
 * How pulls went over a span of time, counted in requests with which clients begin one: an image of one platform is one
 * to three of them. Buckets and categories are complete, also where there was nothing.
 */
export interface PullStatistics extends CountedPulls {
  readonly range: TimeRange;
}

/** Images and people in a list of the most refused. */
const top = 10;

/** @throws InvalidInput when the range is empty, or too long for the bucket */
export async function pullStatistics(
  query: PullQuery,
  scope: PullScope,
  request: StatisticsRequest,
): Promise<PullStatistics> {
  const { from, until } = request;
  const { bucket, longest, words } = spans[request.bucket];
  if (until <= from) throw new InvalidInput('from', 'The beginning must be before the end.');
  if (until - from > longest) {
    throw new InvalidInput('from', `By the ${request.bucket}, at most ${words} can be counted at once.`);
  }
  const counted = await query.count(scope, { from, until, bucket, top });
  return {
    ...counted,
    range: { from, until },
    buckets: everyBucket(counted.buckets, { from, until, bucket }),
    categories: imageKinds.map(
      (category) => counted.categories.find((one) => one.category === category) ?? { category, allowed: 0, refused: 0 },
    ),
  };
}

function everyBucket(
  counted: readonly CountedBucket[],
  { from, until, bucket }: Pick<CountRequest, 'from' | 'until' | 'bucket'>,
): CountedBucket[] {
  const byStart = new Map(counted.map((one) => [one.start, one]));
  const first = Math.floor(from / bucket) * bucket;
  return Array.from({ length: Math.ceil((until - first) / bucket) }, (_, index) => {
    const start = first + index * bucket;
    return byStart.get(start) ?? { start, allowed: 0, refused: 0 };
  });
}
