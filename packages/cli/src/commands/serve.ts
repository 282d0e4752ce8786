import { once } from 'node:events';
import { startGate } from '@pullgate/server';
import type { Command } from 'commander';
import { createCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { action, type Cli, type Session } from '../session.ts';

export function serveCommand(cli: Cli): Command {
  return createCommand({
    name: 'serve',
    summary: 'Run the gate',
    examples: ['serve', 'serve --config /etc/pullgate.yaml'],
    notes: [
      'The log goes to stdout, one JSON document a line.',
      'It runs until it gets SIGINT or SIGTERM, and lets running pulls end for as long as shutdown.grace says.',
    ],
  }).action(action(cli, serve));
}

async function serve({ shell, output, configuration }: Session<object>) {
  const settings = configuration();
  const interruption = shell.interruption();
  const gate = await startGate(settings);
  output.hint(`Pullgate is ready at ${gate.url} (listening on ${settings.listen.host}, port ${gate.port}).`);
  if (gate.empty) output.hint(firstSteps(shell.program));
  if (!interruption.aborted) await once(interruption, 'abort');
  output.hint('Pullgate stops when running pulls have ended. Press Ctrl-C again not to wait for them.');
  await gate.close();
  return exitCode.ok;
}

const firstSteps = (program: string): string => `
There is no organization yet, so every pull is refused. Make the first one and its owner:

  ${program} init --org acme --owner alice
`;
