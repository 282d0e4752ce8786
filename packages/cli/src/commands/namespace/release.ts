import type { Command } from 'commander';
import { chooseOrganization, organizationOption } from '../../choose-organization.ts';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { parseNamespace } from '../../namespace-name.ts';
import { action, type Cli, type Session } from '../../session.ts';

interface Options {
  readonly org?: string;
}

export function namespaceReleaseCommand(cli: Cli): Command {
  return createCommand({
    name: 'release <namespace>',
    summary: 'Give up a claimed namespace',
    examples: ['namespace release docker.io/acme --org acme'],
    notes: ['Within a second its images are judged like anybody else’s.'],
  })
    .option(...organizationOption)
    .action(action(cli, release));
}

async function release({ shell, options, output, actor, withInstallation }: Session<Options>, text: string) {
  const namespace = parseNamespace(text);
  const organization = await withInstallation(async (installation) => {
    const { name } = await chooseOrganization(installation, options.org, shell);
    await installation.administration.namespaces.release(name, namespace, actor);
    return name;
  });
  const released = `${namespace.registry}/${namespace.namespace}`;
  output.result({ organization, namespace: released, released: true }, () => `${organization} gave up ${released}.`);
  return exitCode.ok;
}
