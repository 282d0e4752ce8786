import type { Actor, Administration, Configuration } from '@pullgate/server';
import type { Command } from 'commander';
import { createCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';
import { pipedPassword } from '../password.ts';
import { isKnown, requireNoEmail } from '../people.ts';
import { action, type Cli, type Session } from '../session.ts';

interface Options {
  readonly org: string;
  readonly owner: string;
  readonly email?: string;
  readonly passwordStdin?: true;
}

export function initCommand(cli: Cli): Command {
  return createCommand({
    name: 'init',
    summary: 'Make an organization, its owner, and the owner’s first access token',
    examples: ['init --org acme --owner alice', 'init --org acme --owner alice --email alice@acme.example'],
    notes: ['The token is shown this once.'],
  })
    .requiredOption('--org <name>', 'name of the organization (required)')
    .requiredOption('--owner <username>', 'user name of the owner; a new person, unless there is one (required)')
    .option('--email <address>', 'e-mail address of a new owner')
    .option('--password-stdin', 'read the owner’s password for the console from the standard input')
    .action(action(cli, init));
}

async function init({ shell, options, output, actor, configuration, withInstallation }: Session<Options>) {
  const { url } = configuration();
  const password = options.passwordStdin
    ? await pipedPassword(shell, `init --org ${options.org} --owner ${options.owner}`)
    : undefined;
  const secret = await withInstallation(
    async (installation) => {
      // Making an organization must not change how somebody signs in who is here already.
      if (password !== undefined && (await isKnown(installation.administration, options.owner))) {
        throw new Failure(
          `${options.owner} is here already. Set the password: ${shell.program} password ${options.owner}`,
        );
      }
      const made = await makeOrganization(installation.administration, options, actor, shell.program);
      if (password !== undefined) await installation.setPassword(options.owner, password, actor);
      return made;
    },
    { mayBeNew: true },
  );
  output.result({ organization: options.org, owner: options.owner, token: secret, url }, ({ strong }) =>
    [
      `Organization ${strong(options.org)} with its owner ${strong(options.owner)} is there.`,
      '',
      `Access token of ${options.owner}, shown this once:`,
      '',
      `  ${strong(secret)}`,
      '',
      ...nextSteps(url, options, shell.program, password !== undefined),
    ].join('\n'),
  );
  return exitCode.ok;
}

async function makeOrganization(
  administration: Administration,
  { org, owner, email }: Options,
  actor: Actor,
  program: string,
) {
  const { organizations, personalTokens } = administration;
  const person = { username: owner, ...(email !== undefined && { email }) };
  if ((await organizations.list()).some(({ name }) => name === org)) {
    throw new Failure(`${org} exists already. Add people to it: ${program} member add <username> --org ${org}`);
  }
  if (await isKnown(administration, owner)) requireNoEmail(person);
  await organizations.createWithOwner({ name: org }, person, actor);
  const token = { label: 'Made by pullgate init', scopes: ['repo:admin'] as const };
  return (await personalTokens.create(owner, token, actor)).secret;
}

function nextSteps(
  url: Configuration['url'],
  { org, owner }: Options,
  program: string,
  hasPassword: boolean,
): readonly string[] {
  const { host } = new URL(url);
  return [
    'What comes next:',
    `  1. Run the gate, unless it runs:          ${program} serve`,
    `  2. Sign in, with the token as password:   docker login ${host} --username ${owner}`,
    `  3. Say where your own images are:         ${program} namespace claim docker.io/${org} --org ${org}`,
    `  4. Switch image access management on:     ${program} policy set --enable --org ${org}`,
    `  5. Let somebody in, as owners are exempt: ${program} member add bob --org ${org}`,
    `     and see what members may pull:         ${program} check nginx --as bob`,
    `  6. Pull through the gate:                 docker pull ${host}/library/nginx`,
    `  7. Manage all this in a browser:          ${url}/console/`,
    ...(hasPassword ? [] : [`     with a password for it:                ${program} password ${owner}`]),
  ];
}
