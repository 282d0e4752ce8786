import type { Command } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { type FormatOptions, formatOf, withFormat, writeTo } from '../../output/export.ts';
import { withProgress } from '../../output/progress.ts';
import { action, type Cli, requireInstallation, type Session, useInstallation } from '../../session.ts';
import { type SearchOptions, scopeOf, searchOf, withSearch } from './search.ts';

type Options = SearchOptions & FormatOptions;

export function pullsExportCommand(cli: Cli): Command {
  const command = createCommand({
    name: 'export',
    summary: 'Write pull records to stdout, newest first',
    examples: [
      'pulls export > pulls.csv',
      'pulls export --format jsonl --from 2026-01-01 --to 2027-01-01 > 2026.jsonl',
      'pulls export --org acme --verdict refuse --json | jq .repository',
    ],
    notes: [
      'In CSV, a text that a spreadsheet would take for a formula has an apostrophe in front. --json is --format jsonl.',
    ],
  });
  return withFormat(withSearch(command)).action(action(cli, write));
}

async function write({ shell, options, configuration }: Session<Options>) {
  const format = formatOf(options);
  const settings = configuration();
  requireInstallation(settings, shell);
  const work = useInstallation(
    settings,
    async (installation) => {
      const scope = await scopeOf(installation, options.org);
      for await (const piece of installation.pulls.export(scope, searchOf(options), format)) {
        await writeTo(shell.stdout, piece);
      }
    },
    shell,
  );
  // Where the records themselves run over the terminal, a display would be torn apart.
  await (shell.stdout.isTTY ? work : withProgress(shell, 'Exporting pull records', work));
  return exitCode.ok;
}
