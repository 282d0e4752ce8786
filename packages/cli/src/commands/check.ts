import {
  type ExplainedStep,
  formatImageReference,
  imageKindLabel,
  imageKindOf,
  parseImageReference,
} from '@pullgate/policy';
import type { Installation } from '@pullgate/server';
import type { Command } from 'commander';
import { createCommand } from '../command.ts';
import { exitCode } from '../exit-code.ts';
import { oneLine } from '../output/one-line.ts';
import type { Style } from '../output/style.ts';
import { pairs, table } from '../output/table.ts';
import { action, type Cli, type Session } from '../session.ts';

interface Options {
  readonly as?: string;
}

export function checkCommand(cli: Cli): Command {
  return createCommand({
    name: 'check <image>',
    summary: 'Tell whether an image may be pulled, and why',
    examples: ['check nginx:1.27 --as alice', 'check ghcr.io/acme/web --as alice --json'],
    notes: ['Nothing is pulled and nothing is recorded. Without --as, nobody is signed in.'],
    isVerdict: true,
  })
    .option('--as <username>', 'ask for this person')
    .action(action(cli, check));
}

async function check({ options, output, withInstallation }: Session<Options>, image: string) {
  // A name that is none is wrong wherever it is asked about, also without an installation.
  parseImageReference(image);
  const judged = await withInstallation((installation) => installation.judge(image, options.as));
  output.result(toJson(options.as, judged), (style) => toText(options.as, judged, style));
  const { category, verdict } = judged.explanation.decision;
  // What an organization of the person claims is of it, whatever Docker Hub says.
  if (judged.categoryUnknown && category !== 'organization') {
    output.hint('\nDocker Hub did not tell what this image is, so it counts as community. Can the gate reach it?');
  }
  return verdict === 'allow' ? exitCode.ok : exitCode.refused;
}

type Judged = Awaited<ReturnType<Installation['judge']>>;

function toJson(person: string | undefined, { reference, question, explanation, categoryUnknown }: Judged) {
  const { decision } = explanation;
  return {
    image: formatImageReference(reference),
    repository: question.repository.name,
    person: person ?? null,
    verdict: decision.verdict,
    rule: decision.rule,
    category: kindOf(question, decision),
    categoryUnknown,
    organization: decision.organization?.name ?? null,
    policyVersion: decision.organization?.policyVersion ?? null,
    before: explanation.before,
    organizations: explanation.organizations.map(({ organization, role, decision: own, steps }) => ({
      name: organization.name,
      role,
      policyVersion: organization.policyVersion,
      verdict: own.verdict,
      rule: own.rule,
      steps,
    })),
    alternatives: explanation.alternatives,
  };
}

function toText(person: string | undefined, { reference, question, explanation }: Judged, style: Style): string {
  const { decision } = explanation;
  const { organization } = decision;
  const by = organization ? `${organization.name}, policy version ${organization.policyVersion}` : 'the gate itself';
  const parts = [
    pairs([
      ['Image', style.strong(formatImageReference(reference))],
      ['Category', imageKindLabel[kindOf(question, decision)]],
      ['Pulled by', person === undefined ? 'nobody (not signed in)' : oneLine(person)],
      ['Verdict', decision.verdict === 'allow' ? style.good('allowed') : style.bad('refused')],
      ['Decided by', by],
    ]),
    `${style.strong('The gate itself')}\n${steps(explanation.before, style)}`,
    ...explanation.organizations.map(
      (one) => `${style.strong(one.organization.name)} (${one.role})\n${steps(one.steps, style)}`,
    ),
  ];
  if (explanation.alternatives.length > 0)
    parts.push(`Allowed instead: ${explanation.alternatives.join(', ')} images.`);
  return parts.join('\n\n');
}

function kindOf({ repository }: Judged['question'], { category }: Judged['explanation']['decision']) {
  return imageKindOf({ category, repository: repository.name });
}

/** The one that won is marked; those after it did not count and are faint. */
function steps(explained: readonly ExplainedStep[], style: Style): string {
  const winner = explained.findIndex(({ won }) => won);
  const rows = explained.map(({ rule, outcome, sentence, won }, index) => {
    const late = winner !== -1 && index > winner;
    const row = [won ? '>' : ' ', rule, late ? 'not asked' : outcomeWords[outcome], oneLine(sentence)];
    return row.map((cell) => (late ? style.faint(cell) : cell));
  });
  return table(['', 'rule', 'outcome', 'why'], rows);
}

const outcomeWords = { allow: 'allow', deny: 'refuse', passed: 'next' } as const;
