import type { Command } from 'commander';
import { createCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { forgetSignIn, readSignIn } from '../remote/stored-sign-in.ts';
import { action, type Cli, type Session } from '../session.ts';

export function logoutCommand(cli: Cli): Command {
  return createCommand({
    name: 'logout',
    summary: 'Forget the sign-in that pullgate login keeps',
    examples: ['logout'],
    notes: ['An access token stays valid: delete it at the gate to end it.'],
    isRemote: true,
  }).action(action(cli, logout));
}

async function logout({ shell, output }: Session<object>) {
  const stored = readSignIn(shell);
  forgetSignIn(shell);
  output.result({ url: stored?.url ?? null, username: stored?.username ?? null }, () =>
    stored === undefined ? 'Nobody was signed in.' : `The sign-in of ${stored.username} at ${stored.url} is forgotten.`,
  );
  return exitCode.ok;
}
