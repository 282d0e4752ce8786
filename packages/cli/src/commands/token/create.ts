import {
  type AccessToken,
  type Actor,
  type Administration,
  type PersonalScope,
  parseDuration,
  personalScopes,
} from '@pullgate/server';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { usage } from '../../failure.ts';
import { timeOf, timestamp } from '../../output/time.ts';
import { action, type Cli, type Session } from '../../session.ts';
import { type HolderOptions, holderOf, holderOptions, type TokenHolder } from '../../token-holder.ts';

interface Options extends HolderOptions {
  readonly label: string;
  readonly scope?: PersonalScope;
  readonly resource?: readonly string[];
  /** Milliseconds. */
  readonly expires?: number;
  readonly quiet?: true;
}

export function tokenCreateCommand(cli: Cli): Command {
  const [user, org] = holderOptions;
  return createCommand({
    name: 'create',
    summary: 'Make an access token; it is shown this once',
    examples: [
      'token create --user alice --label laptop --expires "90 days"',
      'token create --org acme --label ci --resource "acme/*"',
      'token create --user alice --label ci --quiet > token.txt',
    ],
    notes: [
      'The token goes to stdout, everything else to stderr.',
      'While image access management is on, pulls with an organization token are refused: use a personal one.',
    ],
  })
    .addOption(user)
    .addOption(org)
    .option('--label <text>', 'what the token is for', 'command line')
    .addOption(
      new Option(
        '--scope <scope>',
        'what a personal token may do; each includes those before it (default: repo:read)',
      ).choices(personalScopes),
    )
    .option('--resource <names...>', "what an organization's token may pull: acme/web, acme/*, */*/public")
    .addOption(new Option('--expires <time>', 'how long it is good for (default: for ever)').argParser(parseExpiry))
    .option('--quiet', 'print nothing but the token')
    .action(action(cli, create));
}

async function create({ options, output, actor, shell, withInstallation }: Session<Options>) {
  const holder = holderOf(options);
  const { token, secret, isRefused } = await withInstallation(async ({ administration }) => ({
    ...(await issue(administration, holder, options, actor)),
    isRefused: await refusesTokens(administration, holder),
  }));
  const { id, label, expiresAt } = token;
  const document = { id, label, token: secret, expiresAt: expiresAt === null ? null : timestamp(expiresAt) };
  output.result(document, () => secret);
  if (!options.quiet) {
    const until = expiresAt === null ? 'for ever' : `until ${timeOf(expiresAt)}`;
    const name = holder.kind === 'person' ? holder.username : holder.name;
    const where = shell.stdout.isTTY ? 'above' : 'on stdout';
    output.hint(`\nThe token ${where} is shown this once, and good ${until}. Its id is ${id}.`);
    output.hint(`Sign in with the user name ${name} and the token as the password.`);
    if (isRefused) {
      output.hint(
        `Image access management of ${name} is on: pulls with this token are refused. Make one of a person: ${shell.program} token create --user <username>`,
      );
    }
  }
  return exitCode.ok;
}

async function issue(
  administration: Administration,
  holder: TokenHolder,
  options: Options,
  actor: Actor,
): Promise<{ readonly token: AccessToken; readonly secret: string }> {
  const { label, scope, resource = [], expires } = options;
  const token = { label, expiresAt: expires === undefined ? null : Date.now() + expires };
  if (holder.kind === 'person') {
    if (resource.length > 0) throw usage('--resource limits a token of an organization. A person has --scope.');
    return administration.personalTokens.create(holder.username, { ...token, scopes: [scope ?? 'repo:read'] }, actor);
  }
  if (scope !== undefined) throw usage('--scope limits a token of a person. An organization has --resource.');
  if (resource.length === 0) throw usage('Say what the token may pull, such as --resource "acme/*".');
  const scopes = ['scope-image-pull'];
  const resources = resource.map((path) => ({ type: 'TYPE_REPO' as const, path, scopes }));
  return administration.organizationTokens.create(holder.name, { ...token, resources }, actor);
}

/** Whether the policy refuses every pull with a token of this one. */
async function refusesTokens({ policies }: Administration, holder: TokenHolder): Promise<boolean> {
  return holder.kind === 'organization' && (await policies.current(holder.name)).policy.enabled;
}

function parseExpiry(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
  throw new InvalidArgumentError('It is a time with its unit, such as 12h or "90 days".');
}
