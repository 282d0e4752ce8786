import { type Role, roles } from '@pullgate/policy';
import { Argument, type Command } from 'commander';
import { chooseOrganization, organizationOption } from '../../choose-organization.ts';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { action, type Cli, type Session } from '../../session.ts';

interface Options {
  readonly org?: string;
}

export function memberRoleCommand(cli: Cli): Command {
  return createCommand({
    name: 'role <username>',
    summary: 'Change what a member may do',
    examples: ['member role bob owner --org acme'],
    notes: [`Roles: ${roles.join(', ')}. Image access management does not hold for owners.`],
  })
    .addArgument(new Argument('<role>').choices(roles))
    .option(...organizationOption)
    .action(action(cli, changeRole));
}

async function changeRole(
  { shell, options, output, actor, withInstallation }: Session<Options>,
  username: string,
  role: Role,
) {
  const organization = await withInstallation(async (installation) => {
    const { name } = await chooseOrganization(installation, options.org, shell);
    await installation.administration.members.changeRole(name, username, role, actor);
    return name;
  });
  output.result({ organization, username, role }, () => `${username} is ${role} of ${organization} now.`);
  return exitCode.ok;
}
