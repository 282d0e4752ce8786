import { setTimeout as delay } from 'node:timers/promises';
import type { Installation, PullRecord } from '@pullgate/server';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { styleFor } from '../../output/style.ts';
import { action, type Cli, requireInstallation, type Session, useInstallation } from '../../session.ts';
import type { Shell } from '../../shell.ts';
import { type PullLines, pullJsonLines, pullLines } from './line.ts';
import { verdictOption } from './search.ts';

interface Options {
  readonly lines: number;
  readonly follow: boolean;
  readonly verdict?: PullRecord['verdict'];
}

const pollMilliseconds = 1000;
const pageSize = 500;
const maximumLines = 10_000;

export function pullsTailCommand(cli: Cli): Command {
  return createCommand({
    name: 'tail',
    summary: 'Show the newest pulls and wait for more',
    examples: [
      'pulls tail',
      'pulls tail --verdict refuse --lines 100 --no-follow',
      'pulls tail --json | jq .repository',
    ],
    notes: ['With --json, one document a line. A pull shows up about a second after its answer.'],
  })
    .addOption(new Option('--lines <n>', 'how many to begin with').default(20).argParser(parseLines))
    .option('--follow', 'wait for more until Ctrl-C', true)
    .option('--no-follow', 'end after the newest')
    .addOption(verdictOption())
    .action(action(cli, tail));
}

async function tail({ shell, options, configuration }: Session<Options>) {
  const lines = options.json ? pullJsonLines : pullLines(styleFor(shell.stdout, shell.env));
  const settings = configuration();
  requireInstallation(settings, shell);
  await useInstallation(settings, (installation) => show(installation.pulls, options, lines, shell), shell);
  return exitCode.ok;
}

async function show(pulls: Installation['pulls'], options: Options, lines: PullLines, shell: Shell) {
  const interruption = options.follow ? shell.interruption() : undefined;
  const filter = options.verdict === undefined ? {} : { verdict: options.verdict };
  const newest = await pulls.latest(options.lines, filter);
  for (const line of lines(newest.records.toReversed())) shell.stdout.write(`${line}\n`);
  if (newest.records.length === 0 && options.lines > 0) shell.stderr.write('Nothing was pulled like this yet.\n');
  let cursor = newest.cursor;
  while (interruption && !interruption.aborted) {
    const page = await pulls.after(cursor, pageSize, filter);
    for (const line of lines(page.records)) shell.stdout.write(`${line}\n`);
    cursor = page.cursor;
    if (page.records.length < pageSize) await delay(pollMilliseconds, undefined, { signal: interruption }).catch(ended);
  }
}

/** Ctrl-C during the wait is how it ends. */
function ended(): void {}

function parseLines(text: string): number {
  const lines = Number(text);
  if (/^\d+$/.test(text) && lines <= maximumLines) return lines;
  throw new InvalidArgumentError(`It is a whole number up to ${maximumLines}.`);
}
