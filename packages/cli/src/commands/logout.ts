import type { Command } from 'commander';
import { createCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { hasEnded } from '../remote/bearer.ts';
import { clientFor } from '../remote/connect.ts';
import { forgetSignIn, readSignIn, type StoredSignIn } from '../remote/stored-sign-in.ts';
import { action, type Cli, type Session } from '../session.ts';

export function logoutCommand(cli: Cli): Command {
  return createCommand({
    name: 'logout',
    summary: 'Forget the sign-in that pullgate login keeps',
    examples: ['logout'],
    notes: [
      'What a password began is ended at the gate, too. An access token stays valid: delete it at the gate to end it.',
    ],
    isRemote: true,
  }).action(action(cli, logout));
}

async function logout({ shell, output }: Session<object>) {
  const stored = readSignIn(shell);
  forgetSignIn(shell);
  const isOver = stored === undefined || (await endSession(stored));
  output.result({ url: stored?.url ?? null, username: stored?.username ?? null }, () =>
    stored === undefined ? 'Nobody was signed in.' : `The sign-in of ${stored.username} at ${stored.url} is forgotten.`,
  );
  if (!isOver) output.hint('It could not be ended at the gate, where it ends by itself within half an hour.');
  return exitCode.ok;
}

/** Ends what a password began; here it is forgotten either way. */
async function endSession({ url, token, bearer }: StoredSignIn): Promise<boolean> {
  if (token !== undefined || hasEnded(bearer, Date.now())) return true;
  const client = clientFor({ baseUrl: url, token: bearer });
  try {
    const current = (await client.listOwnSessions()).results.find(({ is_current }) => is_current);
    if (current) await client.endOwnSession({ params: { id: current.id } });
    return current !== undefined;
  } catch {
    return false;
  }
}
