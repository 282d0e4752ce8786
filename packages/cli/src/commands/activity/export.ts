import { once } from 'node:events';
import { type ExportFormat, exportActivity, exportFormats } from '@pullgate/server';
import { type Command, Option } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { usage } from '../../failure.ts';
import { withProgress } from '../../output/progress.ts';
import { action, type Cli, requireInstallation, type Session, useInstallation } from '../../session.ts';
import type { Stream } from '../../shell.ts';
import { type FilterOptions, filterOf, withFilters } from './filter.ts';

interface Options extends FilterOptions {
  readonly format?: ExportFormat;
}

export function activityExportCommand(cli: Cli): Command {
  const command = createCommand({
    name: 'export',
    summary: 'Write the activity to stdout, oldest first',
    examples: [
      'activity export > activity.csv',
      'activity export --format jsonl --from 2026-01-01 --to 2026-12-31T23:59:59Z > 2026.jsonl',
      'activity export --org acme --json | jq .action',
    ],
    notes: [
      'In CSV, a text that a spreadsheet would take for a formula has an apostrophe in front. --json is --format jsonl.',
    ],
  });
  return withFilters(command)
    .addOption(new Option('--format <format>', 'csv (the default) or jsonl').choices(exportFormats))
    .action(action(cli, write));
}

async function write({ shell, options, configuration }: Session<Options>) {
  if (options.json && options.format === 'csv') throw usage('--json is --format jsonl. Leave one of the two out.');
  const settings = configuration();
  requireInstallation(settings, shell);
  const format = options.format ?? (options.json ? 'jsonl' : 'csv');
  const work = useInstallation(settings, async (installation) => {
    const rows = installation.administration.activity.walk(await filterOf(installation, options));
    for await (const piece of exportActivity(rows, format)) await writeTo(shell.stdout, piece);
  });
  // Where the rows themselves run over the terminal, a display would be torn apart.
  await (shell.stdout.isTTY ? work : withProgress(shell, 'Exporting the activity', work));
  return exitCode.ok;
}

async function writeTo(stream: Stream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}
