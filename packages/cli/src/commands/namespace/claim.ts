import type { Command } from 'commander';
import { chooseOrganization, organizationOption } from '../../choose-organization.ts';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { parseNamespace } from '../../namespace-name.ts';
import { notPulledHint } from '../../not-pulled.ts';
import { action, type Cli, type Session } from '../../session.ts';

interface Options {
  readonly org?: string;
}

export function namespaceClaimCommand(cli: Cli): Command {
  return createCommand({
    name: 'claim <namespace>',
    summary: "Make a registry's namespace an organization's own",
    examples: ['namespace claim docker.io/acme --org acme', 'namespace claim ghcr.io/acme --org acme'],
    notes: ['Its members may pull everything in it, whatever the policy: claim only what the organization controls.'],
  })
    .option(...organizationOption)
    .action(action(cli, claim));
}

async function claim(session: Session<Options>, text: string) {
  const { shell, options, output, actor, configuration, withInstallation } = session;
  const namespace = parseNamespace(text);
  const organization = await withInstallation(async (installation) => {
    const { name } = await chooseOrganization(installation, options.org, shell);
    await installation.administration.namespaces.claim(name, namespace, actor);
    return name;
  });
  const claimed = `${namespace.registry}/${namespace.namespace}`;
  output.result({ organization, namespace: claimed }, () => `${claimed} belongs to ${organization} now.`);
  const hint = notPulledHint([namespace.registry], configuration());
  if (hint) output.hint(hint);
  return exitCode.ok;
}
