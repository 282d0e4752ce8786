import { type ImageAccessPolicy, parseImageReference } from '@pullgate/policy';
import type { Actor, Administration, OrganizationAccount, PolicyVersion } from '@pullgate/server';
import type { Command } from 'commander';
import { chooseOrganization, organizationOption } from '../../choose-organization.ts';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { notPulledHint } from '../../not-pulled.ts';
import type { Output } from '../../output/output.ts';
import { table } from '../../output/table.ts';
import { action, type Cli, type Session } from '../../session.ts';
import { changedPolicy, notListed, type PolicyOptions } from './change.ts';
import { type Difference, differences } from './difference.ts';
import { checkPolicyOptions, onOrOff, withPolicyOptions } from './options.ts';
import { type PolicyFile, readPolicyFile } from './read-file.ts';
import { policyJson } from './show.ts';

interface Options extends PolicyOptions {
  readonly org?: string;
  readonly file?: string;
  readonly enforceSignIn?: boolean;
}

export function policySetCommand(cli: Cli): Command {
  const command = createCommand({
    name: 'set',
    summary: 'Change the policy',
    examples: [
      'policy set --enable --allow official,verified-publisher --refuse community',
      'policy set --allowlist on --add-repository bitnami/redis grafana/grafana',
      'policy set --registry-access on --add-registry ghcr.io',
      'policy set --file policy.yaml',
    ],
    notes: ['Categories: official, verified-publisher, sponsored-oss, community. A change counts within a second.'],
  }).option(...organizationOption);
  return withPolicyOptions(command)
    .addOption(onOrOff('--enforce-sign-in', 'refuse whoever is not signed in'))
    .option('--file <policy.yaml>', 'take the whole policy from a file; the other options come after it')
    .action(action(cli, set));
}

async function set({ options, output, actor, shell, configuration, withInstallation }: Session<Options>) {
  checkPolicyOptions(options);
  const file = options.file === undefined ? undefined : await readPolicyFile(options.file, shell.cwd);
  const [before, after] = await withInstallation(async (installation) => {
    const organization = await chooseOrganization(installation, options.org, shell);
    return change(installation.administration, organization, options, file, actor);
  });
  const changes = differences(
    { policy: before.version.policy, enforceSignIn: before.organization.enforceSignIn },
    { policy: after.version.policy, enforceSignIn: after.organization.enforceSignIn },
  );
  report(before, after, changes, output);
  for (const sentence of notListedHints(file?.policy ?? before.version.policy, options)) {
    output.hint(`${sentence} See ${shell.program} policy show --org ${after.organization.name}`);
  }
  const hint = notPulledHint(newRegistries(before.version.policy, after.version.policy), configuration());
  if (hint) output.hint(hint);
  return exitCode.ok;
}

/** Whoever misspells a name would believe that it is off the list now. */
function notListedHints(policy: ImageAccessPolicy, options: PolicyOptions): readonly string[] {
  const { repositories, registries } = notListed(policy, options);
  return [
    ...(repositories.length > 0 ? [`Not on the allowlist: ${repositories.join(', ')}.`] : []),
    ...(registries.length > 0 ? [`Not among the registries: ${registries.join(', ')}.`] : []),
  ];
}

/** Those that the change opens, or of which it opens a repository. */
function newRegistries(before: ImageAccessPolicy, after: ImageAccessPolicy): ReadonlySet<string> {
  const repositories = [...after.allowlist.repositories.difference(before.allowlist.repositories)];
  return after.registryAccess.registries
    .difference(before.registryAccess.registries)
    .union(new Set(repositories.map((name) => parseImageReference(name).repository.registry)));
}

interface State {
  readonly organization: OrganizationAccount;
  readonly version: PolicyVersion;
}

async function change(
  { organizations, policies }: Administration,
  organization: OrganizationAccount,
  options: Options,
  file: PolicyFile | undefined,
  actor: Actor,
): Promise<readonly [before: State, after: State]> {
  const current = await policies.current(organization.name);
  const policy = changedPolicy(file?.policy ?? current.policy, options);
  const update = { policy, expectedVersion: current.version };
  const version = await policies.set(organization.name, update, actor);
  const enforceSignIn = options.enforceSignIn ?? file?.enforceSignIn;
  const changed =
    enforceSignIn === undefined
      ? organization
      : await organizations.setEnforceSignIn(organization.name, enforceSignIn, actor);
  return [
    { organization, version: current },
    { organization: changed, version },
  ];
}

function report(before: State, after: State, changes: readonly Difference[], output: Output): void {
  const { organization, version } = after;
  const document = { ...policyJson(organization, version), previousVersion: before.version.version, changes };
  output.result(document, ({ strong }) => {
    if (changes.length === 0)
      return `Nothing to change: ${organization.name} stays at policy version ${version.version}.`;
    const rows = changes.map((one) => [one.setting, one.before, '->', one.after]);
    // Whether sign-in is enforced is the organization's, not the policy's: no version is made of it.
    const isNew = version.version !== before.version.version;
    const title = isNew ? `is at policy version ${version.version} now.` : 'is changed.';
    return `${strong(organization.name)} ${title}\n\n${table(['setting', 'before', '', 'now'], rows)}`;
  });
  for (const hint of hints(version.policy, changes)) output.hint(hint);
}

/** What was set but does not count while something else is off. */
function hints({ enabled, allowlist, registryAccess }: ImageAccessPolicy, changes: readonly Difference[]): string[] {
  const touched = (...settings: string[]) => changes.some(({ setting }) => settings.includes(setting));
  const isImage = ({ setting }: Difference) => setting.endsWith(' images');
  const found: string[] = [];
  if (!enabled && changes.some(isImage)) found.push('Image access management is off: --enable switches it on.');
  if (!allowlist.enabled && touched('Allowlist')) found.push('The allowlist is off: --allowlist on lets it count.');
  if (!registryAccess.enabled && touched('Registries', 'Docker Hub')) {
    found.push('Registry access is off: --registry-access on lets the list count.');
  }
  return found;
}
