import { maxPullPage, pullDocument } from '@pullgate/server';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { action, type Cli, type Session } from '../../session.ts';
import { pullLines } from './line.ts';
import { type SearchOptions, scopeOf, searchOf, withSearch } from './search.ts';

interface Options extends SearchOptions {
  readonly lines: number;
}

export function pullsListCommand(cli: Cli): Command {
  const command = createCommand({
    name: 'list',
    summary: 'Find pulls, newest first',
    examples: [
      'pulls list --verdict refuse --from 7d',
      'pulls list --org acme --person alice --image nginx',
      'pulls list --category community --lines 500 --json',
    ],
    notes: [`For more than ${maxPullPage} pulls, use export.`],
  });
  return withSearch(command)
    .addOption(new Option('--lines <n>', 'how many').default(50).argParser(parseLines))
    .action(action(cli, list));
}

async function list({ options, output, withInstallation }: Session<Options>) {
  const { records, cursor } = await withInstallation(async (installation) => {
    const scope = await scopeOf(installation, options.org);
    return installation.pulls.list(scope, { ...searchOf(options), limit: options.lines });
  });
  output.result(records.map(pullDocument), (style) =>
    records.length === 0 ? 'Nothing was pulled like this.' : pullLines(style)(records).join('\n'),
  );
  if (cursor !== undefined) output.hint('There are more: raise --lines, or narrow them down.');
  return exitCode.ok;
}

function parseLines(text: string): number {
  const lines = Number(text);
  if (/^\d+$/.test(text) && lines >= 1 && lines <= maxPullPage) return lines;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${maxPullPage}.`);
}
