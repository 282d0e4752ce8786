import type { Decision, Question } from './decision.ts';
import type { Membership, Organization } from './principal.ts';
import { type Answer, belongsNowhere, categorySwitch, earlySteps, type Pull, pullOf, stepsFor } from './steps.ts';

/**
 * Decides about one pull: pure, without a clock and without waiting. The first step that answers wins; every organization
 * of the person judges, and one refusal refuses.
 */
export function decide(question: Question): Decision {
  const pull = pullOf(question);
  for (const step of earlySteps) {
    const answer = step.ask(pull);
    if (answer !== undefined) return decisionBeforeOrganizations(pull, answer);
  }
  return decideByAll(pull) ?? decisionBeforeOrganizations(pull, belongsNowhere);
}

/** One organization's judgement, whatever others say. */
export function judge(pull: Pull, membership: Membership): Decision {
  for (const step of stepsFor(pull.question.principal)) {
    const answer = step.ask(pull, membership);
    if (answer !== undefined) return decisionOf(pull, answer, membership.organization);
  }
  return decisionOf(pull, categorySwitch.ask(pull, membership), membership.organization);
}

/** The first refusal, else the first permission; nothing when nobody judges. */
function decideByAll(pull: Pull): Decision | undefined {
  let allowed: Decision | undefined;
  for (const membership of pull.judges) {
    const decision = judge(pull, membership);
    if (decision.verdict === 'deny') return decision;
    allowed ??= decision;
  }
  return allowed;
}

/** Sign-in is enforced by the home organization; which registries there are, by none. */
function decisionBeforeOrganizations(pull: Pull, answer: Answer): Decision {
  return decisionOf(pull, answer, answer.rule === 'registry-unknown' ? undefined : pull.question.home);
}

function decisionOf({ category }: Pull, { verdict, rule }: Answer, organization: Organization | undefined): Decision {
  return { verdict, rule, category, organization };
}
