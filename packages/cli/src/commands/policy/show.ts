import { type OrganizationAccount, type PolicyVersion, policyToDocument } from '@pullgate/server';
import type { Command } from 'commander';
import { chooseOrganization, organizationOption } from '../../choose-organization.ts';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { oneLine } from '../../output/one-line.ts';
import type { Style } from '../../output/style.ts';
import { pairs } from '../../output/table.ts';
import { timeOf, timestamp } from '../../output/time.ts';
import { action, type Cli, type Session } from '../../session.ts';
import { switchesOf } from './difference.ts';

interface Options {
  readonly org?: string;
}

export function policyShowCommand(cli: Cli): Command {
  return createCommand({
    name: 'show',
    summary: 'Show the policy in force',
    examples: ['policy show --org acme', 'policy show --org acme --json'],
    notes: ['What --json prints can be given back with: pullgate policy set --file'],
  })
    .option(...organizationOption)
    .action(action(cli, show));
}

async function show({ shell, options, output, withInstallation }: Session<Options>) {
  const [organization, version] = await withInstallation(async (installation) => {
    const chosen = await chooseOrganization(installation, options.org, shell);
    return [chosen, await installation.administration.policies.current(chosen.name)] as const;
  });
  output.result(policyJson(organization, version), (style) => policyText(organization, version, style));
  return exitCode.ok;
}

export function policyJson(organization: OrganizationAccount, version: PolicyVersion) {
  return {
    organization: organization.name,
    version: version.version,
    changedAt: timestamp(version.changedAt),
    changedBy: version.changedBy,
    enforceSignIn: organization.enforceSignIn,
    policy: policyToDocument(version.policy),
  };
}

function policyText(organization: OrganizationAccount, version: PolicyVersion, style: Style): string {
  const { policy } = version;
  const changed = `changed ${timeOf(version.changedAt)} by ${oneLine(version.changedBy)}`;
  const switches = switchesOf({ policy, enforceSignIn: organization.enforceSignIn });
  return [
    `${style.strong(organization.name)}  policy version ${version.version}, ${changed}`,
    '',
    pairs(Object.entries(switches).map(([name, value]) => [name, coloured(value, style)])),
    ...names('On the allowlist', policy.allowlist.repositories),
    ...names('Allowed registries besides Docker Hub', policy.registryAccess.registries),
  ].join('\n');
}

function coloured(value: string, { good, bad, faint }: Style): string {
  if (value === 'off') return faint(value);
  return value === 'refused' ? bad(value) : good(value);
}

function names(title: string, listed: ReadonlySet<string>): readonly string[] {
  return listed.size === 0 ? [] : ['', `${title}:`, ...[...listed].sort().map((name) => `  ${name}`)];
}
