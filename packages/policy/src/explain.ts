import { type Category, categories, categoryLabel } from './category.ts';
import { decide, judge } from './decide.ts';
import type { Decision, Question, Rule } from './decision.ts';
import { tellBefore, tellStep } from './explain-wording.ts';
import type { Membership, Organization, Role } from './principal.ts';
import { dockerHub } from './reference/registry.ts';
import { type Answer, belongsNowhere, categorySwitch, earlySteps, type Pull, pullOf, stepsFor } from './steps.ts';

/** What one step says, asked on its own. Only the first that does not pass counts. */
export interface ExplainedStep {
  readonly rule: Rule;
  readonly outcome: 'allow' | 'deny' | 'passed';
  readonly sentence: string;
  /** It was the first to answer: the steps after it did not count. */
  readonly won: boolean;
}

export interface OrganizationExplanation {
  readonly organization: Organization;
  readonly role: Role;
  /** This organization's own judgement. One refusal among all refuses. */
  readonly decision: Decision;
  /** In the order in which they are asked. */
  readonly steps: readonly ExplainedStep[];
}

/** Why a decision is what it is, for people: the same steps in the same order, each with what it says. */
export interface Explanation {
  /** Exactly what `decide` answers to the same question. */
  readonly decision: Decision;
  /** What is asked before any organization. */
  readonly before: readonly ExplainedStep[];
  /** Every organization that judges, also after a refusal. Empty when the pull was refused before. */
  readonly organizations: readonly OrganizationExplanation[];
  /** Labels of the categories of Docker Hub images that this principal may pull instead. Empty when the pull is allowed. */
  readonly alternatives: readonly string[];
}

export function explain(question: Question): Explanation {
  const pull = pullOf(question);
  const decision = decide(question);
  const before = explainBefore(pull);
  const turnedAway = before.some((step) => step.won);
  return {
    decision,
    before,
    organizations: turnedAway ? [] : pull.judges.map((membership) => explainOrganization(pull, membership)),
    alternatives: decision.verdict === 'allow' ? [] : alternativesTo(pull),
  };
}

function explainBefore(pull: Pull): readonly ExplainedStep[] {
  const asked = earlySteps.map((step) => ({ rule: step.rule, answer: step.ask(pull) }));
  const last = { rule: belongsNowhere.rule, answer: pull.judges.length === 0 ? belongsNowhere : undefined };
  return withWinner([...asked, last], ({ rule, answer }) => tellBefore(rule, pull, answer));
}

function explainOrganization(pull: Pull, membership: Membership): OrganizationExplanation {
  const asked = [...stepsFor(pull.question.principal), categorySwitch].map((step) => ({
    rule: step.rule,
    answer: step.ask(pull, membership),
  }));
  return {
    organization: membership.organization,
    role: membership.role,
    decision: judge(pull, membership),
    steps: withWinner(asked, ({ rule, answer }) => tellStep(rule, pull, membership, answer)),
  };
}

interface Asked {
  readonly rule: Rule;
  readonly answer: Answer | undefined;
}

function withWinner(asked: readonly Asked[], tell: (step: Asked) => string): readonly ExplainedStep[] {
  const winner = asked.findIndex((step) => step.answer !== undefined);
  return asked.map((step, index) => {
    const won = index === winner;
    // Of the last step, `image-access-off` is what it decides by. Unless it did, that would be told twice.
    const rule = (won ? step.answer?.rule : undefined) ?? step.rule;
    return { rule, outcome: step.answer?.verdict ?? 'passed', sentence: tell(step), won };
  });
}

/** Asks the same question for a nameless Docker Hub repository of each category, so it cannot tell other than `decide`. */
function alternativesTo(pull: Pull): readonly string[] {
  return categories
    .filter((category) => decide(instead(pull, category)).verdict === 'allow')
    .map((c) => categoryLabel[c]);
}

function instead({ question, judges }: Pull, category: Category): Question {
  const nameless = { ...question, repository: { registry: dockerHub, path: '', name: '' } };
  return category === 'organization'
    ? { ...nameless, category: 'community', claimedBy: judges[0]?.organization }
    : { ...nameless, category, claimedBy: undefined };
}
