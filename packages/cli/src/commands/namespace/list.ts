import type { NamespaceClaim } from '@pullgate/server';
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

export function namespaceListCommand(cli: Cli): Command {
  return createCommand({
    name: 'list',
    summary: 'List the namespaces that an organization claims',
    examples: ['namespace list --org acme'],
  })
    .option(...organizationOption)
    .action(action(cli, list));
}

async function list({ shell, options, output, withInstallation }: Session<Options>) {
  const claims = await withInstallation(async (installation) => {
    const { name } = await chooseOrganization(installation, options.org, shell);
    return installation.administration.namespaces.list(name);
  });
  output.result(claims.map(toJson), () =>
    claims.length === 0 ? 'No namespaces.' : table(['namespace', 'claimed', 'by'], claims.map(toRow)),
  );
  return exitCode.ok;
}

function toJson({ registry, namespace, claimedAt, claimedBy }: NamespaceClaim) {
  return { namespace: `${registry}/${namespace}`, claimedAt: timestamp(claimedAt), claimedBy };
}

function toRow({ registry, namespace, claimedAt, claimedBy }: NamespaceClaim): readonly string[] {
  return [`${registry}/${namespace}`, timeOf(claimedAt), oneLine(claimedBy)];
}
