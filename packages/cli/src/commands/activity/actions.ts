import { listActions } from '@pullgate/server';
import type { Command } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { table } from '../../output/table.ts';
import { action, type Cli, type Session } from '../../session.ts';

export function activityActionsCommand(cli: Cli): Command {
  return createCommand({
    name: 'actions',
    summary: 'List what the activity can tell of',
    examples: ['activity actions', 'activity actions --json'],
  }).action(action(cli, list));
}

async function list({ output }: Session<object>) {
  const groups = listActions();
  const rows = Object.entries(groups).flatMap(([group, { actions }]) =>
    actions.map(({ name, description }) => [`${group}.${name}`, description] as const),
  );
  output.result(groups, () => table(['action', 'what happened'], rows));
  return exitCode.ok;
}
