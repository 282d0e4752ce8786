import { type Role, roles } from '@pullgate/policy';
import { AlreadyExists } from '@pullgate/server';
import { type Command, Option } from 'commander';
import { chooseOrganization, organizationOption } from '../../choose-organization.ts';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import { ensurePerson } from '../../people.ts';
import { action, type Cli, type Session } from '../../session.ts';

interface Options {
  readonly org?: string;
  readonly role: Role;
  readonly email?: string;
}

export function memberAddCommand(cli: Cli): Command {
  return createCommand({
    name: 'add <username>',
    summary: 'Add a person to an organization',
    examples: ['member add bob --org acme', 'member add carol --org acme --role owner --email carol@acme.example'],
    notes: ['Somebody who is not known yet becomes known. Give them a token next: pullgate token create --user bob'],
  })
    .option(...organizationOption)
    .addOption(new Option('--role <role>', 'what they may do there').choices(roles).default('member'))
    .option('--email <address>', 'e-mail address of a new person')
    .action(action(cli, add));
}

async function add({ shell, options, output, actor, withInstallation }: Session<Options>, username: string) {
  const { role, email } = options;
  const { organization, isNew } = await withInstallation(async (installation) => {
    const { administration } = installation;
    const { name } = await chooseOrganization(installation, options.org, shell);
    const person = { username, ...(email !== undefined && { email }) };
    const isNewPerson = await ensurePerson(administration, person, actor);
    await administration.members.add(name, { username, role }, actor).catch((error: unknown) => {
      if (!(error instanceof AlreadyExists)) throw error;
      const command = `${shell.program} member role ${username} ${role} --org ${name}`;
      throw new Failure(error.message.replace(/\.$/, `: ${command}`));
    });
    return { organization: name, isNew: isNewPerson };
  });
  output.result(
    { organization, username, role, isNew },
    () => `${username} is a member of ${organization} now, as ${role}.`,
  );
  if (isNew) output.hint(`${username} is new here and needs a token: ${shell.program} token create --user ${username}`);
  return exitCode.ok;
}
