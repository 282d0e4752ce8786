import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { createGroup, withCommonOptions, withRemoteOptions } from './command.ts';
import { activityActionsCommand } from './commands/activity/actions.ts';
import { activityExportCommand } from './commands/activity/export.ts';
import { activityListCommand } from './commands/activity/list.ts';
import { activityVerifyCommand } from './commands/activity/verify.ts';
import { apiCommand } from './commands/api/api.ts';
import { checkCommand } from './commands/check.ts';
import { configCheckCommand } from './commands/config/check.ts';
import { initCommand } from './commands/init.ts';
import { loginCommand } from './commands/login.ts';
import { logoutCommand } from './commands/logout.ts';
import { memberAddCommand } from './commands/member/add.ts';
import { memberListCommand } from './commands/member/list.ts';
import { memberRemoveCommand } from './commands/member/remove.ts';
import { memberRoleCommand } from './commands/member/role.ts';
import { namespaceClaimCommand } from './commands/namespace/claim.ts';
import { namespaceListCommand } from './commands/namespace/list.ts';
import { namespaceReleaseCommand } from './commands/namespace/release.ts';
import { passwordCommand } from './commands/password.ts';
import { policyPreviewCommand } from './commands/policy/preview.ts';
import { policySetCommand } from './commands/policy/set.ts';
import { policyShowCommand } from './commands/policy/show.ts';
import { pullsExportCommand } from './commands/pulls/export.ts';
import { pullsListCommand } from './commands/pulls/list.ts';
import { pullsStatisticsCommand } from './commands/pulls/statistics.ts';
import { pullsTailCommand } from './commands/pulls/tail.ts';
import { pullsVerifyCommand } from './commands/pulls/verify.ts';
import { serveCommand } from './commands/serve.ts';
import { tokenCreateCommand } from './commands/token/create.ts';
import { tokenListCommand } from './commands/token/list.ts';
import { tokenRevokeCommand } from './commands/token/revoke.ts';
import { exitCode } from './exit-code.ts';
import { usage } from './failure.ts';
import { reportError } from './report-error.ts';
import type { Cli } from './session.ts';
import type { Shell } from './shell.ts';

/** Runs one command line, given without the program's name, and gives what the process ends with. Never throws. */
export async function run(argv: readonly string[], shell: Shell): Promise<number> {
  const cli: Cli = { shell, exitCode: exitCode.ok };
  try {
    await createProgram(cli, argv).parseAsync(argv, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    return reportError(error, shell, { isVerbose: argv.includes('--verbose'), isJson: argv.includes('--json') });
  }
}

/** The command tree: as far as the command line goes into it, or all of it. */
export function createProgram(cli: Cli, argv?: readonly string[]): Command {
  const program = withCommonOptions(new Command('pullgate'))
    .description('Image access management for every container client.')
    .version(packageJson.version)
    .addHelpText('after', '\nExample:\n  $ pullgate init --org acme --owner alice && pullgate serve');
  for (const command of localCommands(cli)) {
    for (const one of everyCommand(command)) if (one.commands.length === 0) withCommonOptions(one);
    program.addCommand(command);
  }
  for (const command of remoteCommands(cli, argv)) program.addCommand(command);
  program.addCommand(helpCommand(cli));
  for (const command of everyCommand(program)) settle(command, cli.shell, argv?.includes('--json') ?? false);
  return program;
}

/** They work on the installation's data, on its own machine. */
function localCommands(cli: Cli): readonly Command[] {
  return [
    serveCommand(cli),
    initCommand(cli),
    checkCommand(cli),
    createGroup('policy', 'What an organization lets its members pull', [
      policyShowCommand(cli),
      policySetCommand(cli),
      policyPreviewCommand(cli),
    ]),
    createGroup('token', 'Access tokens: the passwords of docker login', [
      tokenCreateCommand(cli),
      tokenListCommand(cli),
      tokenRevokeCommand(cli),
    ]),
    createGroup('member', 'Who belongs to an organization', [
      memberAddCommand(cli),
      memberRemoveCommand(cli),
      memberRoleCommand(cli),
      memberListCommand(cli),
    ]),
    passwordCommand(cli),
    createGroup('namespace', 'Where an organization keeps its own images', [
      namespaceClaimCommand(cli),
      namespaceReleaseCommand(cli),
      namespaceListCommand(cli),
    ]),
    createGroup('pulls', 'What was pulled and what was refused', [
      pullsTailCommand(cli),
      pullsListCommand(cli),
      pullsExportCommand(cli),
      pullsStatisticsCommand(cli),
      pullsVerifyCommand(cli),
    ]),
    createGroup('activity', 'Who changed what', [
      activityListCommand(cli),
      activityExportCommand(cli),
      activityVerifyCommand(cli),
      activityActionsCommand(cli),
    ]),
    createGroup('config', 'The configuration of this installation', [configCheckCommand(cli)]),
  ];
}

/** They ask a gate, wherever it is. */
function remoteCommands(cli: Cli, argv: readonly string[] | undefined): readonly Command[] {
  return [withRemoteOptions(loginCommand(cli)), withRemoteOptions(logoutCommand(cli)), apiCommand(cli, argv)];
}

/** Commander's own takes one word: `help policy set` would be the help of `policy`. */
function helpCommand(cli: Cli): Command {
  return new Command('help')
    .argument('[command...]')
    .summary('Show how a command is used')
    .action((words: string[]) => {
      let command = createProgram(cli, words);
      for (const word of words) {
        const next = command.commands.find((child) => child.name() === word);
        if (next === undefined)
          throw usage(`There is no command ${words.join(' ')}. Add --help to see which there are.`);
        command = next;
      }
      command.help();
    });
}

function* everyCommand(command: Command): Iterable<Command> {
  yield command;
  for (const child of command.commands) yield* everyCommand(child);
}

/** Commander would write to the process and end it by itself. With JSON, its errors are told with all others. */
function settle(command: Command, { stdout, stderr, env }: Shell, isJson: boolean): void {
  const isColoured = (stream: Shell['stdout']) => stream.isTTY === true && !env['NO_COLOR'];
  command
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError('Add --help to see how it is used.')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => void (isJson || stderr.write(text)),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => isColoured(stdout),
      getErrHasColors: () => isColoured(stderr),
    });
}
