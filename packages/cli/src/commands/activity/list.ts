import { type Activity, activityDocument } from '@pullgate/server';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { oneLine } from '../../output/one-line.ts';
import type { Style } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { timeOf } from '../../output/time.ts';
import { action, type Cli, type Session } from '../../session.ts';
import { type FilterOptions, filterOf, withFilters } from './filter.ts';

interface Options extends FilterOptions {
  readonly lines: number;
  readonly before?: number;
}

const maximumLines = 1000;

export function activityListCommand(cli: Cli): Command {
  const command = createCommand({
    name: 'list',
    summary: 'Show who changed what, newest first',
    examples: [
      'activity list',
      'activity list --org acme --action org.settings.update --from 7d',
      'activity list --actor alice --json',
    ],
    notes: ['With --json, before and after are shown as well. For more than 1000 rows, use export.'],
  });
  return withFilters(command)
    .addOption(new Option('--lines <n>', 'how many').default(50).argParser(parseLines))
    .addOption(new Option('--before <row>', 'only rows older than this one').argParser(parseRow))
    .action(action(cli, list));
}

async function list({ options, output, withInstallation }: Session<Options>) {
  const { lines, before } = options;
  const { rows, names } = await withInstallation(async (installation) => {
    const { activity, organizations } = installation.administration;
    const filter = await filterOf(installation, options);
    return {
      rows: await activity.list({ ...filter, limit: lines, ...(before === undefined ? {} : { before }) }),
      names: new Map((await organizations.list()).map(({ id, name }) => [id, name])),
    };
  });
  output.result(rows.map(activityDocument), (style) =>
    rows.length === 0
      ? 'Nothing was changed.'
      : table(
          ['row', 'time', 'who', 'action', 'what', 'organization', 'from'],
          rows.map((row) => toRow(row, names, style)),
        ),
  );
  const last = rows.at(-1);
  if (last !== undefined && rows.length === lines) output.hint(`Older ones: --before ${last.sequence}`);
  return exitCode.ok;
}

function toRow(row: Activity, names: ReadonlyMap<string, string>, { faint }: Style): readonly string[] {
  const { sequence, at, actor, action: what, subject, organizationId, address } = row;
  const who = actor.kind === 'person' ? actor.name : `${actor.name} (${actor.kind})`;
  const organization = organizationId === null ? '' : (names.get(organizationId) ?? organizationId);
  return [
    String(sequence),
    faint(timeOf(at)),
    oneLine(who),
    oneLine(what),
    oneLine(subject),
    organization,
    address ?? '',
  ];
}

function parseLines(text: string): number {
  const lines = Number(text);
  if (/^\d+$/.test(text) && lines >= 1 && lines <= maximumLines) return lines;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${maximumLines}.`);
}

function parseRow(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is the number of a row.');
}
