import type { Member } from '@pullgate/server';
import type { Command } from 'commander';
import { chooseOrganization, organizationOption } from '../../choose-organization.ts';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { oneLine } from '../../output/one-line.ts';
import { table } from '../../output/table.ts';
import { timeOf, timestamp } from '../../output/time.ts';
import { action, type Cli, type Session } from '../../session.ts';

interface Options {
  readonly org?: string;
}

export function memberListCommand(cli: Cli): Command {
  return createCommand({
    name: 'list',
    summary: 'List the members of an organization',
    examples: ['member list --org acme', 'member list --org acme --json'],
  })
    .option(...organizationOption)
    .action(action(cli, list));
}

async function list({ shell, options, output, withInstallation }: Session<Options>) {
  const members = await withInstallation(async (installation) => {
    const { name } = await chooseOrganization(installation, options.org, shell);
    return installation.administration.members.list(name);
  });
  output.result(members.map(toJson), () =>
    members.length === 0
      ? 'No members.'
      : table(['username', 'name', 'e-mail', 'role', 'since', 'state'], members.map(toRow)),
  );
  return exitCode.ok;
}

function toJson({ username, name, email, role, isActive, createdAt }: Member) {
  return { username, name, email, role, isActive, since: timestamp(createdAt) };
}

function toRow({ username, name, email, role, isActive, createdAt }: Member): readonly string[] {
  return [username, oneLine(name), oneLine(email ?? ''), role, timeOf(createdAt), isActive ? 'active' : 'inactive'];
}
