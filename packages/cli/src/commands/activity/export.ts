import { exportActivity } from '@pullgate/server';
import type { Command } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { type FormatOptions, formatOf, withFormat, writeTo } from '../../output/export.ts';
import { withProgress } from '../../output/progress.ts';
import { action, type Cli, requireInstallation, type Session, useInstallation } from '../../session.ts';
import { type FilterOptions, filterOf, withFilters } from './filter.ts';

type Options = FilterOptions & FormatOptions;

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
  return withFormat(withFilters(command)).action(action(cli, write));
}

async function write({ shell, options, configuration }: Session<Options>) {
  const format = formatOf(options);
  const settings = configuration();
  requireInstallation(settings, shell);
  const work = useInstallation(
    settings,
    async (installation) => {
      const rows = installation.administration.activity.walk(await filterOf(installation, options));
      for await (const piece of exportActivity(rows, format)) await writeTo(shell.stdout, piece);
    },
    shell,
  );
  // Where the rows themselves run over the terminal, a display would be torn apart.
  await (shell.stdout.isTTY ? work : withProgress(shell, 'Exporting the activity', work));
  return exitCode.ok;
}
