import { imageKindLabel } from '@pullgate/policy';
import { type PullStatistics, type StatisticsRequest, statisticsBuckets } from '@pullgate/server';
import { type Command, Option } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { momentOption, requireSpan } from '../../moment.ts';
import { oneLine } from '../../output/one-line.ts';
import type { Style } from '../../output/style.ts';
import { pairs, table } from '../../output/table.ts';
import { timeOf, timestamp } from '../../output/time.ts';
import { action, type Cli, type Session } from '../../session.ts';
import { scopeOf } from './search.ts';

interface Options {
  readonly org?: string;
  readonly by: StatisticsRequest['bucket'];
  readonly from?: number;
  readonly to?: number;
}

const week = 7 * 24 * 3_600_000;

export function pullsStatisticsCommand(cli: Cli): Command {
  return createCommand({
    name: 'statistics',
    summary: 'Count pulls over time, by category, and the most refused images and people',
    examples: [
      'pulls statistics',
      'pulls statistics --org acme --from 30d',
      'pulls statistics --by hour --from 1d --json',
    ],
    notes: [
      'Counted in requests with which clients begin a pull: an image is one to three of them. Times are UTC. By the hour',
      'at most 31 days, by the day at most 366.',
    ],
  })
    .option('--org <name>', 'only what this organization decided (default: everything)')
    .addOption(new Option('--by <span>', 'what to count by').choices(statisticsBuckets).default('day'))
    .addOption(momentOption('--from <time>', 'from then on: 2026-11-01, 2026-11-01T08:00:00Z, or 7d (the default)'))
    .addOption(momentOption('--to <time>', 'until then (default: now)'))
    .action(action(cli, statistics));
}

async function statistics({ options, output, withInstallation }: Session<Options>) {
  const { to: until = Date.now(), from = until - week, by: bucket } = options;
  requireSpan(from, until);
  const counted = await withInstallation(async (installation) =>
    installation.pulls.statistics(await scopeOf(installation, options.org), { from, until, bucket }),
  );
  output.result(toJson(counted), (style) => toText(counted, bucket, style));
  return exitCode.ok;
}

function toJson({ range, buckets, ...counted }: PullStatistics) {
  return {
    from: timestamp(range.from),
    until: timestamp(range.until),
    ...counted,
    buckets: buckets.map((one) => ({ ...one, start: timestamp(one.start) })),
  };
}

/** A day, or the minute in which an hour begins. */
function startOf(milliseconds: number, bucket: Options['by']): string {
  return bucket === 'day' ? timeOf(milliseconds).slice(0, 10) : timeOf(milliseconds).replace(/:00Z$/, 'Z');
}

function toText(counted: PullStatistics, bucket: Options['by'], { strong }: Style): string {
  const { range, allowed, refused, stale, buckets, categories, images, people } = counted;
  const times = buckets.map((one) => [startOf(one.start, bucket), String(one.allowed), String(one.refused)]);
  const parts = [
    pairs([
      ['From', timeOf(range.from)],
      ['Until', timeOf(range.until)],
      ['Allowed', strong(String(allowed))],
      ['Refused', strong(String(refused))],
      ['Stale', String(stale)],
    ]),
    table([bucket, 'allowed', 'refused'], times),
    table(
      ['category', 'allowed', 'refused'],
      categories.map((one) => [imageKindLabel[one.category], String(one.allowed), String(one.refused)]),
    ),
  ];
  if (images.length > 0) {
    const rows = images.map((one) => [oneLine(one.repository), imageKindLabel[one.category], String(one.refused)]);
    parts.push(table(['image', 'category', 'refused'], rows));
  }
  if (people.length > 0) {
    const rows = people.map(({ person, refused: times }) => [oneLine(person ?? '(nobody signed in)'), String(times)]);
    parts.push(table(['person', 'refused'], rows));
  }
  return parts.join('\n\n');
}
