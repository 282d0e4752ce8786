import { imageKindLabel } from '@pullgate/policy';
import type { PolicyPreview } from '@pullgate/server';
import type { Command } from 'commander';
import { chooseOrganization, organizationOption } from '../../choose-organization.ts';
import { createCommand } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { oneLine } from '../../output/one-line.ts';
import type { Style } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { timestamp } from '../../output/time.ts';
import { action, type Cli, type Session } from '../../session.ts';
import { changedPolicy, type PolicyOptions } from './change.ts';
import { checkPolicyOptions, withPolicyOptions } from './options.ts';
import { readPolicyFile } from './read-file.ts';

interface Options extends PolicyOptions {
  readonly org?: string;
  readonly file?: string;
}

export function policyPreviewCommand(cli: Cli): Command {
  const command = createCommand({
    name: 'preview',
    summary: 'Tell which pulls of the last 30 days a change of the policy would refuse or allow',
    examples: [
      'policy preview --enable',
      'policy preview --refuse community --json',
      'policy preview --file policy.yaml',
    ],
    notes: [
      'Nothing is changed. Recorded pulls are judged again by the policy in force and by the changed one, with the people',
      'and claims of today. Counted in requests with which clients begin a pull: an image is one to three of them.',
    ],
  }).option(...organizationOption);
  return withPolicyOptions(command)
    .option('--file <policy.yaml>', 'take the whole policy from a file; the other options come after it')
    .action(action(cli, preview));
}

async function preview({ shell, options, output, withInstallation }: Session<Options>) {
  checkPolicyOptions(options);
  const file = options.file === undefined ? undefined : await readPolicyFile(options.file, shell.cwd);
  const found = await withInstallation(async (installation) => {
    const organization = await chooseOrganization(installation, options.org, shell);
    const { policy } = await installation.administration.policies.current(organization.name);
    const proposed = changedPolicy(file?.policy ?? policy, options);
    return installation.pulls.preview({ organizationId: organization.id, policy: proposed });
  });
  output.result(toJson(found), (style) => toText(found, style));
  if (found.notJudged > 0) output.hint(`Not judged, of people and tokens that are gone: ${found.notJudged}`);
  return exitCode.ok;
}

function toJson({ range, ...found }: PolicyPreview) {
  return { from: timestamp(range.from), until: timestamp(range.until), ...found };
}

function toText({ requests, refused, allowed }: PolicyPreview, style: Style): string {
  const changes = [...changeText(style.bad('refused'), refused), ...changeText(style.good('allowed'), allowed)];
  const title = `Of ${requests} recorded requests of the last 30 days, ${refused.requests} would be refused that are allowed now, and ${allowed.requests} allowed that are refused now.`;
  return [title, ...changes].join('\n\n');
}

function changeText(verdict: string, { requests, peopleCount, imageCount, people, images }: PolicyPreview['refused']) {
  if (requests === 0) return [];
  const more = (all: number, shown: number) => (all > shown ? [['', `and ${all - shown} more`]] : []);
  return [
    table(
      [`${verdict}`, 'image', 'category'],
      [
        ...images.map((one) => [String(one.requests), oneLine(one.repository), imageKindLabel[one.category]]),
        ...more(imageCount, images.length),
      ],
    ),
    table(
      [`${verdict}`, 'person'],
      [
        ...people.map((one) => [String(one.requests), oneLine(one.person ?? '(nobody signed in)')]),
        ...more(peopleCount, people.length),
      ],
    ),
  ];
}
