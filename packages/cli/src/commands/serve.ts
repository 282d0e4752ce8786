import { once } from 'node:events';
import { type Configuration, type Gate, startGate } from '@pullgate/server';
import type { Command } from 'commander';
import { createCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';
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
  const gate = await start(settings);
  output.hint(`Pullgate is ready at ${gate.url} (listening on ${settings.listen.host}, port ${gate.port}).`);
  if (gate.empty) output.hint(firstSteps(shell.program, gate.setUpLink));
  if (!interruption.aborted) await once(interruption, 'abort');
  const seconds = settings.shutdown.graceMs / 1000;
  output.hint(`Pullgate lets running pulls end, for ${seconds} s at most. Press Ctrl-C again not to wait for them.`);
  await gate.close();
  output.hint('Pullgate has stopped.');
  return exitCode.ok;
}

async function start(settings: Configuration): Promise<Gate> {
  try {
    return await startGate(settings);
  } catch (error) {
    throw tlsFailure(settings, error) ?? error;
  }
}

/** Of all files that the gate opens, only those of TLS must be there before, and somebody else's program made them. */
function tlsFailure({ tls }: Configuration, error: unknown): Failure | undefined {
  if (tls === undefined || !(error instanceof Error && 'code' in error)) return undefined;
  const { certificate, key } = tls;
  if (String(error.code).startsWith('ERR_OSSL_')) {
    const reason = error.message.slice(error.message.lastIndexOf(':') + 1);
    return new Failure(
      `The certificate ${certificate} cannot be used with the key ${key}: ${reason}. Change tls.certificate and tls.key.`,
    );
  }
  if (error.code !== 'ENOENT' || !('path' in error)) return undefined;
  const wrong = (['certificate', 'key'] as const).find((one) => tls[one] === error.path);
  return wrong && new Failure(`There is no ${tls[wrong]}. Change tls.${wrong} or PULLGATE_TLS_${wrong.toUpperCase()}.`);
}

function firstSteps(program: string, link: string | undefined): string {
  const inBrowser = link === undefined ? '' : `\nOr in a browser, by this link, within a day and once:\n\n  ${link}\n`;
  return `
There is no organization yet, so every pull is refused. Make the first one and its owner:

  ${program} init --org acme --owner alice
${inBrowser}`;
}
