import type { Command } from 'commander';
import { createCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { pipedPassword, typedPassword } from '../password.ts';
import { action, type Cli, type Session } from '../session.ts';

interface Options {
  readonly passwordStdin?: true;
}

export function passwordCommand(cli: Cli): Command {
  return createCommand({
    name: 'password <username>',
    summary: 'Set the password with which somebody signs in to the console',
    examples: ['password alice', 'password alice --password-stdin < password.txt'],
    notes: ['It is asked for, and not shown while it is typed. At docker login, access tokens are used instead.'],
  })
    .option('--password-stdin', 'read the password from the standard input')
    .action(action(cli, setPassword));
}

async function setPassword({ shell, options, output, actor, withInstallation }: Session<Options>, username: string) {
  const password = options.passwordStdin
    ? await pipedPassword(shell, `password ${username}`)
    : await typedPassword(shell);
  await withInstallation((installation) => installation.setPassword(username, password, actor));
  output.result({ username }, () => `${username} signs in to the console with the new password from now on.`);
  return exitCode.ok;
}
