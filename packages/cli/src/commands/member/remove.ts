import type { Command } from 'commander';
import { chooseOrganization, organizationOption } from '../../choose-organization.ts';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { action, type Cli, type Session } from '../../session.ts';

interface Options {
  readonly org?: string;
}

export function memberRemoveCommand(cli: Cli): Command {
  return createCommand({
    name: 'remove <username>',
    summary: 'Remove a person from an organization',
    examples: ['member remove bob --org acme'],
    notes: ['It counts within a second. The person and their tokens stay, and open nothing of the organization.'],
  })
    .option(...organizationOption)
    .action(action(cli, remove));
}

async function remove({ shell, options, output, actor, withInstallation }: Session<Options>, username: string) {
  const organization = await withInstallation(async (installation) => {
    const { name } = await chooseOrganization(installation, options.org, shell);
    await installation.administration.members.remove(name, username, actor);
    return name;
  });
  output.result(
    { organization, username, removed: true },
    () => `${username} is no member of ${organization} any more.`,
  );
  return exitCode.ok;
}
